"""The main job, end to end: an officer asks, a peer answers, both are introduced, and it closes."""

from tests.scenarios.town import Town


async def test_an_officer_asks_a_peer_answers_and_both_are_introduced(place: Town) -> None:
    jo = await place.officer("Jo Evans")
    sam = await place.supporter("Sam Okafor", bio="Twelve years of nights.")
    await jo.says("hi")
    await jo.presses("Ask for a peer")
    assert "Before you ask" in jo.reads
    await jo.presses("Continue")
    assert jo.dialog is not None
    await jo.presses("Review")
    await jo.presses("Send request")
    assert jo.dialog is None
    assert "Sent" in jo.newest.words
    await place.settle()

    assert "Could you listen to a colleague?" in sam.newest.words
    assert "Jo" not in sam.reads
    await sam.presses("Accept")
    await place.settle()

    assert "Sam Okafor" in jo.newest.words
    assert "Twelve years of nights." in jo.newest.words
    assert "Jo" not in sam.reads
    await jo.presses("Introduce us")
    assert jo.dialog is not None
    await jo.presses("Introduce us", fields={"how": "call", "phone": "07700 900123", "voicemail": "false"})
    await place.settle()

    assert jo.dialog is None
    assert "Jo Evans" in sam.newest.words
    assert "07700 900123" in sam.newest.words
    await sam.presses("I've said hello")
    await sam.presses("Close")
    await sam.presses("Yes, close it")
    await place.settle()
    assert "Jo Evans" not in sam.newest.words
    assert "07700 900123" not in sam.reads
    assert "Did you feel listened to?" in jo.newest.words
