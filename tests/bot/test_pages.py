"""The bot's own pages: what they say is what is set, nothing on them comes from elsewhere, and help is at each foot."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.pages import language_of
from bot.pages.html import PLACES, whole_page
from bot.pages.words import MAINS, Facts, hours_words
from bot.service import make_service
from bot.settings import Settings
from cards.reader import Reader
from peer_support.crisis.contacts import packaged
from peer_support.force import Force
from peer_support.hours import WeeklyHours
from peer_support.policy import Policy
from tests.bot.test_server import ELSEWHERE

FACTS = Facts(Policy(), (), packaged())
FORCE = Force("northmoor", "Northmoor Police", frozenset({"E"}), "yorkshire_humber", frozenset({"t"}))


@asynccontextmanager
async def served(folder: Path, **settings: object) -> AsyncIterator[TestClient]:
    """The whole bot on this machine, whose store was never opened."""
    database = SecretStr(f"sqlite+aiosqlite:///{folder / 'none.sqlite3'}")
    given = Settings.model_validate({"local": True, "database_url": database, **settings})
    async with (
        make_service(given) as service,
        TestClient(TestServer(service.app, host="127.0.0.1")) as client,
    ):
        yield client


def page(name: str, facts: Facts = FACTS) -> str:
    reader = Reader()
    return whole_page(name, MAINS[name](facts, reader), reader, facts.contacts)


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).replace("&#x27;", "'").split())


@pytest.mark.parametrize("name", PLACES)
async def test_a_page_is_served_with_nothing_from_elsewhere(name: str, tmp_path: Path):
    async with served(tmp_path) as client:
        response = await client.get(PLACES[name])
        html = await response.text()
        assert (response.status, response.content_type, response.charset) == (200, "text/html", "utf-8")
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in response.headers
        assert "Strict-Transport-Security" not in response.headers
        assert not re.search(r"<script|style=|\son\w+=|https?://|//", html.replace("<!doctype", ""))
        linked = set(re.findall(r'(?:href|src)="([^"]+)"', html))
        assert {link for link in linked if not link.startswith("tel:")} == {
            *PLACES.values(), "/page.css", "/page.svg", "#main", "#help"
        }  # fmt: skip
        for link in linked - {"#main", "#help"}:
            assert link.startswith("tel:") or (await client.get(link)).status == 200
        assert (await client.head(PLACES[name])).status == 200
        assert (await client.post(PLACES[name])).status == 405


@pytest.mark.parametrize(("place", "kind"), [("/page.css", "text/css"), ("/page.svg", "image/svg+xml")])
async def test_what_stands_beside_the_pages_leads_nowhere(place: str, kind: str, tmp_path: Path):
    async with served(tmp_path) as client:
        response = await client.get(place)
        assert (response.status, response.content_type) == (200, kind)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        text = await response.text()
        assert "url(" not in text
        assert "@import" not in text
        assert "href=" not in text


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_in_local_mode_the_pages_too_are_for_this_machine_alone(
    headers: dict[str, str], tmp_path: Path
):
    async with served(tmp_path) as client:
        for place in (*PLACES.values(), "/page.css"):
            assert (await client.get(place, headers=headers)).status == 403


async def test_under_its_own_name_https_is_insisted_on(tmp_path: Path):
    app = {"local": False, "app_id": "a" * 36, "app_password": SecretStr("x"), "app_tenant_id": "b" * 36}
    async with served(tmp_path, **app) as client:
        response = await client.get("/", headers={"Host": "bot.police.example"})
        assert response.status == 200
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "Strict-Transport-Security" not in (await client.get("/")).headers


async def test_a_page_says_what_is_set(tmp_path: Path):
    own = {
        "waking": "Mon-Fri 09:00-17:30",
        "draft_hours": 1,
        "note_kept_days": 11,
        "names_shown": 2,
        "names_shown_days": 45,
        "note_length": 120,
        "resting_close_days": 9,
    }
    async with served(tmp_path, **own) as client:
        home, privacy, terms = [
            words(await (await client.get(f"/{p}")).text()) for p in ("", "privacy", "terms")
        ]
    assert "asked Monday to Friday 09:00 to 17:30, London time" in home
    assert "Some forces have set other hours" in home  # Northmoor and Lough Erin of the demo
    assert "A form you haven't sent 1 hour." in privacy
    assert "Until you're introduced, or 11 days." in privacy
    assert "No more than 2 of them in 45 days." in privacy
    assert "A note may have 120 characters" in terms
    assert "closes after 9 days" in terms


def test_forces_of_their_own_mind_are_told_of_only_where_there_are_some():
    alike = replace(FACTS, forces=(FORCE,))
    other = replace(FORCE, policy=Policy(draft_hours=12, waking=WeeklyHours.parse("Sat 08:00-12:00")))
    apart = replace(FACTS, forces=(FORCE, other))
    assert "Some forces" not in page("home", alike) + page("privacy", alike)
    assert "Some forces have set other hours" in page("home", apart)
    assert "Some forces have set numbers of their own" in page("privacy", apart)
    assert "Some forces" not in page("home", replace(FACTS, forces=None))


def test_a_force_that_may_open_a_name_is_named_in_the_words_of_its_limits():
    opening = replace(FORCE, features=frozenset({"break_glass"}))
    said = words(page("privacy", replace(FACTS, forces=(opening,))))
    assert "A coordinator of Northmoor Police may then be shown your name and work address." in said
    assert "or after 72 hours where a life is at risk" in said
    assert "may then be shown" not in words(page("privacy", replace(FACTS, forces=(FORCE,))))


@pytest.mark.parametrize("name", PLACES)
def test_every_nations_lines_stand_at_the_foot(name: str):
    foot = words(page(name).partition("<footer")[2])
    for line in (
        "999",
        "0300 131 2789",
        "116 123",
        "SHOUT to 85258",
        "Scotland: NHS 24 on 111",
        "0808 808 8000",
    ):
        assert line in foot
    assert "Wales: NHS 111" in foot
    assert 'href="tel:116123"' in page(name)
    assert 'href="tel:08088088000">0808 808 8000<' in page(name)


@pytest.mark.parametrize("name", PLACES)
def test_without_the_contacts_data_the_packaged_words_stand_there(name: str):
    foot = words(page(name, replace(FACTS, contacts=())).partition("<footer")[2])
    assert "Samaritans 116 123" in foot
    assert "Lifeline 0808 808 8000" in foot


@pytest.mark.parametrize("name", PLACES)
def test_one_first_heading_and_none_is_skipped(name: str):
    html = page(name)
    levels = [int(level) for level in re.findall(r"<h([1-6])>", html)]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
    assert html.count("<main") == html.count("<header") == html.count("<footer") == html.count("<nav") == 1
    assert html.count('aria-current="page"') == 1
    assert "{" not in html
    assert "$" not in html


def test_what_others_see_and_that_teams_sees_the_use():
    said = words(page("privacy"))
    assert "Your force runs Teams. It can see that you used this app and when" in said
    assert "Not who asked, or what about." in said
    assert "This text is a draft." in said


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("Mon-Sun 08:00-22:00", "every day 08:00 to 22:00"),
        ("Mon-Sun 00:00-24:00", "every day at any hour"),
        ("Wed 09:00-17:00", "Wednesday 09:00 to 17:00"),
        (
            "Mon-Fri 08:00-20:00; Sat 10:00-14:00",
            "Monday to Friday 08:00 to 20:00 and Saturday 10:00 to 14:00",
        ),
        (
            "Mon,Wed 08:00-12:00; Mon,Wed 13:00-24:00",
            "Monday 08:00 to 12:00 and 13:00 to 24:00 and Wednesday 08:00 to 12:00 and 13:00 to 24:00",
        ),
    ],
)
def test_hours_are_said_as_people_say_them(hours: str, said: str):
    assert hours_words(WeeklyHours.parse(hours), Reader()) == said


@pytest.mark.parametrize("accepted", ["", "fr-FR, en;q=0.5", "*", ";;,,", "en-GB", "x" * 9999])
def test_a_language_without_a_catalogue_is_english(accepted: str):
    assert language_of(accepted) == "en"
