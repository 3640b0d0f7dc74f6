"""The roster: read whole or not at all, each fault named, and importing twice changes nothing."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.roster_file import RosterFileUnreadable, open_roster
from peer_support.forces import Forces
from peer_support.hours import WeeklyHours
from peer_support.people import Member, RosterStatus
from peer_support.roster import HEADER, Entry, RosterPlan, RosterRole
from peer_support.roster_plan import plan_import
from peer_support.roster_reader import MOST_AT_ONCE, read_roster
from peer_support.taxonomy import EXPERIENCES, GRADES, LANGUAGES, ROLES

DEMO = Path(__file__).parents[2] / "bot" / "demo"
FORCES = Forces.load(DEMO / "forces.toml")
NORTHMOOR = next(iter(FORCES.by_id["northmoor"].tenants))
PERSON = "0f0e0d0c-0b0a-4908-8706-050403020100"
COLLEAGUE = "2f0e0d0c-0b0a-4908-8706-050403020100"
MANAGER = "1f0e0d0c-0b0a-4908-8706-050403020100"

ROW = {
    "tenant_id": NORTHMOOR,
    "directory_id": PERSON,
    "name": "Sam Okafor",
    "email": "sam@northmoor.example",
    "role": "supporter",
    "force": "northmoor",
    "grade": "staff",
    "roles": "control_room; training",
    "experiences": "sleep_shift;suicidal_lived",
    "cleared_experiences": "suicidal_lived",
    "languages": "en;cy",
    "team": "Control room B",
    "line_manager": MANAGER,
    "bio": "Twelve years of nights.",
    "max_active": "2",
    "hours": "Mon-Fri 08:00-20:00; Sat 10:00-14:00",
    "selected_on": "2024-01-02",
    "trained_on": "2024-03-04",
    "refresher_due": "2030-03-04",
    "signed_off_by": "Amara Blake",
    "status": "active",
}


def read(*rows: dict[str, str]):
    return read_roster(rows, FORCES)


def changed(**cells: str) -> dict[str, str]:
    return {**ROW, **cells}


def ids():
    numbers = count(1)
    return lambda: f"member-{next(numbers)}"


def stored(plan: RosterPlan) -> list[Entry]:
    return [*(change.after for change in plan.writes), *plan.unchanged, *plan.missing]


# ---- reading


def test_a_row_is_read_whole() -> None:
    reading = read(ROW)
    assert reading.faults == ()
    (row,) = reading.rows
    assert row.role is RosterRole.SUPPORTER
    assert row.roles == {"control_room", "training"}
    assert row.cleared == {"suicidal_lived"}
    assert row.hours == WeeklyHours.parse("Mon-Fri 08:00-20:00; Sat 10:00-14:00")
    assert (row.max_active, row.trained_on, row.status) == (2, date(2024, 3, 4), RosterStatus.ACTIVE)


def test_empty_cells_take_the_forces_defaults() -> None:
    optional = ("roles", "experiences", "cleared_experiences", "languages", "team", "line_manager", "bio")
    more = ("max_active", "hours", "selected_on", "trained_on", "refresher_due", "signed_off_by")
    (row,) = read(changed(**dict.fromkeys((*optional, *more), ""))).rows
    assert row.max_active == FORCES.by_id["northmoor"].policy.max_active
    assert row.languages == {"en"}
    assert (row.hours, row.team, row.line_manager, row.signed_off_by, row.refresher_due) == (None,) * 5


def test_a_coordinator_needs_no_grade() -> None:
    assert read(changed(role="coordinator", grade="")).faults == ()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("tenant_id", "", "is empty"),
        ("tenant_id", MANAGER, "is not in the forces file"),
        ("directory_id", "", "is empty"),
        ("directory_id", "sam", "is not a directory id"),
        ("name", " ", "is empty"),
        ("name", "x" * 101, "is longer than 100"),
        ("email", "", "is empty"),
        ("email", "sam at northmoor", "is not an e-mail address"),
        ("role", "", "is empty"),
        ("role", "boss", "“boss” is not one of supporter, coordinator"),
        ("force", "", "is empty"),
        ("force", "northmore", "did you mean “northmoor”?"),
        ("force", "kent", "is not known"),
        ("force", "aberllyn", "Aberllyn Police is not in this tenant"),
        ("grade", "", "is empty"),
        ("grade", "sargeant", "did you mean “sergeant”?"),
        ("roles", "control_room;wizard", "“wizard” is not known"),
        ("experiences", "sleep shift", "did you mean “sleep_shift”?"),
        ("cleared_experiences", "everything", "is not known"),
        ("languages", "English", "is not known"),
        ("line_manager", "the boss", "is not a directory id"),
        ("line_manager", PERSON, "is the person themselves"),
        ("bio", "x" * 301, "is longer than 300"),
        ("max_active", "0", "is not a whole number"),
        ("max_active", "three", "is not a whole number"),
        ("max_active", "²", "is not a whole number"),
        ("max_active", "9" * 5000, "is not a whole number"),
        ("hours", "weekdays", "can't be read"),
        ("selected_on", "02/01/2024", "is not a date like"),
        ("trained_on", "20240304", "is not a date like"),
        ("refresher_due", "2030-02-30", "is not a date like"),
        ("trained_on", "2023-01-01", "is before selected_on"),
        ("refresher_due", "2024-01-05", "is before trained_on"),
        ("status", "", "is empty"),
        ("status", "retired", "“retired” is not one of active, leave, left"),
    ],
)
def test_each_bad_field_is_named_and_nothing_is_read(field: str, value: str, said: str) -> None:
    reading = read(changed(directory_id=COLLEAGUE), changed(**{field: value}))
    assert reading.rows == ()
    assert [(fault.line, fault.field) for fault in reading.faults] == [(3, field)]
    assert said in reading.faults[0].problem


def test_leavers_need_the_forces_scheme() -> None:
    assert read(changed(grade="former")).faults == ()
    westvale = {"force": "westvale", "tenant_id": next(iter(FORCES.by_id["westvale"].tenants))}
    (fault,) = read(changed(grade="former", **westvale)).faults
    assert fault.field == "grade"


def test_one_person_twice_is_a_fault_whatever_the_case_of_the_id() -> None:
    (fault,) = read(ROW, changed(directory_id=PERSON.upper())).faults
    assert (fault.line, fault.field, fault.problem) == (3, "directory_id", "stands on line 2 too")


def test_all_faults_are_found_at_once() -> None:
    reading = read(changed(grade="x", hours="x"), changed(directory_id=COLLEAGUE, status="x"))
    assert [(fault.line, fault.field) for fault in reading.faults] == [
        (2, "grade"),
        (2, "hours"),
        (3, "status"),
    ]


def test_an_empty_roster_is_a_fault() -> None:
    assert read().faults


def test_what_deserves_a_look_is_remarked_and_stops_nothing() -> None:
    reading = read(changed(roles="covert"), changed(directory_id=COLLEAGUE, roles="professional_stds"))
    assert [(remark.line, remark.field) for remark in reading.remarks] == [
        (2, "roles"),
        (2, "line_manager"),
        (3, "roles"),
        (3, "line_manager"),
    ]
    assert len(reading.rows) == 2


def lists(known) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(sorted(known)), max_size=4).map(" ; ".join)


good_rows = st.fixed_dictionaries(
    {
        **{field: st.just(value) for field, value in ROW.items()},
        "directory_id": st.uuids().map(str),
        "line_manager": st.sampled_from(["", MANAGER]),
        "role": st.sampled_from(list(RosterRole)),
        "grade": st.sampled_from(sorted(GRADES)),
        "roles": lists(ROLES),
        "experiences": lists(EXPERIENCES),
        "cleared_experiences": lists(EXPERIENCES),
        "languages": lists(LANGUAGES),
        "max_active": st.integers(1, MOST_AT_ONCE).map(str) | st.just(""),
        "status": st.sampled_from(list(RosterStatus)),
        "refresher_due": st.dates(min_value=date(2025, 1, 1)).map(str) | st.just(""),
        "name": st.text("abcÉłŵ '-", min_size=1, max_size=20).filter(str.strip),
    }
)
rosters = st.lists(good_rows, min_size=1, max_size=6, unique_by=lambda row: row["directory_id"])


@given(rows=rosters)
def test_every_good_roster_is_read(rows: list[dict[str, str]]) -> None:
    reading = read(*rows)
    assert reading.faults == ()
    assert [row.directory_id for row in reading.rows] == [row["directory_id"] for row in rows]


@given(rows=st.lists(st.dictionaries(st.sampled_from(HEADER), st.text()), max_size=4))
def test_any_rubbish_is_answered_with_faults(rows: list[dict[str, str]]) -> None:
    reading = read(*rows)
    assert reading.rows == ()
    assert reading.faults


# ---- what an import changes


@given(first=rosters, second=rosters)
def test_importing_twice_changes_nothing_more(
    first: list[dict[str, str]], second: list[dict[str, str]]
) -> None:
    new_id = ids()
    before = stored(plan_import(read(*first).rows, [], new_id))
    plan = plan_import(read(*second).rows, before, new_id)
    again = plan_import(read(*second).rows, stored(plan), new_id)
    assert again.writes == ()
    assert len(again.unchanged) == len(second)
    people = [entry.member.directory_id for entry in stored(again)]
    assert sorted(people) == sorted({row["directory_id"] for row in (*first, *second)})


def imported(**cells: str) -> Entry:
    (change,) = plan_import(read(changed(**cells)).rows, [], ids()).added
    return change.after


def test_the_preview_names_the_columns_that_differ() -> None:
    (change,) = plan_import(
        read(changed(grade="staff_manager", email="o@x.example")).rows, [imported()], ids()
    ).changed
    assert change.fields == ("email", "grade")
    assert not change.stops_supporting


@pytest.mark.parametrize("status", ["leave", "left"])
def test_one_who_is_no_longer_active_stops_supporting(status: str) -> None:
    (change,) = plan_import(read(changed(status=status)).rows, [imported()], ids()).inactive
    assert change.stops_supporting
    assert change.fields == ("status",)


def test_one_who_becomes_a_coordinator_stops_supporting() -> None:
    plan = plan_import(read(changed(role="coordinator")).rows, [imported()], ids())
    (change,) = plan.changed
    assert change.stops_supporting
    assert "role" in change.fields
    assert change.after.coordinator
    assert change.after.active
    assert plan_import(read(changed(role="coordinator")).rows, [change.after], ids()).writes == ()


def test_one_missing_from_the_file_stays_and_is_reported_where_the_force_is_in_the_file() -> None:
    present = imported(directory_id=COLLEAGUE)
    plan = plan_import(read(ROW).rows, [present], ids())
    assert plan.missing == (present,)
    assert len(plan.added) == 1
    elsewhere = replace(present, member=replace(present.member, force_id="aberllyn"))
    assert plan_import(read(ROW).rows, [elsewhere], ids()).missing == ()


def test_what_only_the_supporter_may_say_outlives_an_import() -> None:
    present = imported()
    assert present.supporter
    own = replace(
        present.supporter, named=frozenset({"sleep_shift", "suicidal_lived"}), paused=True, listed=True
    )
    plan = plan_import(
        read(changed(experiences="sleep_shift")).rows, [replace(present, supporter=own)], ids()
    )
    after = plan.changed[0].after.supporter
    assert after
    assert (after.paused, after.listed) == (True, True)
    assert after.named == {"sleep_shift"}


def test_an_import_never_names_an_experience() -> None:
    supporter = imported().supporter
    assert supporter
    assert supporter.experiences
    assert supporter.named == frozenset()


def test_one_who_asked_before_keeps_their_id_and_what_they_said_of_themselves() -> None:
    member = Member("known", NORTHMOOR, PERSON, limits_version="1")
    (change,) = plan_import(read(ROW).rows, [Entry(member)], ids()).added
    assert change.after.member.id == "known"
    assert change.after.member.limits_version == "1"
    assert change.after.supporter
    assert change.after.supporter.id == "known"


# ---- the file


@pytest.fixture
def file(tmp_path: Path):
    def _file(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "roster.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return _file


def as_csv(*rows: dict[str, str], columns=HEADER, separator: str = ",") -> str:
    quoted = [[f'"{row.get(column, "")}"' for column in columns] for row in rows]
    return "\r\n".join(separator.join(cells) for cells in [list(columns), *quoted])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_separators_and_column_order_are_free(file, encoding: str, separator: str) -> None:
    text = as_csv(changed(name="Siân Ŵyn"), columns=HEADER[::-1], separator=separator)
    opened = open_roster(file(text, encoding))
    assert opened.rows == (changed(name="Siân Ŵyn"),)
    assert (opened.lines, opened.extra) == ((2,), ())


def test_lines_are_counted_as_an_editor_shows_them(file) -> None:
    text = as_csv(changed(bio="one\ntwo"), {}, ROW)
    opened = open_roster(file(text.replace('"\r\n"","', '"\r\n\r\n"","')))
    assert opened.lines == (2, 6)


def test_extra_columns_are_named_and_not_read(file) -> None:
    opened = open_roster(file(as_csv({**ROW, "shoe_size": "9"}, columns=(*HEADER, "shoe_size"))))
    assert opened.extra == ("shoe_size",)
    assert opened.rows == (ROW,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has an empty first line. It must name the columns"),
        ("name,name", "names name more than once"),
        ("tenant_id,directory", "the first line lacks directory_id, name"),
        ("grades", "It has “grades” for grade"),
        (as_csv(ROW) + "\r\none,two", "line 3: 2 cells under 21 columns"),
        (as_csv(ROW) + '\r\n"open', "line 3: "),
    ],
)
def test_a_file_that_is_no_roster_says_why(file, text: str, said: str) -> None:
    with pytest.raises(RosterFileUnreadable, match=said.replace(".", r"\.")):
        open_roster(file(text))


def test_a_file_in_another_encoding_says_what_to_do(file) -> None:
    with pytest.raises(RosterFileUnreadable, match="CSV UTF-8"):
        open_roster(file(as_csv(changed(name="Siân")), "latin-1"))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(RosterFileUnreadable, match="can't be opened: No such file"):
        open_roster(tmp_path / "none.csv")


# ---- the demo


def test_the_demo_roster_is_whole_and_fictional() -> None:
    opened = open_roster(DEMO / "roster.csv")
    reading = read_roster(opened.rows, FORCES, opened.lines)
    assert reading.faults == ()
    supporters = [row for row in reading.rows if row.role is RosterRole.SUPPORTER]
    assert len(supporters) == 60
    assert {row.force_id for row in supporters} == set(FORCES.by_id)
    coordinators = [row.force_id for row in reading.rows if row.role is RosterRole.COORDINATOR]
    assert set(coordinators) == set(FORCES.by_id)
    assert all(row.email.endswith(".example") for row in reading.rows)


def test_the_demo_officers_can_ask_and_stand_on_no_roster() -> None:
    on_roster = {row["directory_id"] for row in open_roster(DEMO / "roster.csv").rows}
    with (DEMO / "officers.csv").open(encoding="utf-8", newline="") as lines:
        officers = list(csv.DictReader(lines))
    assert len(officers) == 12
    for officer in officers:
        assert officer["directory_id"] not in on_roster
        assert officer["force"] in {force.id for force in FORCES.of_tenant(officer["tenant_id"])}
        assert officer["email"].endswith(".example")
