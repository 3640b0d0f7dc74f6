"""The crisis guard: before tenant, roles and database, every activity is read for a call for help.

It answers from words made at start, so nothing else need work. It tells nobody and keeps nothing. It never stops an
act: what is typed in a form is for the dialogs to read, with the contacts above their answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog

from cards.crisis import CrisisMessage, Rendered, Variant, leading_back, packaged_message, render_all
from cards.crisis_for import asked_for
from cards.language import SameCard, same_card, standing
from cards.more_support import more_support_message
from cards.reader import ALL_NATIONS, Reader
from cards.verbs import Verb
from cards.words import ENGLISH, WELSH, keys, languages
from dialogs.turn import Message
from peer_support.crisis.contacts import Contact, packaged
from peer_support.crisis.help_now import asks_for_help_now, asks_in_welsh
from peer_support.crisis.ladder import Tier, tier
from peer_support.crisis.opening import more_support
from peer_support.crisis.plain_words import folded
from peer_support.crisis.voice import voice

_MOST_PARTS, _DEEPEST, _MOST_ALONE = 2000, 12, 20
_MORE_SUPPORT_WORDS = frozenset({"more support", "mwy o gymorth"})
_HTML, _EDIT = "text/html", "messageUpdate"
# What Teams itself puts beside words: formatted text, a link's preview, the message that is answered.
_BESIDE = (_HTML, "application/vnd.microsoft.card.", "messagereference")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CrisisAnswer:
    """What to send, ahead of everything else. The card is shared between answers: it is sent, never changed."""

    message: Message
    variant: str
    tier: Tier = Tier.NONE


@dataclass(frozen=True, slots=True)
class _Heard:
    """What an activity says: the acts its buttons ask for (verb, id), its free words, and whether it has a file.

    `written` says that words came beside the file.
    """

    acts: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    unreadable: bool
    written: bool = False


def _clock() -> datetime:
    return datetime.now(UTC)


class Guard:
    """Built once at start. `nations_of` a tenant and `seen` may raise: all nations are shown, and nothing is lost.

    `spoken` is the language in which a chat is known to be spoken to, other than its Teams'.
    """

    def __init__(
        self,
        nations_of: Callable[[str], frozenset[str]],
        *,
        seen: Callable[[Tier], None] = lambda _: None,
        spoken: Callable[[str], str | None] = lambda _: None,
        contacts: Sequence[Contact] | None = None,
        now: Callable[[], datetime] = _clock,
    ) -> None:
        self._nations_of, self._seen, self._spoken, self._now = nations_of, seen, spoken, now
        self._contacts = contacts
        self._rendered: Rendered = {}
        try:
            self._contacts = packaged() if contacts is None else contacts
            self._rendered = render_all(self._contacts)
        except Exception as wrong:  # noqa: BLE001 - the packaged words still stand
            log.error("crisis_cards_not_made", fault=type(wrong).__name__)
        for language in sorted(languages()):
            if not keys(language):
                log.error("catalogue_unreadable", language=language)
        if tier("") is not Tier.NONE:  # it shows the crisis card for all that is typed
            log.error("ladder_broken")
        if voice() is None:  # until the next start the patterns hear alone
            log.error("second_voice_unreadable")

    def answer(self, activity: Mapping[str, Any]) -> CrisisAnswer | None:
        """The crisis answer, or None where the activity is for the dialogs. Any fault in here shows the crisis card."""
        try:
            return self._answer(activity)
        except Exception as wrong:  # noqa: BLE001 - nobody in crisis goes unanswered
            log.error("crisis_guard_fault", fault=type(wrong).__name__)
            return self.whenever(activity)

    def whenever(self, activity: Mapping[str, Any]) -> CrisisAnswer:
        """The crisis card whatever was said: for a tenant that isn't allowed, and for when something else fails."""
        return self._give(Variant.DANGER, self._as_spoken(activity, self._reader(activity)))

    def help_only(self, activity: Mapping[str, Any]) -> CrisisAnswer:
        """What anything that isn't a crisis gets while there is no database."""
        return self._give(Variant.HELP_ONLY, self._reader(activity))

    def _answer(self, activity: Mapping[str, Any]) -> CrisisAnswer | None:
        heard = _hear(activity)
        reader = self._reader(activity)
        for verb, subject in heard.acts:
            pressed = self._pressed(verb, subject, reader)
            if pressed is not None:
                return pressed
        reader = self._as_spoken(activity, reader)
        calls = [line for words in heard.words for line in _lines(words) if asks_for_help_now(line)]
        if calls:
            return self._give(Variant.DANGER, _as_asked(calls, reader))
        if any(folded(words[:99]).strip(" .!?") in _MORE_SUPPORT_WORDS for words in heard.words):
            return self._more_support(_as_asked(heard.words, reader))
        found, variant = asked_for(_few(heard.words))
        if found is not Tier.NONE:
            self._tell(found)
        if variant is not None and found is not Tier.SOFT:
            return self._give(variant, reader, found)
        if found is Tier.SOFT and activity.get("type") == _EDIT:  # an edit goes no further than here
            return self._give(Variant.SOFT, reader, found)
        if heard.unreadable:
            return self._give(Variant.READ_NOT_OPENED if heard.written else Variant.CANT_OPEN, reader, found)
        return None

    def _pressed(self, verb: str, subject: str, reader: Reader) -> CrisisAnswer | None:
        """What a button of the guard's own gets; None for the buttons of the dialogs."""
        if verb == Verb.HELP_NOW:
            asking, carry_on_to = standing(subject, reader)
            return _back_to(self._give(Variant.DANGER, asking), carry_on_to)
        if verb == Verb.MORE_SUPPORT:
            asking, carry_on_to = standing(subject, reader)
            return _back_to(self._more_support(asking), carry_on_to)
        asked = same_card(subject, reader) if verb == Verb.LANGUAGE else None
        return None if asked is None else self._again(asked)

    def _give(self, variant: Variant, reader: Reader, found: Tier = Tier.NONE) -> CrisisAnswer:
        made = self._rendered.get((reader.nations, reader.language, variant)) or packaged_message()
        return CrisisAnswer(_message(made), str(variant), found)

    def _again(self, asked: SameCard) -> CrisisAnswer:
        """The same card in the other language: nothing of where it stands, and of what Carry on leads to, is lost."""
        more = asked.card == Verb.MORE_SUPPORT
        given = self._more_support(asked.reader) if more else self._give(Variant(asked.card), asked.reader)
        return _back_to(given, asked.carry_on_to)

    def _more_support(self, reader: Reader) -> CrisisAnswer:
        view = more_support(self._contacts or (), reader.nations, self._now())
        return CrisisAnswer(_message(more_support_message(view, reader)), "more_support")

    def _tell(self, found: Tier) -> None:
        try:
            self._seen(found)
        except Exception as wrong:  # noqa: BLE001 - a count is never worth an answer
            log.warning("crisis_tally_fault", fault=type(wrong).__name__)

    def _reader(self, activity: Mapping[str, Any]) -> Reader:
        """The tenant's nations and the person's language; all nations and English where either isn't known."""
        try:
            locale = activity.get("locale")
            language = locale.partition("-")[0].casefold() if isinstance(locale, str) else ENGLISH
            return Reader(language if language in languages() else ENGLISH, self._nations(activity))
        except Exception:  # noqa: BLE001 - an unreadable activity is answered all the same
            return Reader()

    def _as_spoken(self, activity: Mapping[str, Any], reader: Reader) -> Reader:
        """As this chat is spoken to, where that is known. A button says itself in which language it stands."""
        try:
            language = self._spoken(activity["conversation"]["id"])
        except Exception:  # noqa: BLE001 - then it is the language of their Teams
            return reader
        return replace(reader, language=language) if language in languages() else reader

    def _nations(self, activity: Mapping[str, Any]) -> frozenset[str]:
        try:
            nations = frozenset(self._nations_of(_tenant(activity)))
        except Exception as wrong:  # noqa: BLE001 - the forces file may be broken
            log.warning("crisis_nations_unknown", fault=type(wrong).__name__)
            return ALL_NATIONS
        return nations if nations and nations <= ALL_NATIONS else ALL_NATIONS


def _tenant(activity: Mapping[str, Any]) -> str:
    channel = activity.get("channelData")
    tenant = channel.get("tenant") if isinstance(channel, Mapping) else None
    found = tenant.get("id") if isinstance(tenant, Mapping) else None
    return found if isinstance(found, str) else ""


def _lines(words: str) -> Sequence[str]:
    """All of it, and its first and last lines: a call may stand under a quoted message, or above the rest."""
    lines = words.strip().splitlines()
    return (words, lines[0], lines[-1]) if len(lines) > 1 else (words,)


def _few(words: Sequence[str]) -> Sequence[str]:
    """The words to be heard, each once; so many that nobody typed them are heard as one."""
    once = tuple(dict.fromkeys(words))
    return once if len(once) <= _MOST_ALONE else ("\n".join(once),)


def _as_asked(words: Sequence[str], reader: Reader) -> Reader:
    """Whoever calls for help in Welsh is answered in it, whatever their Teams speaks."""
    return replace(reader, language=WELSH) if any(map(asks_in_welsh, words)) else reader


def _back_to(answer: CrisisAnswer, carry_on_to: str) -> CrisisAnswer:
    """The same answer, whose Carry on leads back to where Help now was pressed."""
    card = leading_back(answer.message.card, carry_on_to)
    return replace(answer, message=replace(answer.message, card=card))


def _message(made: CrisisMessage) -> Message:
    return Message(made.card, made.text, made.summary)


def _hear(activity: Mapping[str, Any]) -> _Heard:
    """Free words are the text, or the strings of a value that names no act. A form's strings are not free words."""
    value = activity.get("value")
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        value = _unpacked(value)
    acts, strings = _walk(value)
    typed = activity.get("text")
    words = [typed] if isinstance(typed, str) and typed.strip() else []
    attached = activity.get("attachments")
    files = (
        [part for part in attached[:99] if isinstance(part, Mapping)] if isinstance(attached, list) else []
    )
    written = bool(words)
    unreadable = written and not acts and any(map(_is_file, files))
    if not words and not acts:
        shown = [part.get("content") for part in files if part.get("contentType") == _HTML]
        words = [part for part in shown if isinstance(part, str) and folded(part).strip()]
        unreadable = bool(files) and (not words or any(part.get("contentType") != _HTML for part in files))
    if not acts:
        words += strings
    return _Heard(tuple(acts), tuple(words), unreadable, written)


def _is_file(part: Mapping[str, Any]) -> bool:
    kind = part.get("contentType")
    return not isinstance(kind, str) or not kind.casefold().startswith(_BESIDE)


def _unpacked(value: str) -> object:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _walk(value: object) -> tuple[list[tuple[str, str]], list[str]]:
    """Every act and every string in `value`, a bounded number of them, without recursion."""
    acts: list[tuple[str, str]] = []
    strings: list[str] = []
    waiting, taken = [(value, 0)], 0
    while waiting and taken < _MOST_PARTS:
        part, depth = waiting.pop()
        taken += 1
        if isinstance(part, str):
            strings.append(part)
        elif isinstance(part, Mapping) and depth < _DEEPEST:
            verb = part.get("verb")
            if isinstance(verb, str) and verb:
                acts.append((_verb(verb), _subject(part)))
            waiting += [(each, depth + 1) for key, each in part.items() if key not in ("verb", "id")]
        elif isinstance(part, list) and depth < _DEEPEST:
            waiting += [(each, depth + 1) for each in part]
    return acts, strings


def _verb(verb: str) -> str:
    """A verb that calls for help now is that, however it is written."""
    return str(Verb.HELP_NOW) if asks_for_help_now(verb) else verb


def _subject(part: Mapping[str, Any]) -> str:
    data = part.get("data")
    inner = data.get("id") if isinstance(data, Mapping) else None
    found = part.get("id", inner)
    return found if isinstance(found, str) else ""
