"""Who may know which canary, on which kind of screen, from which act until before which. Nobody may know any other.

`left` is what still stands in a chat at the end. A canary is named by `person.what`, with * for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.canary.acts import ACTS
from tests.canary.hunt import Hunt
from tests.canary.wire import Said

CHAT = frozenset(("message", "edit", "answer"))
DIALOG = frozenset(("dialog",))
FILE = frozenset(("file",))
LEFT = frozenset(("left",))
ALWAYS = ("everybody_opens_the_bot", "")


@dataclass(frozen=True, slots=True)
class May:
    """`who` may see `what` on such screens, from the first act named until before the second; `why` for the reader."""

    who: str
    what: tuple[str, ...]
    ways: frozenset[str]
    acts: tuple[str, str]
    why: str

    def allows(self, to: str, canary: str, way: str, act: int) -> bool:
        first, last = (ORDER.index(name) if name else len(ORDER) for name in self.acts)
        return (
            to in self.who.split()
            and way in self.ways
            and any(fnmatchcase(canary, pattern) for pattern in self.what)
            and first <= act < last
        )


ORDER = tuple(act.__name__ for act in ACTS)
SEEN = ("name", "bio")  # of a supporter, by the person whom they may help


def _of(person: str, *facts: str) -> tuple[str, ...]:
    return tuple(f"{person}.{fact}" for fact in facts)


MAY: tuple[May, ...] = (
    May("jo", _of("jo", "note", "topic_*"), DIALOG, ALWAYS, "their own form, in a dialog"),
    May("kim", _of("kim", "note"), DIALOG, ALWAYS, "their own form, in a dialog"),
    May("kim", _of("jo", "topic_*"), DIALOG, ALWAYS, "the form lists every topic, whoever asks"),
    May("jo", _of("jo", "unknown_work"), DIALOG, ALWAYS, "what is to be mended on their own form"),
    May("jo", _of("jo", "phone", "second_phone", "typed"), DIALOG, ALWAYS, "their own contact page"),
    May("jo", _of("zed", "name"), DIALOG, ALWAYS, "Zed agreed to be found by name, and Jo left them out"),
    May("jo", _of("pat", *SEEN), CHAT, ("pat_accepts", "jo_wants_someone_else"), "proposed"),
    May("jo", _of("kit", *SEEN), CHAT | DIALOG, ("kit_accepts", "kit_hands_back"), "proposed, introduced"),
    May("jo", _of("kit", "email"), CHAT, ("jo_is_introduced_to_kit", "kit_hands_back"), "the chat's link"),
    May(
        "kit",
        _of("jo", "name", "email", "phone"),
        CHAT,
        ("jo_is_introduced_to_kit", "kit_hands_back"),
        "introduced",
    ),
    May("jo", _of("lee", *SEEN), CHAT | DIALOG, ("lee_accepts", "jo_swaps"), "proposed, introduced"),
    May("jo", _of("lee", "email"), CHAT, ("jo_is_introduced_to_lee", "jo_swaps"), "the chat's link"),
    May(
        "lee",
        _of("jo", "name", "email", "second_phone"),
        CHAT,
        ("jo_is_introduced_to_lee", "jo_swaps"),
        "introduced",
    ),
    May(
        "kim",
        _of("sam", *SEEN),
        CHAT | DIALOG,
        ("sam_is_introduced_to_kim", "kim_closes_and_answers"),
        "introduced",
    ),
    May(
        "kim",
        _of("sam", "email"),
        CHAT,
        ("sam_is_introduced_to_kim", "kim_closes_and_answers"),
        "the chat's link",
    ),
    May(
        "sam",
        _of("kim", "name", "email", "phone"),
        CHAT,
        ("sam_is_introduced_to_kim", "kim_closes_and_answers"),
        "introduced",
    ),
    May(
        "jo ned kit lee sam pat kim",
        _of("ria", "name", "email"),
        CHAT | LEFT,
        ALWAYS,
        "coordinators are there to be asked",
    ),
    May(
        "jo ned kit lee sam pat",
        _of("una", "name", "email"),
        CHAT | LEFT,
        ALWAYS,
        "coordinators are there to be asked",
    ),
    May("wes", _of("ola", "name"), CHAT | LEFT, ALWAYS, "a supporter of their own force"),
    May("sam", _of("sam", "bio"), DIALOG, ALWAYS, "their own profile, in a dialog"),
    May(
        "jo",
        ("jo.*", *_of("pat", "name"), *_of("kit", "name"), *_of("lee", "name"), *_of("zed", "name")),
        DIALOG | FILE,
        ("jo_looks_at_what_is_held", "jo_withdraws"),
        "all that is held of them, and who has seen it",
    ),
    May(
        "kim",
        ("kim.*", *_of("sam", "name")),
        DIALOG,
        ("kim_asks_again", "jo_deletes_their_data"),
        "all that is held of them, and who has seen it",
    ),
    May(
        "ria una",
        _of("ned", "name", "email"),
        CHAT,
        ("ned_asks_to_be_contacted", "jo_types"),
        "Ned asked them to",
    ),
    May(
        "una bo",
        _of("ria", "name"),
        CHAT | DIALOG | LEFT,
        ("ria_asks_who_asked", ""),
        "who asks for their second yes",
    ),
    May(
        "bo",
        _of("ria", "reason"),
        DIALOG,
        ("bo_says_yes", "the_hour_is_over"),
        "why it is asked, in a dialog",
    ),
    May(
        "ria",
        _of("jo", "name", "email"),
        DIALOG,
        ("ria_sees_the_name", "the_hour_is_over"),
        "after a second yes",
    ),
)


def allowed(said: Said, canary: str) -> bool:
    if said.way == "envelope":
        return canary in _of(said.to, "conversation", "user")
    act = ORDER.index(said.act) if said.act in ORDER else len(ORDER) - 1
    return any(may.allows(said.to, canary, said.way, act) for may in MAY)


def overheard(said: Sequence[Said], hunt: Hunt) -> Iterator[tuple[Said, str]]:
    """Each canary that came to a screen on which it may not be."""
    for each in said:
        for find in sorted({find.canary for find in hunt.through(each.content)}):
            if not allowed(each, find):
                yield each, find


def unused(said: Sequence[Said], hunt: Hunt) -> list[str]:
    """The permissions that nothing needed: each would be a hole that no test looks into."""
    seen = {
        (each.to, each.way, each.act, find.canary) for each in said for find in hunt.through(each.content)
    }
    acts = {name: place for place, name in enumerate(ORDER)} | {"the end": len(ORDER) - 1}
    return [
        f"{may.who}: {', '.join(may.what)}: {may.why}"
        for may in MAY
        if not any(may.allows(to, canary, way, acts[act]) for to, way, act, canary in seen)
    ]
