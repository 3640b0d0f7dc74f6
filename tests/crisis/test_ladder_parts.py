"""What the ladder hears, held to floors a little under what was measured. Of the held part no line is ever printed."""

from __future__ import annotations

from functools import cache

import pytest

from tests.crisis.measure import HITS, PARTS, QUIET, Score, lines_of, scores, together

# Measured for docs/ladder.md, less about two lines in forty for the part that nobody has looked at.
FEWEST_HEARD = {"tune": 0.97, "held": 0.88}
FEWEST_OF_ONE = {"tune": 0.90, "held": 0.80}
MOST_FALSE = {"tune": 0.01, "held": 0.05}
MOST_FALSE_ON_DEATHS = {"tune": 0.02, "held": 0.09}
MOST_SOFT = 0.1


@cache
def measured(part: str) -> dict[str, Score]:
    return {score.category: score for score in scores(lines_of(part))}


@pytest.mark.parametrize("part", PARTS)
def test_crises_are_heard(part: str) -> None:
    rows = measured(part)
    assert together("all", (rows[name] for name in HITS)).share >= FEWEST_HEARD[part]
    assert {name for name in HITS if rows[name].share < FEWEST_OF_ONE[part]} == set()


@pytest.mark.parametrize("part", PARTS)
def test_what_is_no_crisis_is_let_be(part: str) -> None:
    rows = together("all", (measured(part)[name] for name in QUIET))
    assert rows.share <= MOST_FALSE[part]
    assert measured(part)["deaths_at_work"].share <= MOST_FALSE_ON_DEATHS[part]
    assert rows.soft / rows.of <= MOST_SOFT


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_lines_enough(part: str) -> None:
    rows = measured(part)
    assert set(rows) == {*HITS, *QUIET}
    assert min(score.of for score in rows.values()) >= 40
    assert min(sum(rows[name].of for name in half) for half in (HITS, QUIET)) >= 400


def test_nothing_held_was_learnt_from() -> None:
    """Two people may write `I want to die` without knowing of each other; more would be copying."""
    texts = {line.text.casefold() for part in ("learn", "once_held", "tune") for line in lines_of(part)}
    alike = sum(line.text.casefold() in texts for line in lines_of("held"))
    assert alike <= 12
