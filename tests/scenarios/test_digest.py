"""The digest on the wire: on their weekdays at 08:30 in London, in winter and summer, and not for nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

from peer_support.hours import LONDON
from tests.fakes.person import Person
from tests.scenarios.town import Town


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


async def arrivals(place: Town, person: Person, days: int) -> list[str]:
    """When new messages came over so many days, in London time: looked at around the digest's hour, and at night."""
    found = []
    ends = place.clock.now + timedelta(days=days)
    midnight = place.clock.now.astimezone(LONDON).replace(hour=0, minute=0)
    for day, hour in product(range(days + 1), ((2, 0), (8, 20), (8, 30), (8, 40), (20, 0))):
        moment = (midnight + timedelta(days=day)).replace(hour=hour[0], minute=hour[1]).astimezone(UTC)
        if place.clock.now < moment <= ends:
            before = len(person.sees)
            place.clock.now = moment
            await place.time_passes(minutes=0)
            found += [moment.astimezone(LONDON).strftime("%a %d %H:%M")] * (len(person.sees) - before)
    place.clock.now = ends
    return found


async def test_nothing_to_do_is_not_sent_unless_it_is_wanted_daily(place: Town) -> None:
    place.clock.now = london("2026-11-23T08:00")
    ria = await place.coordinator()
    assert await arrivals(place, ria, 2) == []
    await ria.says("digest")
    assert "Nothing is waiting for you." in ria.newest.words
    await ria.presses("Send this every day")
    assert "Only when needed" in ria.newest.words
    assert await arrivals(place, ria, 7) == [
        "Wed 25 08:30",
        "Thu 26 08:30",
        "Fri 27 08:30",
        "Mon 30 08:30",
        "Tue 01 08:30",
    ]
    await ria.presses("Only when needed")
    assert await arrivals(place, ria, 3) == []


async def test_on_their_own_weekdays_over_the_clock_change(place: Town) -> None:
    place.clock.now = london("2026-10-22T12:00")
    ria = await place.coordinator(hours="Mon 09:00-17:00; Fri 09:00-17:00; Sun 10:00-12:00")
    await ria.says("digest")
    await ria.presses("Send this every day")
    assert await arrivals(place, ria, 5) == ["Fri 23 08:30", "Sun 25 08:30", "Mon 26 08:30"]
    place.clock.now = london("2027-03-26T12:00")
    await place.settle()
    await arrivals(place, ria, 1)
    assert await arrivals(place, ria, 3) == ["Sun 28 08:30", "Mon 29 08:30"]


async def test_what_needs_them_stands_in_it_and_several_are_chosen_from(place: Town) -> None:
    place.clock.now = london("2026-11-24T10:00")
    ria = await place.coordinator()
    for name in ("Jo One", "Kit Two"):
        await place.asks(await place.officer(name), force_wish="own")
    await place.supporter("Sam Okafor", refresher_due="2026-12-01", force="northmoor")
    await place.supporter("Pat New", opened=False)
    assert "Wed 25 08:30" in await arrivals(place, ria, 1)
    words = ria.newest.words
    assert "Needs you: " in words
    assert "Refresher due: Sam Okafor." in words
    assert "Supporters: 2" in words
    assert "Not yet opened the bot 1" in words
    assert "Jo" not in words
    assert "Kit" not in words


async def test_daily_can_be_chosen_while_several_requests_stand_in_it(place: Town) -> None:
    ria = await place.coordinator()
    for name in ("Jo One", "Kit Two"):
        await place.asks(await place.officer(name), force_wish="own")
    await ria.says("digest")
    assert "Needs you: 2 requests" in ria.newest.words
    await ria.presses("Send this every day")
    assert "Only when needed" in ria.newest.words
    await ria.presses("Only when needed")
    assert "Send this every day" in ria.newest.words


async def test_a_former_coordinator_gets_no_more(place: Town) -> None:
    ria = await place.coordinator()
    await ria.says("digest")
    await ria.presses("Send this every day")
    place.row(ria)["status"] = "left"
    await place.imports()
    assert await arrivals(place, ria, 3) == []
    await ria.says("digest")
    assert "That's for coordinators" in ria.newest.words
