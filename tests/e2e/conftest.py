"""The page in the system's own Chromium, against a sandbox and whichever bot stands behind it."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.sandbox.scripted_bot import Town, running_town

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
MODULES = Path(__file__).parents[2] / "node_modules"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OpenPage = Callable[..., Awaitable[Page]]


def _missing() -> str:
    if not CHROMIUM.exists():
        return f"Chromium isn't at {CHROMIUM}: apt install chromium"
    if not (MODULES / "adaptivecards").is_dir() or not (MODULES / "axe-core").is_dir():
        return "the card renderer and axe-core aren't installed: npm ci"
    return ""


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all; each test has its own empty profile. Without one the tests are skipped, but not in CI."""
    if missing := _missing():
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        await running.close()


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """A sandbox with the scripted bot behind it."""
    async with running_town(time.monotonic) as running:
        yield running


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens an address at a width; fails the test at its end if the page wrote an error or raised one."""
    contexts, faults = [], []

    async def opened(address: str, width: int = 1440, height: int = 900, **more: Any) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **more
        )
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        await page.goto(address)
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert faults == []


async def axe_faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands."""
    await page.evaluate((MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = await page.evaluate(
        """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
           .map(fault => `${fault.id}: ${fault.nodes.map(node => node.html.slice(0, 160)).join(" | ")}`)"""
    )
    return list(found)
