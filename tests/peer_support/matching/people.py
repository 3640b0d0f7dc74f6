"""People to match: a supporter who may be asked, a requester who may be answered, and strategies for the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from peer_support.hours import WeeklyHours
from peer_support.matching.candidate import Candidate, Load, Seeker
from peer_support.matching.choose import choose
from peer_support.people import AboutMe, Alike, Member, Reach, RosterStatus, Supporter
from peer_support.policy import Policy
from peer_support.request import JUST_TALK, ForceWish, How, HowSoon, When, Wishes
from peer_support.taxonomy import EXPERIENCES, GRADES, LANGUAGES, ROLES
from tests.fakes.memory_people import candidate, person_key

# A Wednesday in November, 11:00 in London.
NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
TODAY = NOW.date()
NORTHMOOR, SOUTHSEA = "northmoor", "southsea"
POLICY = Policy()


def policy_of(_force_id: str) -> Policy:
    return POLICY


def member(id: str, **facts) -> Member:
    given = {"tenant_id": "tenant-1", "directory_id": f"dir-{id}", "reach": Reach.REACHABLE} | facts
    return Member(id=id, **given)


def supporter(id: str = "sam", *, load: Load | None = None, of: Member | None = None, **facts) -> Candidate:
    """A supporter against whom no rule stands, but for what `facts` say."""
    given = {
        "force_id": NORTHMOOR,
        "grade": "constable",
        "selected_on": date(2025, 1, 1),
        "trained_on": date(2025, 2, 1),
        "refresher_due": date(2027, 2, 1),
        "signed_off_by": "A Lead",
    } | facts
    return candidate(of or member(id), Supporter(id=id, **given), load or Load())


def seeker(**facts) -> Seeker:
    """A requester, as a store tells one person from another. `line_manager` is a directory id."""
    asks, manager = facts.pop("member", member("jo")), facts.pop("line_manager", None)
    given = {
        "request_id": "request-1",
        "member": asks,
        "person": person_key(asks.tenant_id, asks.directory_id),
        "force_id": NORTHMOOR,
        "wishes": Wishes(),
        "manager": person_key(asks.tenant_id, manager) if manager else None,
    } | facts
    return Seeker(**given)


def asking_starts(people, asking, now, policy_of) -> datetime | None:
    """As the choice says it."""
    return choose(people, asking, now, policy_of).starts


def but(one: Candidate, **facts) -> Candidate:
    """The same supporter, with these facts otherwise."""
    return replace(one, supporter=replace(one.supporter, **facts))


def some(ids) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(ids)), max_size=4)


abouts = st.builds(
    AboutMe,
    grade=st.none() | st.sampled_from(list(GRADES)),
    work=st.none() | st.sampled_from([role.id for role in ROLES.values() if not role.covert]),
    language=st.none() | st.sampled_from(list(LANGUAGES)),
    alike=st.sampled_from(Alike),
)
topic_sets = st.just((JUST_TALK,)) | st.lists(
    st.sampled_from([topic for topic in EXPERIENCES if topic != JUST_TALK]),
    min_size=1,
    max_size=3,
    unique=True,
).map(lambda picked: tuple(topic for topic in EXPERIENCES if topic in picked))
wish_lists = st.builds(
    Wishes,
    topics=topic_sets,
    force_wish=st.sampled_from(ForceWish),
    how=st.sampled_from(How),
    when=st.frozensets(st.sampled_from(When)),
    soon=st.sampled_from(HowSoon),
    about=abouts,
)
loads = st.builds(
    Load,
    active=st.integers(0, 3),
    new_in_week=st.integers(0, 1),
    unanswered_in_week=st.integers(0, 3),
    holding=st.integers(0, 1),
)
hours = st.none() | st.sampled_from(
    [
        WeeklyHours.parse(text)
        for text in ("Mon-Fri 08:00-16:00", "Mon-Sun 20:00-08:00", "Sat-Sun 10:00-14:00")
    ]
)


@st.composite
def candidates(draw, most: int = 12) -> list[Candidate]:
    """A network in which most people may be asked, and some may not, for every reason there is."""
    found = []
    for number in range(draw(st.integers(0, most))):
        id = f"s{number}"
        one = supporter(
            id,
            of=member(id, reach=draw(st.sampled_from([Reach.REACHABLE] * 4 + [Reach.BLOCKED]))),
            load=draw(st.just(Load()) | loads),
            force_id=draw(st.sampled_from([NORTHMOOR, SOUTHSEA])),
            grade=draw(st.sampled_from(list(GRADES))),
            roles=draw(st.just(frozenset()) | some(ROLES)),
            experiences=draw(some(EXPERIENCES)),
            cleared=draw(st.just(frozenset()) | st.just(frozenset({"suicidal_lived", "self_harm_lived"}))),
            hours=draw(hours),
            paused=draw(st.sampled_from([False] * 4 + [True])),
            line_manager=draw(st.sampled_from([None, None, None, "dir-jo"])),
            team=draw(st.sampled_from([None, None, "Blue", "Red"])),
            last_offered_at=draw(st.none() | st.integers(0, 60).map(lambda days: NOW - timedelta(days=days))),
        )
        if draw(st.integers(0, 5)) == 0:
            one = but(
                one,
                **draw(
                    st.sampled_from(
                        [
                            {"status": RosterStatus.LEAVE},
                            {"selected_on": None},
                            {"trained_on": TODAY + timedelta(days=1)},
                            {"refresher_due": TODAY - timedelta(days=1)},
                            {"signed_off_by": " "},
                        ]
                    )
                ),
            )
        found.append(one)
    return found


seekers = st.builds(
    seeker,
    request_id=st.uuids().map(lambda id: id.hex),
    wishes=wish_lists,
    excluded=some(f"s{number}" for number in range(12)),
    asked=some(f"s{number}" for number in range(12)),
    team=st.sampled_from([None, "blue ", "Green"]),
    line_manager=st.none() | st.integers(0, 11).map(lambda number: f"DIR-S{number}"),
)
moments = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
