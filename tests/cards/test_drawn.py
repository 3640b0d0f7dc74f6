"""The gallery as people see it: every card draws, fits a phone, and passes axe in light and dark."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from cards.plain import plain
from cards.reader import Reader
from tests.cards.drawn import AXE, RENDERER, draw, open_gallery
from tests.cards.gallery import EXHIBITS

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE = {"width": 360, "height": 740}
# The renderer's radios are 13 px; Teams draws its own. Many cards stand on one page, without landmarks.
NOT_OURS = {
    name: {"enabled": False} for name in ("target-size", "region", "page-has-heading-one", "heading-order")
}
# A card's ids are its own in a chat; side by side on this page they meet.
NOT_OURS |= {name: {"enabled": False} for name in ("duplicate-id", "duplicate-id-aria")}
LOOK = """async (rules) => {
  const found = await axe.run(document.querySelector("main"), {rules});
  return found.violations.map((each) => [each.id, each.nodes[0].html, each.nodes[0].failureSummary]);
}"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for this file. Without one the tests are skipped, but not in CI."""
    missing = [str(path) for path in (CHROMIUM, RENDERER, AXE) if not path.exists()]
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"not installed: {missing}")
        pytest.skip(f"not installed: {missing}")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        await running.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_card_draws_fits_a_phone_and_passes_axe(browser: Browser, theme: str):
    page = await browser.new_page(viewport=PHONE)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    await open_gallery(page)
    await page.add_script_tag(path=AXE)
    for number, exhibit in enumerate(EXHIBITS):
        card = exhibit.make(Reader())
        drawn = await draw(page, f"card-{number}", card, theme)
        assert not drawn["wide"], exhibit.name
        assert "Help now" in drawn["buttons"], exhibit.name
        shown = {action["title"] for action in card["actions"]}
        assert shown <= set(drawn["buttons"]), exhibit.name
        assert card["body"][0]["text"] in drawn["words"], exhibit.name
        assert plain(card).splitlines()[-1] in drawn["words"], exhibit.name
    violations = await page.evaluate(LOOK, NOT_OURS)
    assert not violations
    assert not faults
    await page.close()


async def test_a_group_of_topics_opens_and_still_sends_what_is_folded_away(browser: Browser):
    page = await browser.new_page(viewport=PHONE)
    await open_gallery(page)
    form = next(exhibit for exhibit in EXHIBITS if exhibit.name == "form dialog")
    await draw(page, "form", form.make(Reader()))
    topic = page.get_by_text("A traumatic incident at work")
    assert not await topic.is_visible()
    await page.get_by_role("button", name="A job that stays with me, show or hide").click()
    assert await topic.is_visible()
    await topic.click()
    await page.get_by_role("button", name="A job that stays with me, show or hide").press("Enter")
    assert not await topic.is_visible()
    assert await page.get_by_role(
        "checkbox", name="A traumatic incident at work", include_hidden=True
    ).is_checked()
    await page.close()
