"""Typed words do what the buttons do. Slips are understood, and anything else gets a kind menu."""

import pytest

from tests.scenarios.steps import introduced, proposed, shown
from tests.scenarios.town import Town


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("request", "Before you ask"),
        ("rquest", "Before you ask"),
        ("status", "You have no request open"),
        ("satus", "You have no request open"),
        ("withdraw", "You have no request open"),
        ("widthraw", "You have no request open"),
        ("change", "You have no request open"),
        ("privacy", "What stays private"),
        ("privcy", "What stays private"),
        ("pause", "That's for peer supporters"),
        ("my matches", "That's for peer supporters"),
        ("hand back", "That's for peer supporters"),
        ("digest", "That's for coordinators"),
        ("asdf qwer", "I didn't quite follow that"),
        ("Robert'); DROP TABLE members;--", "I didn't quite follow that"),
        ("<b>hi</b> [x](http://evil.example)", "I didn't quite follow that"),
        ("?" * 4000, "I didn't quite follow that"),
        ("👋", "I didn't quite follow that"),
    ],
)
async def test_what_an_officer_types(place: Town, line: str, heading: str) -> None:
    jo = await place.officer()
    await jo.says(line)
    assert shown(jo) == heading
    assert "Help now" in jo.newest.words


async def test_what_a_supporter_types(place: Town) -> None:
    sam = await place.supporter()
    for line, heading in {
        "pause": "You're paused",
        "resume": "Welcome back",
        "my matches": "My matches",
        "my profile": "My profile",
        "profil": "My profile",
    }.items():
        await sam.says(line)
        assert shown(sam) == heading


async def test_status_and_withdraw_by_words_alone(place: Town) -> None:
    jo, _sam = await proposed(place)
    await jo.says("status")
    assert shown(jo) == "Someone has offered to listen"
    await jo.says("withdraw my request")
    assert shown(jo) == "Withdraw your request?"
    await jo.presses("Keep my request")
    assert shown(jo) == "Someone has offered to listen"
    await jo.says("withdraw")
    await jo.presses("Withdraw", on=jo.newest)
    assert shown(jo) == "Your request is withdrawn"


async def test_hand_back_by_words_alone(place: Town) -> None:
    jo, sam = await introduced(place)
    await sam.says("hand back")
    assert shown(sam) == "Hand this back?"
    await sam.presses("Hand back", on=sam.newest, fields={"reason": "know_them"})
    await place.settle()
    assert shown(sam) == "Thank you for saying so"
    assert "It isn't about you" in jo.newest.words


async def test_change_by_words_opens_the_form_with_the_answers(place: Town) -> None:
    jo = await place.officer()
    await place.supporter()
    await place.asks(jo, note="Someone patient.")
    await jo.says("change my request")
    await jo.presses("Change", on=jo.newest)
    assert jo.dialog is not None
    assert "Change your request" in jo.dialog.words
    await jo.presses("Review")
    assert "Someone patient." in jo.dialog.words


async def test_a_picture_or_a_voice_message_is_answered_with_the_contacts(place: Town) -> None:
    jo = await place.officer()
    await jo.says("", attachments=[{"contentType": "image/png", "contentUrl": "https://x.example/1"}])
    assert shown(jo) == "I can't open this"
    await jo.presses("Carry on")
    assert shown(jo) == "What would you like to do?"
