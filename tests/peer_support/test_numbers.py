"""Numbers that leave a force, and an attacker who knows more than is printed: the exact counts behind all shown."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_support.numbers import (
    LEAST,
    NATIONAL,
    TOTAL,
    Counts,
    Grid,
    Places,
    Quarter,
    publish,
    region_row,
    rounded,
)

REGIONS = {"ash": "north", "birch": "north", "cedar": "south", "dale": "south"}
VALUES = ("yes", "no")
count = st.one_of(st.integers(0, 12), st.integers(0, 60))
THREE = (*VALUES, "partly")
wide_sheets = st.tuples(
    st.fixed_dictionaries(dict.fromkeys(product(REGIONS, THREE), count)),
    st.frozensets(st.sampled_from(sorted(REGIONS)), max_size=2),
)
small_sheets = st.tuples(
    st.fixed_dictionaries(dict.fromkeys(product(REGIONS, VALUES), count)),
    st.frozensets(st.sampled_from(sorted(REGIONS)), max_size=2),
)


@given(st.integers(0, 10_000))
def test_what_is_shown_is_a_multiple_of_five_near_the_truth_and_never_under_ten(exact):
    shown = rounded(exact)
    assert (shown is None) == (exact < LEAST)
    assert shown is None or (shown % 5 == 0 and abs(shown - exact) <= 2 and shown >= LEAST)


@settings(deadline=None, max_examples=120)
@given(small_sheets)
def test_nobody_can_work_out_what_is_hidden_even_from_the_exact_counts_behind_what_is_shown(given_sheet):
    """For each count under 10, and each of a small force, other counts fit everything shown just as well."""
    counts, small = given_sheet
    places = Places(REGIONS, small)
    grid, sheet = Grid(counts, places, VALUES), publish(counts, places, VALUES)
    base = [cell for cell in grid.parts if len(grid.parts[cell]) == 1 and cell[1] != TOTAL]
    known = [grid.parts[cell] for cell in sheet.cells]
    fixed = {cell for cell in base if cell in sheet.cells}
    free = [cell for cell in base if cell not in fixed]
    others = [
        dict(zip(free, step, strict=True))
        for step in product((-1, 0, 1), repeat=len(free))
        if all(counts[cell] + by >= 0 for cell, by in zip(free, step, strict=True))
    ]
    fitting = [
        step for step in others if all(sum(step.get(cell, 0) for cell in parts) == 0 for parts in known)
    ]
    for cell in grid.parts:
        if cell[0] == NATIONAL or not (grid.truth[cell] < LEAST or cell[0] in small):
            continue
        assert cell not in sheet.cells
        assert any(sum(step.get(each, 0) for each in grid.parts[cell]) for step in fitting), cell


@settings(deadline=None, max_examples=60)
@given(wide_sheets)
def test_what_is_hidden_together_is_never_a_few_people(given_sheet):
    """A shown sum less its shown parts is nothing, or 10 and more."""
    counts, small = given_sheet
    sheet, grid = (
        publish(counts, Places(REGIONS, small), THREE),
        Grid(counts, Places(REGIONS, small), THREE),
    )
    for whole, parts in grid.lines:
        hidden = [part for part in parts if part not in sheet.cells]
        if whole in sheet.cells and any(grid.truth[part] < LEAST for part in hidden):
            assert len(hidden) > 1
            assert sum(grid.truth[part] for part in hidden) >= LEAST


def even(number: int) -> Counts:
    return dict.fromkeys(product(REGIONS, VALUES), number)


def test_a_small_force_counts_within_its_region_only():
    places = Places(REGIONS, frozenset({"ash", "birch"}))
    sheet = publish(even(30), places, VALUES)
    assert "ash" not in sheet.places
    assert sheet.shown(region_row("north"), "yes") == 60
    assert sheet.shown("cedar", "yes") == 30
    alone = publish(even(30), Places({"ash": "north", "cedar": "south"}, frozenset({"ash"})), VALUES)
    assert alone.shown(region_row("north"), TOTAL) is None  # there it would be the force itself
    beside = publish(even(30), Places(REGIONS, frozenset({"ash"})), VALUES)
    assert beside.shown(region_row("north"), "yes") is None or beside.shown("birch", "yes") is None


def test_all_forces_need_three():
    regions = {"ash": "north", "cedar": "south", "dale": "south"}
    assert publish(even(30), Places(regions), VALUES).shown(NATIONAL, TOTAL) == 180
    two = {cell: number for cell, number in even(30).items() if cell[0] != "dale"}
    assert publish(two, Places(regions), VALUES).shown(NATIONAL, TOTAL) is None


def test_one_small_count_hides_a_second_in_its_row_and_in_its_column():
    sheet = publish(even(30) | {("ash", "yes"): 4}, Places(REGIONS), VALUES)
    assert sheet.shown("ash", "yes") is None
    hidden = [
        cell
        for cell in product((*REGIONS, *map(region_row, ("north", "south"))), (*VALUES, TOTAL))
        if cell not in sheet.cells
    ]
    assert len(hidden) >= 4
    assert sheet.shown("cedar", "yes") == 30


def test_a_force_nobody_lists_counts_nowhere():
    sheet = publish(even(30) | {("gone", "yes"): 500}, Places(REGIONS), VALUES)
    assert sheet == publish(even(30), Places(REGIONS), VALUES)


def test_a_whole_service_is_counted_in_a_moment():
    regions = {f"force{n:02}": f"region{n % 10}" for n in range(48)}
    values = tuple(f"kind{n}" for n in range(9))
    counts = {(f, v): (i * 7 + j * 5) % 40 for i, f in enumerate(regions) for j, v in enumerate(values)}
    sheet = publish(counts, Places(regions), values)
    assert sheet.cells
    assert all(number % 5 == 0 and number >= LEAST for number in sheet.cells.values())


@pytest.mark.parametrize(
    "text", ["2026", "2026-07", "2026-W30", "2026-Q5", "2026-Q0", "2026-Q1..Q3", "", "Q3", "1999-Q1"]
)
def test_only_a_quarter_is_a_period(text: str):
    with pytest.raises(ValueError, match="quarter"):
        Quarter.parse(text)


@given(st.dates(date(2020, 1, 1), date(2039, 12, 31)))
def test_every_day_lies_in_exactly_one_quarter(day):
    quarters = [
        Quarter(year, number) for year in (day.year - 1, day.year, day.year + 1) for number in range(1, 5)
    ]
    holding = [quarter for quarter in quarters if quarter.holds(day)]
    assert holding == [Quarter.parse(f"{day.year}-q{(day.month + 2) // 3}")]
    assert str(holding[0]) == f"{day.year}-Q{(day.month + 2) // 3}"
