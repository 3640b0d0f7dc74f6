"""The bot's own pages in a browser: at any width, in light and dark, with larger text, and by keyboard alone."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect
from pydantic import SecretStr

from bot.pages.html import PLACES
from bot.service import make_service
from bot.settings import Settings
from tests.e2e.conftest import OpenPage, axe_faults

PICTURES = os.environ.get("PICTURES")
WIDTHS = {"phone": (390, 844), "desk": (1440, 900)}


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The bot's address, without its last slash."""
    database = SecretStr(f"sqlite+aiosqlite:///{tmp_path / 'none.sqlite3'}")
    given = Settings(local=True, database_url=database)
    async with make_service(given) as service, TestServer(service.app, host="127.0.0.1") as server:
        yield str(server.make_url("")).rstrip("/")


async def too_wide(page: Page) -> bool:
    """Whether one would have to scroll sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_every_page_fits_and_passes_axe(address: str, open_page: OpenPage, scheme: str, width: str):
    page = await open_page(address, *WIDTHS[width], color_scheme=scheme, bypass_csp=True)
    for name, place in PLACES.items():
        await page.goto(f"{address}{place}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert not await too_wide(page)
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / f"page-{name}-{width}-{scheme}.png", full_page=True)
        assert await axe_faults(page) == []


async def test_its_own_policy_lets_its_style_in_and_no_script(address: str, open_page: OpenPage):
    page = await open_page(address, color_scheme="dark", java_script_enabled=False)
    header = page.get_by_role("banner")
    await expect(header).to_have_css("background-color", "rgb(35, 35, 41)")
    await page.get_by_role("link", name="Privacy").click()
    await expect(page).to_have_title("Privacy - Peer support in Teams")


@pytest.mark.parametrize("place", PLACES.values())
async def test_text_of_twice_the_size_still_fits_a_phone(address: str, open_page: OpenPage, place: str):
    page = await open_page(f"{address}{place}", 390, 844, bypass_csp=True)
    await page.add_style_tag(content="html { font-size: 200% }")
    assert not await too_wide(page)
    clipped = await page.evaluate(
        """[...document.querySelectorAll("main *, footer *, nav *")]
           .filter((part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline")
           .map((part) => part.outerHTML.slice(0, 80))"""
    )
    assert clipped == []


async def test_by_keyboard_past_the_menu_and_to_the_help_lines(address: str, open_page: OpenPage):
    page = await open_page(f"{address}/privacy", 390, 844)
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the main text")
    await expect(skip).to_be_focused()
    assert await skip.evaluate("link => link.getBoundingClientRect().left >= 0")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
    await page.get_by_role("link", name="Need someone now?").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("contentinfo")).to_be_focused()
    await expect(page.get_by_role("link", name="116 123")).to_be_in_viewport()


async def test_the_system_may_ask_for_its_own_colours(address: str, open_page: OpenPage):
    page = await open_page(address, 390, 844, forced_colors="active")
    await expect(page.get_by_role("link", name="Accessibility")).to_be_visible()
    assert not await too_wide(page)
