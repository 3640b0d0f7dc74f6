"""Nothing of anybody lies where it shouldn't, after a whole scenario; and a leak into any one place is found there.

With `-s` it tells the counts.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.canary.encodings import ENCODINGS
from tests.canary.hunt import Hunt
from tests.canary.knowing import unused
from tests.canary.leaks import LEAKS, copied, needle_for
from tests.canary.played import FULLEST, Played, postgresql_run, sqlite_run
from tests.canary.verdict import ON_SCREENS, found
from tests.fakes.databases import installed, postgresql

__all__ = ["postgresql"]
pytestmark = [
    pytest.mark.timeout(600),  # the first to ask for it waits for the whole scenario
    pytest.mark.xdist_group("canary"),
]

DATABASES = ("sqlite", "postgresql")
PLANTED = [(database, turn) for database in DATABASES for turn, leak in enumerate(LEAKS) if leak.on(database)]
FILES = ("SQLite's file", "SQLite's write-ahead log", "beside the database", "PostgreSQL's files")
both = pytest.mark.parametrize("played", DATABASES, indirect=True)


@pytest.fixture(scope="module")
def runs() -> dict[str, Played]:
    """The runs there are by now, in whatever order the tests come."""
    return {}


@pytest.fixture
async def played(
    request: pytest.FixtureRequest, runs: dict[str, Played], tmp_path_factory: pytest.TempPathFactory
) -> Played:
    """The scenario, played once a database."""
    which = request.param
    if which not in runs:
        folder = tmp_path_factory.mktemp("canary")
        if which == "sqlite":
            runs[which] = await sqlite_run(folder)
        else:
            request.getfixturevalue("postgresql")  # which skips, or fails, where there are no programs
            binaries = installed()
            assert binaries is not None
            runs[which] = await postgresql_run(folder, binaries)
    return runs[which]


def tell(**counts: int) -> None:
    """For whoever runs it with -s."""
    print("", *(f"{count} {what.replace('_', ' ')}" for what, count in counts.items()), sep="\n  ")  # noqa: T201


@both
def test_no_canary_is_anywhere_it_may_not_be(played: Played):
    gathered = played.gathered
    screens = [*gathered.said, *gathered.left]
    tell(
        canaries=len(played.canaries),
        encodings=len(ENCODINGS),
        needles=played.hunt.size,
        places=len(gathered.places),
        parts_of_places=sum(map(len, gathered.places.values())),
        kinds_of_screen=len({each.way for each in screens}),
        things_on_screens=len(screens),
        bytes_searched=gathered.size,
        leaks_planted=sum(
            leak.on("sqlite" if "SQLite's file" in gathered.places else "postgresql") for leak in LEAKS
        ),
    )
    assert len(played.canaries) >= 95
    assert played.hunt.size > 15_000
    assert len(gathered.places) >= 15
    assert len(screens) > 400
    assert found(gathered, played.hunt) == {}


@both
def test_every_place_and_every_kind_of_screen_has_a_leak_of_its_own(played: Played):
    kinds = {ON_SCREENS.format(each.way) for each in (*played.gathered.said, *played.gathered.left)}
    assert len(kinds) >= 8
    assert kinds | set(played.gathered.places) <= {leak.place for leak in LEAKS}


@both
def test_nobody_is_allowed_more_than_the_scenario_shows(played: Played):
    assert unused([*played.gathered.said, *played.gathered.left], played.hunt) == []


@pytest.mark.parametrize(
    ("played", "turn"),
    PLANTED,
    indirect=["played"],
    ids=[f"{where}-{LEAKS[turn].name}" for where, turn in PLANTED],
)
def test_a_leak_is_found_where_it_was_planted_and_nowhere_else(played: Played, turn: int, tmp_path: Path):
    leak = LEAKS[turn]
    _, needle = needle_for(leak, turn, played.cast.nest.kept[leak.canary])
    gathered = copied(played)
    leak.plant(played, gathered, needle, tmp_path)
    caught = found(gathered, played.hunt)
    assert set(caught) == {leak.place}
    assert leak.canary in caught[leak.place]


@both
def test_what_was_purged_or_replaced_is_gone_from_the_files(played: Played):
    hunt = Hunt.for_secrets(played.gone)
    tell(ciphertexts_and_hashes_gone=len(played.gone), pieces_of_them=hunt.size)
    assert len(played.gone) > 80
    assert {name for name, content in in_the_end(played).items() if hunt.through(content)} == set()


@both
def test_the_same_look_finds_what_is_still_stored(played: Played):
    """Else finding nothing of what was purged would prove nothing."""
    hunt = Hunt.for_secrets(played.kept)
    held = {find.canary for content in in_the_end(played).values() for find in hunt.through(content)}
    assert len(held) > 0.9 * hunt.size


def in_the_end(played: Played) -> dict[str, bytes]:
    """The database's files after everything."""
    places = (played.gathered.places.get(place, {}) for place in FILES)
    return {name: content for place in places for name, content in place.items() if FULLEST not in name}
