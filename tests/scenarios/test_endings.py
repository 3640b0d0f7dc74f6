"""However it ends from the other side, a supporter reads the same; and a supporter who said yes may still say no."""

from __future__ import annotations

import pytest

from tests.fakes.person import Person
from tests.scenarios.test_outbox import introduced
from tests.scenarios.town import Town

AT_ONCE = "This has closed\nThank you for listening. I don't show their name any more, and please keep it to yourself."
LATER = (
    "This one has closed\nThat happens for many reasons and I don't pass them on. Thank you for listening. "
    "Please keep their name, and that they asked, to yourself. How has it left you?"
)
BUTTONS = ["I'm fine", "I'd like a debrief", "I'm worried", "Help now"]


async def ends(jo: Person, how: str) -> None:
    if how == "swap":
        await jo.presses("Someone else")
        await jo.presses("Yes, someone else")
    elif how == "withdraw":
        await jo.says("withdraw")
        await jo.presses("Withdraw", on=jo.newest)
    else:
        await jo.presses("Close")
        await jo.presses("Yes, close it")


@pytest.mark.parametrize("how", ["swap", "withdraw", "close"])
async def test_a_supporter_cant_tell_a_swap_or_a_withdrawal_from_a_close(place: Town, how: str) -> None:
    jo, sam = await introduced(place)
    before = len(sam.sees)
    await ends(jo, how)
    await place.settle()
    assert len(sam.sees) == before
    assert AT_ONCE in sam.reads
    await place.time_passes(minutes=40)
    assert len(sam.sees) == before
    await place.time_passes(hours=8)
    (said,) = sam.sees[before:]
    assert said.card is not None
    assert LATER in said.words
    assert [action["title"] for action in said.card["actions"]] == BUTTONS


async def test_a_supporters_own_close_is_answered_at_once(place: Town) -> None:
    _jo, sam = await introduced(place)
    before = len(sam.sees)
    await sam.presses("Close")
    await sam.presses("Yes, close it")
    await place.settle()
    assert "How has it left you?" in sam.newest.words
    count = len(sam.sees)
    assert count > before
    await place.time_passes(hours=10)
    assert len(sam.sees) == count


@pytest.mark.parametrize("title", ["I can't after all", "Decline", "Decline and pause me"])
async def test_whoever_said_yes_may_say_no_until_they_are_introduced(place: Town, title: str) -> None:
    jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
    await place.asks(jo)
    offer = sam.newest
    old_card = offer.card
    await sam.presses("Accept")
    await place.settle()
    if title != "I can't after all":
        offer.card = old_card  # another device, which still shows the buttons
    pat = await place.supporter("Pat Lowe")
    before = len(jo.sees)
    await sam.presses(title, on=offer)
    await place.settle()
    assert "Thanks for answering" in offer.words
    assert "I'll ask them whether" not in sam.reads
    assert not [seen for seen in jo.sees if "Introduce us" in seen.words]
    assert "Sam Okafor" not in jo.reads
    assert len(jo.sees) == before + 1
    assert "I'm looking for someone else" in jo.newest.words
    assert "It isn't about you" in jo.newest.words
    assert "Could you listen to a colleague?" in pat.newest.words
    count = len(sam.sees)
    await place.time_passes(hours=9)
    assert len(sam.sees) == count


async def test_a_decline_after_the_introduction_says_how_it_stands(place: Town) -> None:
    jo, sam = await place.officer("Jo Evans"), await place.supporter("Sam Okafor")
    await place.asks(jo)
    offer = sam.newest
    old_card = offer.card
    await sam.presses("Accept")
    await place.settle()
    await jo.presses("Introduce us")
    await jo.presses("Introduce us", fields={"how": "teams"})
    await place.settle()
    offer.card = old_card
    await sam.presses("Decline", on=offer)
    assert "I'll ask them whether" not in offer.words
    assert "My matches" in offer.words
    assert "I can't after all" not in offer.words
