"""Where the scenario is played, and steps that several acts share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.canary.cast import Cast
from tests.canary.wire import Tap
from tests.fakes.person import Person, actions_of
from tests.scenarios.town import Town


@dataclass(slots=True)
class Stage:
    """Where the scenario is played."""

    place: Town
    cast: Cast
    tap: Tap

    async def opens(self, name: str, tenant: str = "") -> Person:
        """One more supporter, from now on."""
        given = (tenant,) if tenant else ()
        return await self.cast.rostered(self.place, self.tap, name, *given)

    async def later(self, hours: float, step: float = 4) -> None:
        """A long time in long steps, with all that falls due on the way."""
        place = self.place
        until = place.clock.now + timedelta(hours=hours)
        while place.clock.now < until:
            place.clock.now = min(place.clock.now + timedelta(hours=step), until)
            await place.service.clockwork._tick(None)  # noqa: SLF001  the clock's own work, at the town's own time
            await place.settle()


async def presses(person: Person, title: str, **fields: str) -> None:
    """Press, and carry on where the words that were typed brought up who to ring."""
    await person.presses(title, fields=fields)
    shown = person.dialog.card if person.dialog else person.newest.card
    if shown and any(action.get("title") == "Carry on" for action in actions_of(shown)):
        await person.presses("Carry on")


async def asks(stage: Stage, person: Person, note: str) -> None:
    """From a typed word to sent, wishing for one's own force alone."""
    await person.says("request")
    await person.presses("Continue")
    await presses(person, "Review", note=note, force_wish="own", soon="today")
    await person.presses("Send request")
    await stage.place.settle()
