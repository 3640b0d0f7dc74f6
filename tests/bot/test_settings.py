"""Settings: what stands when nothing is set, what is said of a wrong one, and what never starts."""

from __future__ import annotations

from dataclasses import fields

import pytest

from bot import settings as settings_room
from bot.settings import PREFIX, Problem, cannot_start, documented, read, unknown
from peer_support.hours import WeeklyHours
from peer_support.policy import Policy

SECRET = "a-very-secret-thing"
IDENTITY = {"APP_ID": "id", "APP_PASSWORD": SECRET, "APP_TENANT_ID": "tenant"}


@pytest.fixture
def given(monkeypatch):
    """Set settings for this test, and no others."""
    for name in settings_room.os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)

    def give(**values: str):
        for name, value in values.items():
            monkeypatch.setenv(PREFIX + name, value)
        return read()

    return give


def test_nothing_set(given):
    settings, problems = given()
    assert problems == ()
    assert (settings.host, settings.port, settings.forms, settings.lane) == ("127.0.0.1", 3978, "dialog", 16)
    assert settings.database_url.get_secret_value() == "sqlite+aiosqlite:///var/peer-support.sqlite3"
    assert settings.policy() == Policy()
    assert settings.local is False


def test_the_policy_numbers_are_all_settings(given):
    names = {part.name.upper() for part in fields(Policy)}
    assert names <= {row.name.removeprefix(PREFIX) for row in documented()}
    settings, _ = given(OFFER_OPEN_HOURS="6", WAKING="Mon-Fri 07:00-19:00", DIGEST_AT="07:15")
    policy = settings.policy()
    assert (policy.offer_open_hours, policy.digest_at) == (6, "07:15")
    assert policy.waking == WeeklyHours.parse("Mon-Fri 07:00-19:00")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "must be a whole number"),
        ("PORT", "70000", "must be at most 65535"),
        ("LANE", "0", "must be at least 1"),
        ("LOCAL", "perhaps", "must be 1 or 0"),
        ("FORMS", "paper", "must be 'dialog' or 'chat'"),
        ("LOG_LEVEL", "LOUD", "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("WAKING", "all day", "must be hours like Mon-Fri 08:00-20:00; Sat 10:00-14:00"),
        ("DIGEST_AT", "8.30", "must be a time like 08:30"),
        ("ENDING_MOST_HOURS", "0", "must be at least 1"),
        (
            "OPENID_METADATA_URL",
            "https://evil.example/x",
            "must be Microsoft's own address, or one on this machine",
        ),
        ("TOKEN_URL", "https://evil.example/x", "must be Microsoft's own address, or one on this machine"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence_and_its_default_stands_in(given, name, value, said):
    settings, problems = given(**{name: value})
    assert problems == (Problem(PREFIX + name, f"{PREFIX}{name} {said}."),)
    untouched, _ = read()
    assert getattr(settings, name.lower()) == type(untouched).model_fields[name.lower()].default


def test_all_wrong_settings_are_named_at_once(given):
    _, problems = given(PORT="x", LANE="x", ENDING_LEAST_HOURS="5", ENDING_MOST_HOURS="4")
    assert {problem.name for problem in problems} == {
        PREFIX + "PORT",
        PREFIX + "LANE",
        PREFIX + "ENDING_MOST_HOURS",
    }


def test_no_secret_is_ever_printed(given):
    settings, problems = given(
        APP_PASSWORD=SECRET,
        KEYS=SECRET,
        LOOKUP_KEY=SECRET,
        DATABASE_URL=f"postgresql://u:{SECRET}@h/d",
        PORT=SECRET,
    )
    assert SECRET not in repr(settings) + str(settings) + repr(problems) + str(settings.model_dump())
    assert SECRET not in repr(cannot_start(settings))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, ("APP_ID", "APP_PASSWORD", "APP_TENANT_ID", "LOCAL=1")),
        (IDENTITY | {"APP_ID": ""}, ("APP_ID.",)),
        (IDENTITY | {"APP_ID": "  "}, ("APP_ID.",)),
        (IDENTITY | {"APP_PASSWORD": " "}, ("APP_PASSWORD.",)),
        (IDENTITY | {"APP_TENANT_ID": ""}, ("APP_TENANT_ID.",)),
        ({"LOCAL": "0"}, ("APP_ID",)),
        ({"LOCAL": "perhaps"}, ("APP_ID",)),
        ({"LOCAL": "1", "HOST": "0.0.0.0"}, ("HOST", "this machine")),  # noqa: S104 - refused
        ({"LOCAL": "1", "HOST": "bot.police.example"}, ("HOST",)),
        (IDENTITY | {"LOCAL": "1"}, ("LOCAL",)),
        ({"LOCAL": "1", "APP_ID": "id"}, ("LOCAL",)),
    ],
    ids=str,
)
def test_what_never_starts_says_why_in_one_sentence(given, values, said):
    settings, _ = given(**values)
    why = cannot_start(settings)
    assert why is not None
    assert all(part in why for part in said)
    assert SECRET not in why


@pytest.mark.parametrize("values", [IDENTITY, {"LOCAL": "1"}, {"LOCAL": "true", "HOST": "::1"}], ids=str)
def test_what_starts(given, values):
    settings, problems = given(**values)
    assert (cannot_start(settings), problems) == (None, ())


def test_the_sign_in_address_is_the_apps_tenants_own(given):
    settings, _ = given(**IDENTITY)
    assert settings.sign_in_url == "https://login.microsoftonline.com/tenant/oauth2/v2.0/token"
    settings, _ = given(TOKEN_URL="http://127.0.0.1:1/token")
    assert settings.sign_in_url == "http://127.0.0.1:1/token"


def test_a_slip_of_the_pen_is_seen():
    found = unknown(["PEER_SUPPORT_APPID", "PEER_SUPPORT_PORT", "PATH", "PEER_SUPPORT_ZZZZ"])
    assert [problem.sentence for problem in found] == [
        "PEER_SUPPORT_APPID is not a setting; PEER_SUPPORT_APP_ID is.",
        "PEER_SUPPORT_ZZZZ is not a setting.",
    ]


def test_every_setting_is_documented():
    rows = documented()
    assert all(row.name.startswith(PREFIX) and row.meaning for row in rows)
    assert len({row.name for row in rows}) == len(rows) > 40
    assert {row.name: row.default for row in rows}[PREFIX + "LOCAL"] == "0"
