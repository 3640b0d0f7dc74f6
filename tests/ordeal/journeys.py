"""What people do, drawn from a seed: they press what stands on their screens, change their minds, or wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from cards.verbs import Verb
from tests.fakes.person import Person, Seen, actions_of
from tests.ordeal.cast import Cast
from tests.ordeal.channel import NotAnswered

AT_ONCE = 12
LOOKS_BACK = 5
WAITS = 2.0
HELP = "Samaritans"

# How much each is wanted, against waiting.
WANTS: dict[str, float] = {
    Verb.INTRODUCE: 9,
    Verb.SOMEONE_ELSE: 1,
    Verb.NOT_NOW: 1,
    Verb.KEEP_LOOKING: 5,
    Verb.WITHDRAW: 0.15,
    Verb.WITHDRAW_SURE: 4,
    Verb.SPOKEN: 3,
    Verb.STILL_TALKING: 1,
    Verb.CLOSE: 1,
    Verb.CLOSE_SURE: 9,
    Verb.SWAP: 0.4,
    Verb.SWAP_SURE: 4,
    Verb.ACCEPT: 9,
    Verb.DECLINE: 1.5,
    Verb.SAID_HELLO: 4,
    Verb.HAND_BACK: 0.4,
    Verb.HAND_BACK_SURE: 4,
}
IN_DIALOG = (Verb.FORM_SEND, Verb.INTRODUCE_SEND, Verb.FORM_REVIEW)


@dataclass(slots=True)
class Journeys:
    """Everybody's acts. `begun` counts the requests that were sent; `helped` and `unhelped` are of help now."""

    cast: Cast
    chance: Random
    most: int
    begun: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    helped: int = 0
    unhelped: int = 0

    async def arrive(self) -> None:
        """Everybody opens the bot for the first time, until it has answered them."""

        async def opens(person: Person) -> None:
            while not person.sees:
                try:
                    await person.installs()
                    if not person.sees:
                        await person.says("hi")
                except NotAnswered:
                    await asyncio.sleep(0.05)

        await self._few(opens(person) for person in self.cast.everybody)

    async def wave(self, share: float = 0.5, acts: int = 3) -> None:
        """Some of them act, several at once, each a few times on end."""
        chosen = [person for person in self.cast.everybody if self.chance.random() < share]
        self.chance.shuffle(chosen)
        await self._few(self._acts(person, acts) for person in chosen)

    async def _few(self, doing: Iterator[Any]) -> None:
        places = asyncio.Semaphore(AT_ONCE)

        async def one(what: Any) -> None:
            async with places:
                await what

        await asyncio.gather(*(one(what) for what in doing))

    async def _acts(self, person: Person, most: int) -> None:
        for _ in range(self.chance.randint(1, most)):
            try:
                await self._act(person)
            except NotAnswered:
                self.acts["not answered"] += 1

    async def _act(self, person: Person) -> None:
        if person.dialog is not None:
            await self._in_dialog(person)
            return
        if self.chance.random() < 0.04:
            await self._asks_for_help(person)
            return
        wanted = list(self._wanted(person))
        weights = [want for *_, want in wanted]
        drawn = self.chance.choices([*wanted, None], [*weights, WAITS])[0] if wanted else None
        if drawn is not None:
            seen, title, verb, _ = drawn
            self.acts[verb] += 1
            await person.presses(title, on=seen, again=self.chance.random() < 0.05)
        elif person in self.cast.officers and self.begun < self.most and not wanted:
            await self._begins(person)

    async def _begins(self, person: Person) -> None:
        await person.says("request")
        opener = person.newest
        if any(action.get("title") == "Continue" for action in actions_of(opener.card or {})):
            await person.presses("Continue", on=opener)
            for _ in range(2):  # the form, and its review
                if person.dialog is not None:
                    await self._in_dialog(person)

    async def _in_dialog(self, person: Person) -> None:
        assert person.dialog is not None
        titles = {verb_of(action): action["title"] for action in actions_of(person.dialog.card)}
        verb = next((verb for verb in IN_DIALOG if verb in titles), None)
        if verb is None:
            await person.closes()
            return
        fields = {}
        if verb == Verb.FORM_REVIEW:
            fields = {"soon": self.chance.choice(("today", "few_days", "few_days", "no_rush"))}
        if verb == Verb.INTRODUCE_SEND:
            fields = {"how": "teams"}
        self.acts[verb] += 1
        await person.presses(titles[verb], fields=fields)
        self.begun += verb == Verb.FORM_SEND and person.dialog is None

    async def _asks_for_help(self, person: Person) -> None:
        """By a button, at any time: the card must be in the very answer."""
        pressed = Seen("1:any", _HELP_CARD, "", "")
        try:
            await person.presses("Help now", on=pressed)
        except NotAnswered:
            return  # nobody was there to answer; who routes the traffic asks another
        good = HELP in pressed.words
        self.helped += good
        self.unhelped += not good

    def _wanted(self, person: Person) -> Iterator[tuple[Seen, str, str, float]]:
        """What may be pressed on the newest messages; now and then on any that ever came."""
        back: Sequence[Seen] = person.sees if self.chance.random() < 0.05 else person.sees[-LOOKS_BACK:]
        for seen in back:
            for action in actions_of(seen.card) if seen.card else []:
                verb = verb_of(action)
                if verb in WANTS:
                    regret = 0.1 if action.get("title") == "I can't after all" else 1.0
                    yield seen, action["title"], verb, WANTS[verb] * regret


def verb_of(action: dict[str, Any]) -> str:
    """What a button means, whichever kind it is."""
    return str(action.get("verb") or (action.get("data") or {}).get("verb") or "")


_HELP_CARD = {
    "type": "AdaptiveCard",
    "body": [],
    "actions": [
        {"type": "Action.Execute", "title": "Help now", "verb": str(Verb.HELP_NOW), "data": {"v": 1}}
    ],
}
