"""The gallery drawn in a browser, with the local Teams' own renderer and colours. Nothing leaves the machine."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Route

ROOT = Path(__file__).parents[2]
ADDRESS = "http://gallery.test"
SHEETS = ("base", "column", "messages", "card")
RENDERER = ROOT / "node_modules/adaptivecards/dist/adaptivecards.min.js"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
HTML = f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Gallery</title>
{"".join(f'<link rel="stylesheet" href="/page/css/{sheet}.css">' for sheet in SHEETS)}
<style>html, body {{ display: block; height: auto; overflow: visible; background: var(--surface) }}
main {{ padding: 8px }} section {{ max-width: 480px; margin: 0 0 24px }}</style></head>
<body><main></main><script src="/renderer.js"></script></body></html>"""
DRAW = """async (cards) => {
  const { drawCard } = await import("/page/js/card.js");
  const drawn = cards.map(([name, card, language]) => {
    const section = document.createElement("section");
    section.id = name;
    section.lang = language;
    section.append(drawCard(card, () => {}, () => {}));
    document.querySelector("main").append(section);
    return section;
  });
  return drawn.map((section) => ({
    wide: section.scrollWidth > section.clientWidth,
    buttons: [...section.querySelectorAll("button")].map((button) => button.textContent),
    words: section.innerText,
  }));
}"""


async def open_gallery(page: Page) -> None:
    """An empty page that can draw cards."""
    await page.route("**/*", _answer)
    await page.goto(f"{ADDRESS}/")


async def draw(page: Page, name: str, card: dict[str, Any]) -> dict[str, Any]:
    """Add one card to the page: its buttons, its words, and whether it is wider than the page."""
    (drawn,) = await draw_all(page, [(name, card, "en-GB")])
    return drawn


async def draw_all(page: Page, cards: Sequence[tuple[str, dict[str, Any], str]]) -> list[dict[str, Any]]:
    """Add many, each with its name and its language, in one go."""
    drawn: list[dict[str, Any]] = await page.evaluate(DRAW, [list(card) for card in cards])
    return drawn


async def in_theme(page: Page, theme: str) -> None:
    """Show what is drawn in other colours. They are the page's own variables, so nothing is drawn again."""
    await page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)


async def in_text_size(page: Page, percent: int) -> None:
    """As if the reader had set this size of text. What is drawn from now on follows it."""
    await page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", f"{percent}%")


async def _answer(route: Route) -> None:
    path = route.request.url.removeprefix(ADDRESS)
    if path == "/":
        await route.fulfill(body=HTML, content_type="text/html")
        return
    file = RENDERER if path == "/renderer.js" else ROOT / "sandbox" / path.lstrip("/")
    if not file.is_file():
        await route.fulfill(status=404)
        return
    kind = mimetypes.guess_type(file.name)[0] or "text/plain"
    await route.fulfill(body=file.read_bytes(), content_type=kind)
