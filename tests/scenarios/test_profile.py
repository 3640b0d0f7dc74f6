"""What a supporter has lived through, and whom they leave out, stays out of the chat where there are dialogs."""

from __future__ import annotations

from peer_support.taxonomy import EXPERIENCES
from tests.scenarios.town import Town

SIX = [each for each in EXPERIENCES.values() if each.supporter][:6]


async def test_the_chat_shows_counts_and_the_dialog_the_rest(place: Town) -> None:
    sam = await place.supporter("Sam Okafor", experiences=";".join(each.id for each in SIX))
    await place.supporter("Kim Dale")
    await sam.says("my profile")
    assert "6 experiences, none of them may be named." in sam.newest.words
    await sam.presses("My profile")
    assert sam.dialog is not None
    assert SIX[0].supporter in sam.dialog.words
    two = ",".join(each.id for each in SIX[:2])
    await sam.presses("Save", fields={"named": two, "bio": "Twelve years of nights."})
    assert "Saved." in sam.dialog.words
    await sam.presses("Not these people")
    await sam.presses("Find", fields={"name": "Kim"})
    await sam.closes()
    await sam.says("my profile")
    assert "6 experiences, 2 of them may be named." in sam.newest.words
    for card in sam.chat_cards:
        assert not [each for each in SIX if each.supporter in str(card)]
        assert "Kim Dale" not in str(card)
        assert "Twelve years of nights." not in str(card)


async def test_without_dialogs_it_is_a_card(chat_place: Town) -> None:
    sam = await chat_place.supporter("Sam Okafor", experiences=";".join(each.id for each in SIX))
    await sam.says("my profile")
    assert SIX[0].supporter in sam.newest.words
    await sam.presses("Save", fields={"named": SIX[0].id})
    assert "Saved." in sam.newest.words
