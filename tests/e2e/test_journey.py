"""The whole journey in a browser, as a newcomer lives it: real bot, real cards, three people side by side."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage, axe_faults
from tests.e2e.demo import running_demo

PICTURES = os.environ.get("PICTURES")


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    """A demo of this test's own."""
    async with running_demo(tmp_path) as address:
        yield address


def column(page: Page, place: str) -> Locator:
    """One of the three people."""
    return page.locator(f'.column[data-place="{place}"]')


async def picture(page: Page, name: str) -> None:
    """Kept only where PICTURES names a folder: for looking at, and for the README."""
    if PICTURES:
        await page.wait_for_timeout(400)
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def press(within: Locator, title: str) -> None:
    """The newest button of this title."""
    await within.get_by_role("button", name=title, exact=True).last.click()


async def heading(within: Locator, words: str) -> None:
    """Wait for a card's heading."""
    await expect(within.get_by_role("heading", name=words).last).to_be_visible()


async def says(within: Locator, words: str) -> None:
    """Type a line and send it."""
    box = within.get_by_role("textbox", name="Type a message")
    await box.fill(words)
    await box.press("Enter")


async def clean(page: Page) -> None:
    """axe finds nothing but the renderer's own small radios."""
    faults = [fault for fault in await axe_faults(page) if not fault.startswith("target-size")]
    assert faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_asked_answered_introduced_and_closed(demo: str, open_page: OpenPage, theme: str) -> None:
    page = await open_page(f"{demo}?theme={theme}", 1440, 900)
    jo, sam, ria = column(page, "left"), column(page, "middle"), column(page, "right")
    for person in (jo, sam, ria):
        await heading(person, "Hello")
    await picture(page, f"{theme}-1-welcome")
    await clean(page)

    await press(jo, "Ask for a peer")
    await heading(jo, "Before you ask")
    await picture(page, f"{theme}-2-limits")
    await press(jo, "Continue")
    dialog = page.get_by_role("dialog")
    await heading(dialog, "Ask for a peer")
    await picture(page, f"{theme}-3-form")
    await clean(page)
    await press(dialog, "Review")
    await heading(dialog, "One last look")
    await picture(page, f"{theme}-4-review")
    await press(dialog, "Send request")
    await expect(dialog).to_have_count(0)
    await heading(jo, "Sent")
    await heading(sam, "Could you listen to a colleague?")
    await picture(page, f"{theme}-5-offer")
    await clean(page)
    assert "Jo" not in await sam.locator(".messages, [role=log]").first.inner_text()

    await press(sam, "Accept")
    await heading(jo, "Someone has offered to listen")
    await picture(page, f"{theme}-6-proposal")
    await press(jo, "Introduce us")
    await heading(dialog, "How should Sam reach you?")
    await picture(page, f"{theme}-7-contact")
    await clean(page)
    await press(dialog, "Introduce us")
    await heading(jo, "You're introduced")
    await expect(sam.get_by_text("This is Jo Evans").last).to_be_visible()
    await picture(page, f"{theme}-8-introduced")
    await clean(page)

    await press(sam, "I've said hello")
    await press(jo, "Close")
    await press(jo, "Yes, close it")
    await expect(sam.get_by_text("Jo Evans")).to_have_count(0)
    await picture(page, f"{theme}-9-closed")
    await clean(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_help_now_on_a_phone(demo: str, open_page: OpenPage, theme: str) -> None:
    page = await open_page(f"{demo}?theme={theme}", 390, 844)
    jo = column(page, "left")
    await heading(jo, "Hello")
    await picture(page, f"{theme}-phone-1-welcome")
    await says(jo, "i need help")
    await expect(jo.get_by_text("0300 131 2789").last).to_be_visible()
    await picture(page, f"{theme}-phone-2-help")
    await clean(page)
    await press(jo, "Carry on")
    await press(jo, "Ask for a peer")
    await press(jo, "Continue")
    dialog = page.get_by_role("dialog")
    await heading(dialog, "Ask for a peer")
    await picture(page, f"{theme}-phone-3-form")
    await clean(page)
    await press(dialog, "Help now")
    await expect(dialog.get_by_text("0300 131 2789").last).to_be_visible()
    await picture(page, f"{theme}-phone-4-help-in-form")
    await press(dialog, "Carry on")
    await heading(dialog, "Ask for a peer")
    await press(dialog, "Review")
    await heading(dialog, "One last look")
    await press(dialog, "Send request")
    await heading(jo, "Sent")
    await picture(page, f"{theme}-phone-5-sent")
