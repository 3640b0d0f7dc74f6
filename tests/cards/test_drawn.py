"""The gallery as people see it: every card draws, fits a phone, is read in order, and passes axe in every colour."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from cards.crisis import Variant, crisis_card
from cards.frame import Card
from cards.more_support import more_support_card
from cards.plain import plain
from cards.reader import Reader
from peer_support.crisis.contacts import packaged
from peer_support.crisis.opening import more_support
from tests.cards.checks import parts
from tests.cards.drawn import AXE, RENDERER, draw, draw_all, in_text_size, in_theme, open_gallery
from tests.cards.gallery import EXHIBITS, NIGHT

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE = {"width": 360, "height": 740}
BOLD = 600
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


# Where each word stands: from top to bottom, and from left to right where two are on one line.
ORDER = """() => [...document.querySelectorAll("section")].flatMap((section) => {
  const lines = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let line; (line = lines.nextNode());) {
    if (!line.data.trim() || line.parentElement.closest("option, [hidden]")) continue;
    const around = document.createRange();
    around.selectNodeContents(line);
    const box = around.getBoundingClientRect();
    if (box.width) found.push({ words: line.data, top: box.top, bottom: box.bottom, left: box.left });
  }
  return found.slice(1).map((next, place) => [found[place], next])
    .filter(([one, next]) => next.top < one.top - 2 && !(next.left > one.left && next.bottom > one.top))
    .map(([one, next]) => `${section.id}: "${one.words}" is read before "${next.words}"`);
})"""
# The words that the first heading holds, or the first words where a card of schema 1.2 knows no headings.
FIRST = """() => [...document.querySelectorAll("section")].map((section) => {
  const heading = section.querySelector("[role=heading]");
  const words = document.createTreeWalker(section, NodeFilter.SHOW_TEXT).nextNode();
  return [section.id, !!heading && heading.contains(words), getComputedStyle(words.parentElement).fontWeight];
})"""
# What is cut off, or wider than the page. A drop-down's picked answer may be cut: it is whole once it is opened.
CUT = """() => [...document.querySelectorAll("section *")].filter((part) => {
  if (part.matches("select, option, input, .unseen") || !part.textContent.trim()) return false;
  const hides = getComputedStyle(part).overflow !== "visible";
  const cut = hides && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1);
  return cut || part.getBoundingClientRect().right > document.documentElement.clientWidth;
}).map((part) => part.outerHTML.slice(0, 200))"""
LOOKS = ("type", "color", "size", "weight", "style", "isMultiSelect", "isMultiline")
CONTRAST = """async () => {
  const found = await axe.run(document.querySelector("main"), {runOnly: ["color-contrast"]});
  return found.violations.flatMap((each) => each.nodes.map((node) => [node.html, node.failureSummary]));
}"""


Drawn = tuple[str, Card, str]


def conversations() -> list[Drawn]:
    """Every card of the gallery, and one of each kind of the guard's, in English."""
    made = [(f"card-{number}", exhibit.make(Reader()), "en-GB") for number, exhibit in enumerate(EXHIBITS)]
    return [*made, *guards(Reader())]


def guards(reader: Reader) -> list[Drawn]:
    """The guard's cards for one reader."""
    where, view = f"{reader.language}-{len(reader.nations)}", more_support(packaged(), reader.nations, NIGHT)
    made = [
        (f"{variant}-{where}", crisis_card(variant, reader, packaged()), reader.language)
        for variant in Variant
    ]
    return [*made, (f"more-{where}", more_support_card(view, reader), reader.language)]


def welsh() -> list[Drawn]:
    """Every card that there is in Welsh."""
    made = [(f"cerdyn-{number}", exhibit.make(Reader("cy")), "cy") for number, exhibit in enumerate(EXHIBITS)]
    spoken = [each for each in made if "Help nawr" in {action["title"] for action in each[1]["actions"]}]
    return [*spoken, *guards(Reader("cy")), *guards(Reader("cy", frozenset({"W"})))]


def samples(cards: list[Drawn]) -> list[Drawn]:
    """As few cards as show every kind of part in every colour, size and weight that there is."""
    seen: set[object] = set()
    chosen = []
    for drawn in cards:
        looks = {tuple(str(part.get(each)) for each in LOOKS) for part in parts(drawn[1])}
        if looks - seen:
            chosen.append(drawn)
            seen |= looks
    return chosen


async def drawn_well(page: Page, cards: list[Drawn]) -> None:
    """All of a card is there, and no card is wider than the page."""
    for (name, card, _), drawn in zip(cards, await draw_all(page, cards), strict=True):
        assert not drawn["wide"], name
        assert {action["title"] for action in card["actions"]} <= set(drawn["buttons"]), name
        assert card["body"][0]["text"] in drawn["words"], name
        assert plain(card).splitlines()[-1] in drawn["words"], name


@pytest.fixture
async def gallery(browser: Browser) -> AsyncIterator[Page]:
    """An empty page as wide as a small phone. The test fails at its end if the page raised an error."""
    page = await browser.new_page(viewport=PHONE, reduced_motion="reduce")
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    await open_gallery(page)
    await page.add_script_tag(path=AXE)
    yield page
    await page.close()
    assert not faults


@pytest.mark.parametrize("half", [0, 1])
async def test_every_card_draws_fits_a_phone_and_passes_axe(gallery: Page, half: int):
    await drawn_well(gallery, conversations()[half::2])
    assert not await gallery.evaluate(LOOK, NOT_OURS | {"color-contrast": {"enabled": False}})


async def test_every_kind_of_part_can_be_read_in_every_colour(gallery: Page):
    await drawn_well(gallery, samples(conversations()))
    for theme in ("light", "dark", "contrast"):
        await in_theme(gallery, theme)
        assert not await gallery.evaluate(CONTRAST), theme


async def test_heading_first_then_all_in_the_order_in_which_it_stands(gallery: Page):
    await drawn_well(gallery, [*conversations(), *welsh()])
    assert await gallery.evaluate(ORDER) == []
    firsts = {name: (heads, int(weight)) for name, heads, weight in await gallery.evaluate(FIRST)}
    assert all(heads for name, (heads, _) in firsts.items() if name.startswith(("card", "cerdyn")))
    assert all(weight >= BOLD for _, weight in firsts.values())


async def test_the_looks_find_what_they_look_for(gallery: Page):
    await gallery.evaluate(
        """() => { document.querySelector("main").innerHTML = `<section id="bad"><p style="margin-top: 90px">second</p>
        <p style="margin-top: -130px; color: #bbb">first</p>
        <p style="overflow: hidden; width: 9px; height: 9px">cut off</p>
        <p style="margin-top: 300px; color: #bbb">faint</p></section>`; }"""
    )
    assert await gallery.evaluate(ORDER)
    assert await gallery.evaluate(CUT)
    assert await gallery.evaluate(CONTRAST)
    assert (await gallery.evaluate(FIRST))[0][1] is False


async def test_text_of_twice_the_size_is_neither_cut_nor_wider_than_a_phone(gallery: Page):
    await in_text_size(gallery, 200)
    await drawn_well(gallery, [*conversations(), *welsh()])
    sizes = await gallery.evaluate(
        "() => [...document.querySelectorAll('section [role=heading]')].map((each) => getComputedStyle(each).fontSize)"
    )
    assert set(sizes) == {"36px"}
    assert await gallery.evaluate(CUT) == []


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
