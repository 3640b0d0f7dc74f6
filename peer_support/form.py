"""Reading the request form: raw strings in; wishes, or what to mend, out. No string that comes can make it fail."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from peer_support.kinds_of_work import hear
from peer_support.matching.eligible import looks_across
from peer_support.people import AboutMe, Alike
from peer_support.policy import Policy
from peer_support.request import JUST_TALK, ForceWish, How, HowSoon, When, Wishes
from peer_support.taxonomy import (
    GRADES,
    LANGUAGES,
    ROLES,
    ask_if_safe,
    crisis_first,
    groups,
    in_group,
    is_scrutiny,
    lines_for,
)

TOPICS = tuple(f"topics_{group.id}" for group in groups())
OWN_FORCE = "own_force"
REMEMBER = "remember"
_LISTS = ("force_wish", "how", "soon", "about_grade", "about_language", "alike")
FIELDS = (*TOPICS, OWN_FORCE, *_LISTS, "when", "about_work", "note", REMEMBER)

CHOOSE_AGAIN = "form.mend.choose_again"
TOO_MANY_TOPICS = "form.mend.topics"
NOTE_TOO_LONG = "form.mend.note"
WORK_UNKNOWN = "form.mend.work"

_NOTHING: Mapping[str, str] = {}
_PLAIN_POLICY = Policy()
_JOINER = "\u200d"
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_SPACES = str.maketrans({**dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"), "\t": " "})
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Mend:
    """What to mend. `field` is the form's (`topics` for all groups), `words` the catalogue's key.

    `near` are kinds of work that the typed words may mean. `limit` is the number that was passed, where there is one.
    """

    field: str
    words: str
    near: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """`wishes` is None while anything is to be mended, and for a `covert` person, of whom nothing may be kept.

    `answers` are the draft to keep. `topics` are those picked, known even while something else is to be mended.
    `note_dropped` says that a note was typed and isn't sent.
    """

    wishes: Wishes | None
    mends: tuple[Mend, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    covert: bool = False
    note_dropped: bool = False
    remember: bool = False
    own_force: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The facts of a review. `topics` leaves out just to talk; `lines` are audiences in the contacts data."""

    topics: tuple[str, ...]
    note: bool
    about: int
    scrutiny: bool
    crisis_first: bool
    ask_if_safe: bool
    lines: tuple[str, ...]
    across_forces: bool


def keep(
    answers: Mapping[str, str], previous: Mapping[str, str] = _NOTHING, filled: Collection[str] = ()
) -> dict[str, str]:
    """The draft after a press on the form: what came, cleaned, over what was there. A field that came blank is blank.

    The channel leaves out an empty field. One that the form showed with its answer (`filled`: all, in a dialog; none,
    in the chat) and that doesn't come back was emptied; any other was left untouched. Topics are one question, so in
    the chat a newly picked one stands instead of the earlier ones.
    """
    came = _known(answers)
    emptied = set(filled) if came else set()
    if any(came.get(name) for name in TOPICS):
        emptied.update(TOPICS)
    before = {name: value for name, value in _known(previous).items() if name not in emptied}
    return {name: value for name, value in {**before, **came}.items() if value}


def read(
    answers: Mapping[str, str],
    *,
    previous: Mapping[str, str] = _NOTHING,
    filled: Collection[str] = (),
    policy: Policy = _PLAIN_POLICY,
) -> Reading:
    """Wishes from the form's raw fields, or everything that is to be mended at once. Nothing typed is lost."""
    kept = keep(answers, previous, filled)
    mends: list[Mend] = []
    topics = _topics(kept, policy, mends)
    note = kept.get("note", "")
    under_scrutiny = any(is_scrutiny(topic) for topic in topics)
    if len(note) > policy.note_length and not under_scrutiny:
        mends.append(Mend("note", NOTE_TOO_LONG, limit=policy.note_length))
    heard = hear(kept.get("about_work", ""))
    if kept.get("about_work") and heard.work is None and not heard.covert:
        mends.append(Mend("about_work", WORK_UNKNOWN, near=heard.near))
    wishes = Wishes(
        topics=topics,
        force_wish=_one("force_wish", ForceWish, kept, mends) or ForceWish.ANYONE,
        how=_one("how", How, kept, mends) or How.ANY,
        when=_when(kept, mends),
        soon=_one("soon", HowSoon, kept, mends) or HowSoon.FEW_DAYS,
        note=None if under_scrutiny else note or None,
        about=AboutMe(
            grade=_listed("about_grade", GRADES, kept, mends),
            work=heard.work,
            language=_listed("about_language", LANGUAGES, kept, mends),
            alike=_one("alike", Alike, kept, mends) or Alike.NOTHING,
        ),
    )
    remember = _listed(REMEMBER, ("true", "false"), kept, mends) == "true"
    if heard.covert:
        kept = {name: value for name, value in kept.items() if name != "about_work"}
    return Reading(
        wishes=None if mends or heard.covert else wishes,
        mends=tuple(mends),
        answers=kept,
        topics=topics,
        covert=heard.covert,
        note_dropped=under_scrutiny and bool(note),
        remember=remember,
        own_force=kept.get(OWN_FORCE),
    )


def to_answers(wishes: Wishes) -> dict[str, str]:
    """The form's fields that read as these wishes, to open a sent request in the form again."""
    about = wishes.about
    picked = {
        f"topics_{group.id}": ",".join(each.id for each in in_group(group.id) if each.id in wishes.topics)
        for group in groups()
    }
    answers = {
        **picked,
        "force_wish": wishes.force_wish.value,
        "how": wishes.how.value,
        "when": ",".join(part.value for part in When if part in wishes.when),
        "soon": wishes.soon.value,
        "note": wishes.note or "",
        "about_grade": about.grade or "",
        "about_work": ROLES[about.work].label if about.work else "",
        "about_language": about.language or "",
        "alike": about.alike.value,
    }
    return {name: value for name, value in answers.items() if value}


def summary(wishes: Wishes) -> Summary:
    """What a review counts and warns of, and which lines it shows."""
    about = wishes.about
    topics = tuple(topic for topic in wishes.topics if topic != JUST_TALK)
    return Summary(
        topics=topics,
        note=bool(wishes.note),
        about=sum(fact is not None for fact in (about.grade, about.work, about.language)),
        scrutiny=any(is_scrutiny(topic) for topic in topics),
        crisis_first=any(crisis_first(topic) for topic in topics),
        ask_if_safe=any(ask_if_safe(topic) for topic in topics),
        lines=tuple(dict.fromkeys(line for topic in topics if (line := lines_for(topic)) is not None)),
        across_forces=wishes.force_wish is ForceWish.OWN and looks_across(wishes),
    )


def clean(text: str) -> str:
    """A person's words without what can't be seen or can't be stored: controls, direction marks, broken halves."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES)
    seen = "".join(
        each for each in lines if each in ("\n", _JOINER) or unicodedata.category(each) not in _UNSEEN
    )
    return unicodedata.normalize("NFC", seen).strip()


def _known(answers: Mapping[str, str]) -> dict[str, str]:
    return {name: clean(answers[name]) for name in FIELDS if name in answers}


def _chosen(value: str) -> list[str]:
    return list(dict.fromkeys(piece.strip() for piece in value.split(",") if piece.strip()))


def _topics(kept: Mapping[str, str], policy: Policy, mends: list[Mend]) -> tuple[str, ...]:
    found: list[str] = []
    for group, name in zip(groups(), TOPICS, strict=True):
        chosen = _chosen(kept.get(name, ""))
        ours = [each.id for each in in_group(group.id) if each.id in chosen]
        found += ours
        if len(ours) < len(chosen):
            mends.append(Mend(name, CHOOSE_AGAIN))
    others = [topic for topic in found if topic != JUST_TALK]
    if len(others) > policy.topics_at_most:
        mends.append(Mend("topics", TOO_MANY_TOPICS, limit=policy.topics_at_most))
    return tuple(others) or (JUST_TALK,)


def _when(kept: Mapping[str, str], mends: list[Mend]) -> frozenset[When]:
    chosen = _chosen(kept.get("when", ""))
    parts = frozenset(part for part in When if part.value in chosen)
    if len(parts) < len(chosen):
        mends.append(Mend("when", CHOOSE_AGAIN))
    return parts


def _one(name: str, choices: type[Choice], kept: Mapping[str, str], mends: list[Mend]) -> Choice | None:
    value = _listed(name, [choice.value for choice in choices], kept, mends)
    return None if value is None else choices(value)


def _listed(name: str, ids: Iterable[str], kept: Mapping[str, str], mends: list[Mend]) -> str | None:
    value = kept.get(name) or None
    if value is not None and value not in ids:
        mends.append(Mend(name, CHOOSE_AGAIN))
        return None
    return value
