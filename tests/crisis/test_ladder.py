from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from time import thread_time

import pytest

from peer_support.crisis import ladder
from peer_support.crisis.ladder import Tier, by_pattern, tier, version
from peer_support.crisis.lexicon import Lexicon
from peer_support.crisis.normal import clauses
from tests.crisis.measure import HITS, lines_of

DATA = Path(__file__).parent / "data"


def lines(name: str) -> Iterator[tuple[str, str]]:
    for line in (DATA / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            expected, _, text = line.partition("|")
            yield expected, text


CRISIS, NOT_CRISIS = list(lines("crisis.psv")), list(lines("not_crisis.psv"))


@pytest.mark.parametrize(("expected", "text"), CRISIS + NOT_CRISIS)
def test_each_line_has_its_tier(expected: str, text: str) -> None:
    assert tier(text) == Tier(expected)


def test_the_set_is_large_and_covers_every_tier() -> None:
    assert {expected for expected, _ in CRISIS} == set(Tier) - {Tier.NONE}
    assert min(len(CRISIS), len(NOT_CRISIS)) >= 120


@pytest.mark.parametrize("text", [text for expected, text in CRISIS if expected in "T123"])
def test_a_crisis_is_heard_in_a_long_message(text: str) -> None:
    around = "Been on nights all week and the file is due. "
    assert tier(f"{around * 40}{text}. {around * 40}").rank >= tier(text).rank


@pytest.mark.parametrize("text", [text for expected, text in CRISIS if expected in "123"])
def test_how_it_is_typed_changes_nothing(text: str) -> None:
    told = tier(text)
    assert tier(text.upper()) == told
    assert tier(text.replace("'", "’").replace(" ", "  ")) == told
    assert tier(f"<p>{text}</p>") == told


def test_idiom_beside_a_crisis_does_not_drown_it() -> None:
    assert (
        tier("dead on my feet, attended a suicide on the railway, and I want to kill myself") is Tier.ACTIVE
    )
    assert tier("sudden death report done. my mate is suicidal") is Tier.THIRD


def test_the_writers_own_danger_comes_first() -> None:
    assert tier("my mate is suicidal and I want to die too. I want to die") is Tier.ACTIVE


def test_any_fault_inside_is_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("the lexicon is gone")

    monkeypatch.setattr(ladder, "_lexicon", broken)
    assert tier("good morning") is Tier.DANGER


def test_what_a_group_needs_hides_none_of_its_patterns() -> None:
    lexicon = ladder._lexicon()  # noqa: SLF001 - what the data says, not what the ladder does

    class Everything(Lexicon):
        def needs_in(self, whole: str) -> frozenset[str]:
            return frozenset((" ",))

    groups = tuple(replace(group, needs=frozenset((" ",))) for group in lexicon.groups)
    everything = Everything(
        **{each.name: getattr(lexicon, each.name) for each in fields(lexicon)} | {"groups": groups}
    )
    texts = [text for _, text in CRISIS + NOT_CRISIS]
    texts += [
        line.text for part in ("tune", "learn") for line in lines_of(part)[::9] if line.category in HITS
    ]
    for text in texts:
        said = clauses(text, lexicon)
        assert by_pattern(said, everything) == by_pattern(said, lexicon), text


def test_it_has_a_version() -> None:
    assert version()


def quickest(text: str, times: int) -> float:
    """The shortest of many rounds, in time that this thread ran: no other process and no collector counts."""
    taken = []
    gc.disable()
    try:
        for _ in range(times):
            began = thread_time()
            tier(text)
            taken.append(thread_time() - began)
    finally:
        gc.enable()
    return min(taken)


HOSTILE = (
    "i want to ",
    "kill end life die jump pills himself cut be here point ",
    "the mate a friend of my my my ",
    "<a x=",
    "<at ",
    "&amp",
    "a!",
    "ﷺ",
    "suicidxx ",
    "i ",
    "\u200b",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_takes_time_in_line_with_its_length(piece: str) -> None:
    whole = (piece * 28_000)[:28_000]
    """In this thread's own time, the shortest of a few rounds."""
    long = quickest(whole, 3)
    assert long < 0.5
    assert long < 8 * quickest(whole[:7_000], 4) + 0.02
