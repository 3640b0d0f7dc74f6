"""The blind offer: enough to say yes or no to, won once, and moved on at once where it isn't taken."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from peer_support.offer import OfferState
from peer_support.request import RequestState
from tests.fakes.person import Person
from tests.scenarios.steps import (
    ENDED,
    asks,
    headings,
    introduce,
    introduced,
    member,
    notices_sent,
    nowhere,
    offers_of,
    pause_stored,
    request_of,
    saves_profile,
    shown,
    supporters,
)
from tests.scenarios.town import WESTVALE, Town

OFFER = "Could you listen to a colleague?"
TELLING = {
    "topics_work": "trauma_incident",
    "topics_health": "menopause",
    "note": "Someone who has worked nights.",
    "about_grade": "sergeant",
    "about_work": "custody",
    "how": "call",
    "when": "evenings",
}


def asked(*people: Person) -> list[Person]:
    """Those who have an offer on their screen, unanswered."""
    return [person for person in people if headings(person)[-1] == OFFER]


async def test_neither_a_line_manager_nor_whom_one_manages_is_asked_however_their_id_is_written(
    place: Town,
) -> None:
    jo, boss = await supporters(place, "Jo Evans", "Sam Boss")
    managed, manager = await member(place, jo), await member(place, boss)
    async with place.desk.open_work() as work:
        row = await work.supporters.get(managed.id)
        assert row is not None
        of = f"  {manager.directory_id.upper()} "
        await work.supporters.put(replace(row, line_manager=of))
    for asker, other in ((jo, boss), (boss, jo)):
        await asks(place, asker)
        assert await offers_of(place, asker) == []
        assert OFFER not in headings(other)
    async with place.desk.open_work() as work:
        await work.supporters.put(replace(row, line_manager="somebody-else"))
    await place.time_passes(hours=6)
    assert [offer.supporter_id for offer in await offers_of(place, jo)] == [manager.id]


async def test_an_offer_says_nothing_of_who_asks(place: Town) -> None:
    jo = await place.officer("Jo Evans")
    sam = await place.supporter("Sam Okafor", experiences="trauma_incident;menopause")
    await asks(place, jo, **TELLING)
    words = sam.newest.words
    for told in (OFFER, "a phone call", "evenings", "in the next few days", "Please answer by 14:00"):
        assert told in words
    request = await request_of(place, jo)
    secrets = (
        *("Jo", "Evans", "Northmoor", "ergeant", "ustody", "Menopause", "menopause", "nights", jo.email),
        *(request.reference, request.id, jo.directory, jo.user_id),
    )
    nowhere([sam], *secrets)
    bodies = [str(c.body) for c in place.teams.calls if c.conversation_id == sam.conversation_id]
    assert not [each for each in secrets if each in "".join(bodies)]
    await sam.presses("Accept")
    await place.settle()
    assert shown(sam) == "Thank you"
    await sam.says("my matches")
    nowhere([sam], *secrets)
    await introduce(place, jo)
    assert "Jo Evans" in sam.newest.words
    nowhere([sam], "ergeant", "ustody", "enopause", "nights", request.reference)


async def test_two_say_yes_at_once_and_one_is_told_kindly(place: Town) -> None:
    jo = await place.officer()
    people = await supporters(place, *(f"Sam {chr(65 + n)}dams" for n in range(6)))
    await asks(place, jo, soon="today")
    both = asked(*people)
    assert len(both) == 2
    offers = [person.newest for person in both]
    await asyncio.gather(
        *(person.presses("Accept", on=offer) for person, offer in zip(both, offers, strict=True))
    )
    await place.settle()
    assert sorted(headings(person)[-1] for person in both) == sorted(["Thank you", ENDED])
    states = sorted(offer.state for offer in await offers_of(place, jo))
    assert states == [OfferState.ACCEPTED, OfferState.WITHDRAWN]
    assert headings(jo).count("Someone has offered to listen") == 1
    await place.time_passes(hours=10)
    loser = next(person for person in both if ENDED in person.reads)
    assert headings(loser).count(ENDED) == 1
    assert notices_sent(place, loser) == 2


async def test_today_asks_several_and_again_as_each_falls_away(place: Town) -> None:
    jo = await place.officer()
    home = await supporters(place, *(f"Sam {chr(65 + n)}dams" for n in range(6)))
    away = await supporters(place, *(f"Ola {chr(65 + n)}berg" for n in range(3)), tenant=WESTVALE)
    await asks(place, jo, soon="today")
    first = asked(*home, *away)
    assert len(first) == 3
    assert len(asked(*home)) <= 2
    assert len(asked(*away)) <= 1
    await first[0].presses("Decline")
    await place.settle()
    assert len(asked(*home, *away)) == 3
    assert first[0] not in asked(*home, *away)


async def test_decline_moves_on_at_once_and_asks_for_no_reason(place: Town) -> None:
    jo = await place.officer()
    sam, pat = await supporters(place, "Sam Okafor", "Pat Byrne")
    await asks(place, jo)
    (first,) = asked(sam, pat)
    other = pat if first is sam else sam
    assert headings(other) == ["Hello"]
    await first.presses("Decline", again=True)
    await place.settle()
    assert shown(first) == "Thanks for answering"
    assert headings(other)[-1] == OFFER
    assert len(await offers_of(place, jo)) == 2
    assert "declined" not in jo.reads.lower()


async def test_decline_and_pause_moves_every_offer_on_and_can_be_taken_back(place: Town) -> None:
    jo, kim = await place.officer("Jo Evans"), await place.officer("Kim Lowe")
    sam = await place.supporter("Sam Okafor")
    await asks(place, jo)
    await asks(place, kim)
    assert headings(sam).count(OFFER) == 2
    pat = await place.supporter("Pat Byrne")
    await sam.presses("Decline and pause me")
    await place.settle()
    assert shown(sam) == "Thanks for answering"
    assert "You're paused now" in sam.newest.words
    assert headings(pat).count(OFFER) == 2
    assert OFFER not in headings(sam)
    await sam.presses("Resume", on=sam.newest)
    assert shown(sam) == "Welcome back"


async def test_pausing_takes_back_what_waits_and_sends_it_to_somebody_else(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter("Sam Okafor")
    await asks(place, jo)
    offer = sam.newest
    pat = await place.supporter("Pat Byrne")
    await sam.says("pause")
    await place.settle()
    assert shown(sam) == "You're paused"
    assert headings(sam)[-2] == ENDED
    assert headings(pat)[-1] == OFFER
    assert offer.edits == 1
    ola = await place.officer("Ola Berg")
    await asks(place, ola)
    assert OFFER not in headings(sam)


async def test_an_offer_that_ran_out_moves_on_and_ends_as_any_other(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter("Sam Okafor")
    await asks(place, jo)
    offer = sam.newest
    pat = await place.supporter("Pat Byrne")
    await place.time_passes(hours=4, minutes=30)
    assert headings(sam)[-1] == OFFER
    assert headings(pat)[-1] == OFFER
    assert offer.edits == 0
    first = next(each for each in await offers_of(place, jo) if each.state is OfferState.EXPIRED)
    for verb in ("offer.accept", "offer.decline", "offer.decline_pause"):
        await _presses_verb(sam, verb, first.id)
        assert headings(sam)[-1] == ENDED
    assert (await request_of(place, jo)).state is RequestState.OPEN


async def _presses_verb(person: Person, verb: str, subject: str) -> None:
    """A press as an old card would send it."""
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": {"id": subject, "v": 1}}}
    activity = person.activity(
        type="invoke", name="adaptiveCard/action", value=value, replyToId=person.newest.id
    )
    await person.sends(activity, pressed=person.newest)


async def test_a_card_of_an_offer_that_was_taken_back_shows_the_one_ending(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter("Sam Okafor")
    await asks(place, jo)
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)
    await place.settle()
    assert headings(sam)[-1] == OFFER
    await sam.presses("Accept", again=True)
    assert headings(sam) == ["Hello", ENDED]
    assert (await request_of(place, jo)).state is RequestState.WITHDRAWN
    await place.time_passes(hours=10)
    assert headings(sam) == ["Hello", ENDED]


async def test_a_row_that_is_no_longer_active_withdraws_the_offer_at_once(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter("Sam Okafor")
    await asks(place, jo)
    pat = await place.supporter("Pat Byrne")
    place.row(sam)["status"] = "left"
    await place.imports()
    await place.settle()
    assert headings(sam)[-1] == ENDED
    assert headings(pat)[-1] == OFFER


async def test_who_may_not_take_it_any_more_gives_it_up_to_the_next_at_once(place: Town) -> None:
    jo, kim = await place.officer("Jo Evans"), await place.officer("Kim Lowe")
    sam = await place.supporter("Sam Okafor")
    await asks(place, jo)
    await asks(place, kim)
    offers = [seen for seen in sam.sees if OFFER in seen.words]
    await sam.presses("Accept", on=offers[0])
    await place.settle()
    pat = await place.supporter("Pat Byrne")
    await sam.presses("Accept", on=offers[1])
    await place.settle()
    assert headings(sam)[-2:] == ["Thank you", ENDED]
    assert headings(pat)[-1] == OFFER


async def test_accepting_while_paused_elsewhere_does_nothing_and_says_how(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter("Sam Okafor")
    await asks(place, jo)
    await pause_stored(place, sam)
    await sam.presses("Accept")
    assert shown(sam) == "You're paused"
    assert "Nothing has been accepted" in sam.newest.words
    await sam.presses("Resume")
    await sam.says("my matches")
    await sam.presses("Accept", on=sam.newest)
    await place.settle()
    assert shown(jo) == "Someone has offered to listen"


async def test_someone_left_out_meanwhile_is_not_introduced(place: Town) -> None:
    jo = await place.officer()
    sam = await place.supporter("Sam Okafor")
    await saves_profile(sam, listed="true")
    await asks(place, jo)
    offer = next(seen for seen in sam.sees if OFFER in seen.words)
    await jo.presses("Change")
    await jo.presses("Not these people")
    await jo.presses("Find", fields={"name": "sam"})
    await jo.presses("Leave these people out", fields={"people": (await member(place, sam)).id})
    await jo.closes()
    await sam.presses("Accept", on=offer)
    await place.settle()
    assert ENDED in headings(sam)
    assert "Sam Okafor" not in jo.newest.words


async def test_my_matches_offers_the_same_and_no_name_is_left_when_it_closes(place: Town) -> None:
    jo, sam = await introduced(place, how="call", phone="07700 900123")
    await sam.says("my matches")
    await place.settle()
    typed = sam.newest
    assert "Jo Evans" in typed.words
    await sam.says("hello")
    await sam.presses("My matches", on=sam.newest)
    pressed = sam.newest
    assert "Jo Evans" in pressed.words
    await place.settle()
    await jo.presses("Close")
    await jo.presses("Yes, close it")
    await place.settle()
    for seen in sam.sees:
        assert "Jo" not in seen.words, seen.words
        assert "07700" not in seen.words
