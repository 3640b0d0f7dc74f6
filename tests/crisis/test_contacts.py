from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path

import pytest

from peer_support.crisis.contacts import (
    CONFIRMED_FILE,
    NATIONS,
    Certainty,
    Contact,
    ContactsUnreadable,
    confirm,
    overdue,
    packaged,
    parse,
)
from peer_support.crisis.opening import Opening, State, more_support, opening
from peer_support.hours import LONDON, WeeklyHours

SOURCE = resources.files("peer_support.crisis").joinpath("contacts.toml").read_text("utf-8")
ENTRY = SOURCE[SOURCE.index("[[contact]]") : SOURCE.index("[[contact]]", SOURCE.index("[[contact]]") + 1)]
KEYS = re.findall(r"^(\w+) = ", ENTRY, re.MULTILINE)


def line(contact_id: str) -> Contact:
    return next(contact for contact in packaged() if contact.id == contact_id)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_field_is_refused_and_named(key: str) -> None:
    without = re.sub(rf"^{key} = .*\n", "", ENTRY, flags=re.MULTILINE)
    with pytest.raises(ContactsUnreadable, match=f"missing {key}"):
        parse(without)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('label = "Emergency"', 'label = " "', "label must be words"),
        ('hours = "24/7"', 'hours = "sometimes"', "hours must be"),
        ('hours = "24/7"', 'hours = [{ days = "Mon-Fry", from = "09:00", to = "17:00" }]', "hours need"),
        ('hours = "24/7"', 'hours = [{ days = "Mon", from = "09:00" }]', "hours need"),
        ('nations = ["E", "W", "S", "NI"]', 'nations = ["X"]', "nations"),
        ('certainty = "sourced"', 'certainty = "confirmed"', "certainty"),
        ("always = true", 'always = "yes"', "always must be"),
        ("review_by = 2027-02-19", "review_by = 2027-02-20", "at most 90 days"),
        ("always = true", "always = true\nfax = true", "unknown fax"),
        ("always = true", "always = = true", "not TOML"),
    ],
)
def test_a_wrong_field_is_refused_and_named(before: str, after: str, says: str) -> None:
    assert before in ENTRY
    with pytest.raises(ContactsUnreadable, match=says):
        parse(ENTRY.replace(before, after))


def test_no_contacts_and_doubled_ones_are_refused() -> None:
    with pytest.raises(ContactsUnreadable, match="no contacts"):
        parse("")
    with pytest.raises(ContactsUnreadable, match="same id"):
        parse(ENTRY + ENTRY)


def test_every_nation_has_lines_that_always_answer() -> None:
    for nation in NATIONS:
        here = {c.id for c in packaged() if c.always and c.round_the_clock and nation in c.nations}
        assert {"emergency", "samaritans", "shout"} <= here
        assert ("police_crisis_line" in here) == (nation in {"E", "W"})
        assert ("lifeline_ni" in here) == (nation == "NI")
    assert not any("blue light infoline" in contact.label.lower() for contact in packaged())


def test_only_a_sure_line_is_always_shown() -> None:
    assert all(contact.sure for contact in packaged() if contact.always)


@pytest.mark.parametrize(
    ("contact_id", "now", "expected"),
    [
        ("samaritans", "2026-12-25 03:00", Opening(State.ALWAYS)),
        ("papyrus", "2026-12-01 12:00", Opening(State.UNKNOWN)),
        ("gp", "2026-12-01 12:00", Opening(State.UNKNOWN)),
        ("calm", "2026-12-01 16:59", Opening(State.CLOSED, at("2026-12-01 17:00"), today=True)),
        ("calm", "2026-12-01 17:00", Opening(State.OPEN)),
        ("calm", "2026-12-01 23:59", Opening(State.OPEN)),
        ("calm", "2026-12-02 00:00", Opening(State.CLOSED, at("2026-12-02 17:00"), today=True)),
        # past midnight: Thursday's night ends on Friday at 02:00, Friday's runs to Monday at 06:00
        ("breathing_space", "2026-12-04 01:59", Opening(State.OPEN)),
        ("breathing_space", "2026-12-04 02:00", Opening(State.CLOSED, at("2026-12-04 18:00"), today=True)),
        ("breathing_space", "2026-12-07 05:59", Opening(State.OPEN)),
        ("breathing_space", "2026-12-07 06:00", Opening(State.CLOSED, at("2026-12-07 18:00"), today=True)),
        ("police_care_uk", "2026-12-04 17:00", Opening(State.CLOSED, at("2026-12-07 09:00"), today=False)),
        # clocks go forward on 28 March 2027 and back on 31 October 2027
        ("police_care_uk", "2027-03-27 12:00", Opening(State.CLOSED, at("2027-03-29 09:00"), today=False)),
        ("police_care_uk", "2027-10-30 12:00", Opening(State.CLOSED, at("2027-11-01 09:00"), today=False)),
        ("breathing_space", "2027-03-28 02:30", Opening(State.OPEN)),
        ("breathing_space", "2027-10-31 01:30", Opening(State.OPEN)),
    ],
)
def test_opening(contact_id: str, now: str, expected: Opening) -> None:
    assert opening(line(contact_id), at(now).astimezone(UTC)) == expected


def test_a_night_line_through_both_clock_changes() -> None:
    night = replace(line("calm"), hours=WeeklyHours.parse("Sat 22:00-01:30"))
    spring = [datetime(2027, 3, 28, hour, minute, tzinfo=UTC) for hour, minute in ((0, 59), (1, 0))]
    assert [opening(night, now).state for now in spring] == [State.OPEN, State.CLOSED]
    autumn = [datetime(2027, 10, 31, hour, minute, tzinfo=UTC) for hour, minute in ((0, 15), (0, 45), (2, 0))]
    assert [opening(night, now).state for now in autumn] == [State.OPEN, State.CLOSED, State.CLOSED]


def test_more_support_begins_with_a_line_that_always_answers_and_repeats_none() -> None:
    for nation in NATIONS:
        lines = more_support(packaged(), frozenset({nation}), at("2026-12-01 03:00")).lines
        ids = [each.contact.id for each in lines]
        assert (ids[0], lines[0].opening.state) == ("samaritans", State.ALWAYS)
        assert set(ids[1:]) == {c.id for c in packaged() if not c.always and nation in c.nations}
        assert len(set(ids)) == len(ids)


def test_overdue_is_the_day_after_the_day_to_review_by() -> None:
    assert overdue(packaged(), date(2027, 2, 19)) == ()
    assert overdue(packaged(), date(2027, 2, 20)) == packaged()


def test_a_force_confirms_a_line(tmp_path: Path) -> None:
    file = tmp_path / CONFIRMED_FILE
    file.write_text('[calm]\nchecked = 2027-01-10\nby = "Northmoor wellbeing"\n', "utf-8")
    confirmed = confirm(packaged(), file)
    calm = next(contact for contact in confirmed.contacts if contact.id == "calm")
    assert (calm.certainty, calm.sure, calm.review_by) == (Certainty.CONFIRMED, True, date(2027, 4, 10))
    assert confirmed.ignored == ()
    assert [c for c in confirmed.contacts if c.id != "calm"] == [c for c in packaged() if c.id != "calm"]


@pytest.mark.parametrize(
    "text",
    [
        "not toml at all",
        "\udcff",
        "calm = 3",
        "[nobody]\nchecked = 2027-01-10\nby = 'me'",
        "[calm]\nchecked = 'yesterday'\nby = 'me'",
        "[calm]\nchecked = 2027-01-10\nby = ' '",
        "[calm]\nchecked = 2027-01-10\nby = 'me'\nreview_by = 2028-01-10",
    ],
)
def test_a_broken_confirmation_is_ignored_and_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / CONFIRMED_FILE
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    confirmed = confirm(packaged(), file)
    assert confirmed.contacts == packaged()
    assert confirmed.ignored


def test_no_confirmation_file_is_nothing_to_tell(tmp_path: Path) -> None:
    assert confirm(packaged(), tmp_path / CONFIRMED_FILE).ignored == ()
