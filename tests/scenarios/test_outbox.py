"""What the outbox keeps true on the wire: every older card is edited, nothing is lost, and names wait."""

from __future__ import annotations

from datetime import timedelta

from peer_support.sending import UNMETERED
from tests.fakes.person import Person
from tests.scenarios.town import Town


async def introduced(place: Town) -> tuple[Person, Person]:
    """Jo and Sam, introduced, with a phone number."""
    jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
    await place.asks(jo)
    await sam.presses("Accept")
    await place.settle()
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "call", "phone": "07700 900123", "voicemail": "false"})
    await place.settle()
    return jo, sam


async def test_a_closed_match_leaves_no_name_and_no_number_on_any_of_the_supporters_cards(
    place: Town,
) -> None:
    jo, sam = await introduced(place)
    await place.time_passes(hours=49)  # the reminder names Jo as well
    await sam.says("my matches")
    await place.settle()
    await sam.says("hand back")
    await place.settle()
    place.clock.now += timedelta(days=5)
    await place.time_passes(hours=3)
    assert len([seen for seen in sam.sees if "Jo Evans" in seen.words]) >= 3
    await jo.presses("Close")
    await jo.presses("Yes, close it")
    await place.settle()
    assert "Jo Evans" not in sam.reads
    assert "Jo" not in sam.reads
    assert "07700 900123" not in sam.reads


async def test_after_each_change_no_card_offers_what_is_over(place: Town) -> None:
    jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
    await place.asks(jo)
    await sam.says("my matches")
    assert len([seen for seen in sam.sees if "Accept" in seen.words]) == 2
    await sam.presses("Accept", on=next(seen for seen in sam.sees if "Could you listen" in seen.words))
    await place.settle()
    offers = [seen for seen in sam.sees if "Could you listen" in seen.words]
    assert not offers
    await place.time_passes(hours=5)
    assert len([seen for seen in jo.sees if "Introduce us" in seen.words]) == 2
    await jo.presses("Someone else")
    await place.settle()
    assert not [seen for seen in jo.sees if "Introduce us" in seen.words]
    await place.time_passes(hours=20)
    assert not [seen for seen in sam.sees if "You'll hear by" in seen.words]


async def test_an_introduction_is_never_sent_without_the_name(place: Town) -> None:
    jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
    await place.asks(jo)
    await sam.presses("Accept")
    await place.settle()
    away = place.teams.answers(503, times=1000, on="members")
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "teams"})
    await place.settle()
    await place.time_passes(hours=3)
    assert "You're introduced" not in [
        seen.words.splitlines()[1] for seen in sam.sees if "Hand back" in seen.words
    ]
    assert "I can't get their name" not in sam.reads
    away.times = 0
    await place.time_passes(hours=1)
    assert "This is Jo Evans." in sam.newest.words


async def test_a_bot_that_dies_after_the_commit_sends_it_when_it_is_back(place: Town) -> None:
    jo, sam = await place.officer(), await place.supporter()
    await jo.says("request")
    await jo.presses("Continue")
    await jo.presses("Review")
    await jo.presses("Send request")
    store = place.service.backstage.store
    assert store is not None
    ended_already = timedelta(seconds=-1)
    assert await store.outbox.claim(place.clock.now, ended_already, 64, UNMETERED)
    assert "Could you listen" not in sam.reads
    await place.settle()
    assert "Could you listen to a colleague?" in sam.newest.words
    assert len([seen for seen in sam.sees if "Could you listen" in seen.words]) == 1


async def test_a_supporter_who_blocked_the_bot_is_passed_over_until_they_are_back(place: Town) -> None:
    jo, sam = await place.officer(), await place.supporter("Sam Okafor")
    gone = place.teams.answers(
        403, code="ConversationBlockedByUser", times=1000, conversation_id=sam.conversation_id
    )
    await place.asks(jo)
    pat = await place.supporter("Pat Lowe")
    await place.time_passes(hours=5)
    assert "Could you listen to a colleague?" in pat.reads
    gone.times = 0
    kit = await place.officer("Kit Hale")
    await pat.says("pause")
    await place.asks(kit)
    assert "Could you listen" not in sam.reads
    await sam.says("hello")
    await place.time_passes(hours=5)
    assert "Could you listen to a colleague?" in sam.reads
