"""Who isn't let in, row by row: the status that fits, one sentence, nothing worked, nothing sent, never a 5xx."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.connector import Outbound
from bot.tokens import may_sign_in_at
from bot.validator import may_fetch_keys_from
from tests.bot.doorway import Doorway, doorway
from tests.bot.inbound_table import BODIES, TOKENS, UNENDORSED, Knock
from tests.fakes.openid import FakeOpenId
from tests.fakes.person import Person


async def _answered(door: Doorway, stranger: FakeOpenId, jo: Person, knock: Knock, text: str) -> str:
    assert door.openid is not None
    made = knock.token(door, stranger) if knock.token else door.openid.token(door.teams.service_url)
    sent = jo.activity(type="message", text=text) | knock.part
    headers = {"Authorization": f"Bearer {made}", "Connection": "close", **knock.headers}
    status, answer = await door.teams.post(sent if knock.body is None else knock.body, headers=headers)
    quiet = door.talk.came == [] and door.teams.calls == [] and set(answer) == {"error"}
    return "" if status == knock.status and quiet else f"{knock.what}: {status} {answer}"


@pytest.mark.parametrize(
    ("rows", "texts"), [(TOKENS, ("hi", "help_now")), (BODIES, ("hi",))], ids=["tokens", "bodies"]
)
async def test_who_is_not_let_in(rows: tuple[Knock, ...], texts: tuple[str, ...]) -> None:
    """A call for help opens no door without a token; with one it is answered, whatever else is wrong."""
    async with doorway(signed=True) as door, FakeOpenId() as stranger:
        assert door.openid is not None
        jo = door.teams.person()
        door.openid.keys[UNENDORSED] = (rsa.generate_private_key(65537, 2048), ["webchat"])
        await jo.says("hi")  # a good one is let in, and the bot has a token of its own by now
        assert (len(door.talk.came), [call.token for call in door.teams.calls]) == (1, ["t1"])
        door.talk.came.clear()
        door.teams.calls.clear()
        wrong = [await _answered(door, stranger, jo, knock, text) for text in texts for knock in rows]
        assert not [each for each in wrong if each]
        assert len({knock.what for knock in rows}) == len(rows)
        print(f"\n{len(wrong)} knocks, {len(rows)} kinds")  # noqa: T201  the count is quoted
        await jo.says("hi")
        assert jo.last_status == 200


async def test_no_token_is_good_while_the_key_server_is_down_and_any_is_once_it_was_asked() -> None:
    async with doorway(signed=True) as door:
        assert door.openid is not None
        jo = door.teams.person()
        door.openid.unwell = True
        for text in ("hi", "help_now"):
            await jo.says(text)
            assert (jo.last_status, door.talk.came, door.teams.calls) == (401, [], [])
    async with doorway(signed=True) as door:
        assert door.openid is not None
        jo = door.teams.person()
        await jo.says("hi")
        door.openid.unwell = True
        await jo.says("hi")
        assert (jo.last_status, len(door.talk.came), len(jo.sees)) == (200, 2, 2)


async def test_a_tenant_that_is_not_allowed_gets_the_crisis_card_for_a_crisis_and_a_refusal_for_all_else() -> (
    None
):
    """The refusal is help itself: nothing of the bot is opened, and whoever it is, they see who to ring."""
    async with doorway(signed=True) as door:
        door.talk.tenants = {"t1"}
        zed = door.teams.person(tenant="t9")
        for number, text in enumerate(("help_now", "hi", "request", "my matches", "digest"), start=1):
            await zed.says(text)
            assert (zed.last_status, len(zed.sees)) == (200, number)
            assert "Samaritans" in zed.newest.words
        for title in ("Execute", "Submit", "Open"):
            await zed.presses(title, on=zed.sees[0])
            assert zed.last_status == 200
        await zed.installs()
        assert door.talk.came == []
        assert {call.conversation_id for call in door.teams.calls} == {zed.conversation_id}


async def test_a_key_that_came_with_a_rotation_works_on_its_first_use() -> None:
    async with doorway(signed=True) as door:
        assert door.openid is not None
        jo = door.teams.person()
        door.openid.rotate()
        await jo.says("hi")
        assert (jo.last_status, door.openid.key_fetches) == (200, 1)


@pytest.mark.parametrize(
    ("url", "stand_in", "microsofts"),
    [
        ("https://smba.trafficmanager.net/uk/", True, True),
        ("http://smba.trafficmanager.net/uk/", False, False),
        ("http://127.0.0.1:5000/", True, False),
        ("http://localhost:5000/", True, False),
        ("http://[::1]:5000/", True, False),
        ("https://127.0.0.1:5000/", True, False),
        ("http://127.0.0.1@evil.example/", False, False),
        ("http://169.254.169.254/", False, False),
        ("file:///etc/passwd", False, False),
        ("ftp://127.0.0.1/", False, False),
        ("", False, False),
    ],
)
def test_http_on_this_machine_is_sent_to_only_while_the_key_server_is_here_too(
    url: str, stand_in: bool, microsofts: bool
) -> None:
    assert Outbound(loopback_http=True).allows(url) is stand_in
    assert Outbound().allows(url) is microsofts


async def test_an_answer_goes_to_the_tokens_own_service_url_and_nowhere_else() -> None:
    async with doorway(signed=True) as door:
        assert door.openid is not None
        jo = door.teams.person()
        elsewhere = "http://127.0.0.1:9/"
        for claimed, written in ((elsewhere, door.teams.service_url), (door.teams.service_url, elsewhere)):
            door.teams.token_for = lambda _, claimed=claimed: door.openid.token(claimed)  # type: ignore[union-attr, misc]
            await jo.sends(jo.activity(type="message", text="help_now", serviceUrl=written))
            assert (jo.last_status, door.teams.calls, door.talk.came) == (401, [], [])


@pytest.mark.parametrize("may", [may_fetch_keys_from, may_sign_in_at])
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://login.botframework.com/v1/x",
        "http://login.microsoftonline.com/t/oauth2/v2.0/token",
        "https://login.botframework.com.evil.example/",
        "https://login.microsoftonline.com.evil.example/",
        "https://login.microsoftonline.com@evil.example/",
        "https://127.0.0.1@evil.example/",
        "https://127.0.0.1.evil.example/",
        "file:///etc/passwd",
        "",
        "https://[::1",
    ],
)
def test_keys_and_sign_in_are_microsofts_or_this_machines_alone(may, url: str) -> None:
    assert not may(url)
