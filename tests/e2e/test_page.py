"""The local Teams page in a browser: it draws, presses, opens dialogs, and is usable by everyone at any width."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage, axe_faults
from tests.sandbox import cards
from tests.sandbox.scripted_bot import Town, attached

JO, SAM, MEL = "officer-jo", "supporter-sam", "coordinator-mel"


def column(page: Page, place: str) -> Locator:
    """One of the three."""
    return page.locator(f'.column[data-place="{place}"]')


async def ready(page: Page) -> Locator:
    """The left column, once its welcome is there."""
    left = column(page, "left")
    await expect(left.get_by_role("heading", name="Hello")).to_be_visible()
    return left


async def test_three_people_are_welcomed_once_each(town: Town, open_page: OpenPage) -> None:
    page = await open_page(town.url)
    for place, name in (("left", "Jo Evans"), ("middle", "Sam Okafor"), ("right", "Mel Hughes")):
        await expect(column(page, place).get_by_role("heading", name="Hello")).to_have_count(1)
        await expect(column(page, place).get_by_role("button", name=name)).to_be_visible()
    await page.reload()
    await ready(page)
    assert len(town.bot.of("installationUpdate")) == 3


async def test_enter_sends_and_what_the_bot_says_is_text(town: Town, open_page: OpenPage) -> None:
    left = await ready(await open_page(town.url))
    box = left.get_by_role("textbox", name="Type a message")
    await box.fill("hi <b>there</b>")
    await box.press("Enter")
    await expect(left.get_by_text("You said: hi <b>there</b>")).to_be_visible()
    await expect(box).to_have_value("")
    await box.fill("a line")
    await box.press("Shift+Enter")
    await expect(box).to_have_value("a line\n")
    await expect(left.get_by_text("<b>Plain</b> & simple")).to_be_visible()
    await expect(left.locator("strong", has_text="listens")).to_be_visible()


async def test_a_pressed_card_is_replaced_in_its_place_and_edited_by_id(
    town: Town, open_page: OpenPage
) -> None:
    left = await ready(await open_page(f"{town.url}/?left={JO}"))
    await left.get_by_role("button", name="Learn more").click()
    await expect(left.get_by_role("heading", name="About peer support")).to_be_visible()
    await expect(left.get_by_role("heading", name="Hello")).to_have_count(0)
    await expect(left.locator(".message.bot .card")).to_be_focused()
    jo = town.bot.heard[0]
    first = (await town.get(f"/sandbox/chats/{JO}"))["messages"][0]["id"]
    await town.bot.call("PUT", jo, f"/activities/{first}", attached(cards.OFFER))
    await expect(left.get_by_role("heading", name="Could you listen")).to_be_visible()
    await expect(left.get_by_text("Edited")).to_be_visible()


async def test_words_and_faults_stand_under_the_pressed_card(town: Town, open_page: OpenPage) -> None:
    left = await ready(await open_page(town.url))
    await left.get_by_role("button", name="Help now").click()
    await expect(left.get_by_text("Ring 999 if you are in danger.")).to_be_visible()
    await left.get_by_role("button", name="Break").click()
    await expect(left.get_by_role("alert")).to_have_text("Something went wrong. Please try again.")
    town.bot.status = 500
    await left.get_by_role("textbox").fill("hi")
    await left.get_by_role("textbox").press("Enter")
    await expect(left.locator(".message.own .note")).to_have_text("Something went wrong. Please try again.")


async def test_typing_is_shown_while_the_bot_thinks(town: Town, open_page: OpenPage) -> None:
    left = await ready(await open_page(town.url))
    await town.post("/sandbox/weather", {"kind": "slow", "seconds": 1, "who": JO})
    await left.get_by_role("textbox").fill("hi")
    await left.get_by_role("textbox").press("Enter")
    await expect(left.get_by_text("Peer support is typing…")).to_be_visible()
    await expect(left.get_by_text("You said: hi")).to_be_visible()
    await expect(left.get_by_text("Peer support is typing…")).to_have_count(0)


async def test_a_dialog_keeps_the_focus_gathers_inputs_and_closes(town: Town, open_page: OpenPage) -> None:
    page = await open_page(f"{town.url}/?theme=dark")
    left = await ready(page)
    await left.get_by_role("button", name="Ask for a peer").click()
    dialog = left.get_by_role("dialog", name="Ask for a peer")
    await expect(dialog).to_be_focused()
    assert town.bot.of("invoke")[0]["value"]["context"] == {"theme": "dark"}
    for _ in range(25):
        await page.keyboard.press("Tab")
        assert await dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    await dialog.get_by_label("Something at work").check()
    await dialog.get_by_label("Years in the job").fill("12")
    await expect(dialog.get_by_label("Remember this")).to_be_hidden()
    await dialog.get_by_role("button", name="More").click()
    await expect(dialog.get_by_label("Remember this")).to_be_visible()
    await expect(dialog.get_by_role("alert")).to_have_count(0)
    await dialog.get_by_role("button", name="Review").click()
    await expect(dialog.get_by_text("Please choose at most one topic.")).to_be_visible()
    data = town.bot.of("invoke")[1]["value"]["data"]
    assert data == {
        "verb": "again", "topics": "talk,work", "soon": "days", "force": "any", "years": "12", "keep": "false",
    }  # fmt: skip
    await dialog.get_by_role("button", name="Break").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Something went wrong. Please try again.")
    await dialog.get_by_role("button", name="Say", exact=True).click()
    await expect(dialog).to_have_count(0)
    await expect(left.get_by_text("Sent. Your reference is K7QF.")).to_be_visible()


async def test_escape_closes_a_dialog_and_the_others_go_on_meanwhile(town: Town, open_page: OpenPage) -> None:
    page = await open_page(town.url)
    left = await ready(page)
    await left.get_by_role("button", name="Ask for a peer").click()
    await expect(left.get_by_role("dialog")).to_be_visible()
    await column(page, "middle").get_by_role("textbox", name="Type a message").fill("still here")
    await left.get_by_role("dialog").focus()
    await page.keyboard.press("Escape")
    await expect(left.get_by_role("dialog")).to_have_count(0)
    await expect(left.locator(".card")).to_be_focused()


async def test_a_message_nobody_asked_for_shows_its_summary_as_a_notification(
    town: Town, open_page: OpenPage
) -> None:
    page = await open_page(town.url)
    await ready(page)
    await expect(page.locator(".toast")).to_have_count(0)
    sam = next(activity for activity in town.bot.heard if activity["from"]["aadObjectId"] == SAM)
    await town.bot.send(sam, attached(cards.OFFER, "You have an update"))
    middle = column(page, "middle")
    await expect(middle.locator(".toast")).to_contain_text("You have an update")
    await expect(middle.get_by_role("heading", name="Could you listen")).to_be_visible()
    await middle.get_by_role("button", name="Close the notification").click()
    await expect(page.locator(".toast")).to_have_count(0)


async def test_anyone_can_be_found_by_typing_and_the_address_remembers(
    town: Town, open_page: OpenPage
) -> None:
    page = await open_page(town.url)
    await ready(page)
    middle = column(page, "middle")
    await middle.get_by_role("button", name="Sam Okafor").click()
    find = middle.get_by_role("combobox", name="Find a person")
    await expect(find).to_be_focused()
    await find.fill("supporter fenw")
    await expect(middle.get_by_role("option")).to_have_count(1)
    await find.press("ArrowDown")
    await find.press("Enter")
    await expect(middle.get_by_role("button", name="Ada Stone")).to_be_focused()
    await expect(middle.get_by_role("heading", name="Hello")).to_be_visible()
    assert "middle=supporter-ada" in page.url
    sam = next(activity for activity in town.bot.heard if activity["from"]["aadObjectId"] == SAM)
    await town.bot.send(sam, attached(cards.OFFER))
    await expect(middle.locator(".person .badge")).to_contain_text("1")


async def test_the_menu_blocks_uninstalls_and_installs_again(town: Town, open_page: OpenPage) -> None:
    page = await open_page(town.url)
    left = await ready(page)
    more = left.get_by_role("button", name="More for this person")
    await more.click()
    await left.get_by_role("menuitem", name="Block the bot").click()
    await expect(left.get_by_text("You’ve blocked this app.")).to_be_visible()
    await left.get_by_role("button", name="Unblock").click()
    await more.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(left.get_by_text("Peer support isn’t installed.")).to_be_visible()
    assert town.bot.heard[-1]["action"] == "remove"
    await left.get_by_role("button", name="Install").click()
    await expect(left.get_by_role("textbox", name="Type a message")).to_be_visible()
    await expect(left.get_by_role("heading", name="Hello")).to_have_count(2)


async def test_the_weather_is_changed_from_the_page(town: Town, open_page: OpenPage) -> None:
    page = await open_page(town.url)
    await ready(page)
    await page.get_by_role("button", name="Weather: fine").click()
    await page.get_by_label("For", exact=True).select_option(label="Jo Evans")
    await page.get_by_label("Teams is unwell (503)").check()
    await expect(page.get_by_role("button", name="Weather: teams is unwell (503) for some")).to_be_visible()
    assert (await town.get("/sandbox/weather"))["people"][JO]["kind"] == "faulty"


async def test_on_a_phone_one_person_is_shown_with_tabs_and_unread_counts(
    town: Town, open_page: OpenPage
) -> None:
    page = await open_page(town.url, width=390, height=844)
    await ready(page)
    await expect(page.locator(".column:visible")).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    tab = page.get_by_role("navigation", name="People").get_by_role("button", name="Sam")
    await town.post(f"/sandbox/chats/{SAM}/say", {"text": "hi"})
    await expect(tab.locator(".badge")).to_be_visible()
    await tab.click()
    await expect(column(page, "middle")).to_be_visible()
    await expect(tab.locator(".badge")).to_have_count(0)


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1440), ("light", 390), ("dark", 1440), ("dark", 390), ("contrast", 390)]
)
async def test_axe_finds_nothing(town: Town, open_page: OpenPage, theme: str, width: int) -> None:
    page = await open_page(f"{town.url}/?theme={theme}", width=width)
    left = await ready(page)
    assert await axe_faults(page) == []
    await left.get_by_role("textbox").fill("hi")
    await left.get_by_role("textbox").press("Enter")
    await expect(left.get_by_text("You said: hi")).to_be_visible()
    await left.get_by_role("button", name="Break").click()
    await expect(left.get_by_role("alert")).to_be_visible()
    await left.get_by_role("button", name="More for this person").click()
    assert await axe_faults(page) == []
    await page.keyboard.press("Escape")
    await left.locator(".person").click()
    assert await axe_faults(page) == []
    await page.keyboard.press("Escape")
    await page.locator("#weather-button").click()
    assert await axe_faults(page) == []
    await left.get_by_role("button", name="Ask for a peer").click()
    await expect(left.get_by_role("dialog")).to_be_visible()
    await left.get_by_role("dialog").get_by_role("button", name="More").click()
    await left.get_by_role("button", name="Break").last.click()
    await expect(left.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    assert await axe_faults(page) == []


async def test_a_tall_answer_is_shown_from_its_heading(town: Town, open_page: OpenPage) -> None:
    page = await open_page(town.url, width=390, height=500)
    left = await ready(page)
    lines = [cards.text(f"Line {number}") for number in range(40)]
    await town.bot.send(town.bot.heard[0], attached(cards.card(cards.heading("A long one"), *lines)))
    await left.get_by_role("button", name="New messages").click()
    await expect(left.get_by_role("heading", name="A long one")).to_be_in_viewport()
    await town.bot.send(town.bot.heard[0], attached(cards.OFFER))
    await expect(left.get_by_role("heading", name="A long one")).to_be_in_viewport()
    await left.get_by_role("textbox").fill("hi")
    await left.get_by_role("textbox").press("Enter")
    await expect(left.get_by_text("You said: hi")).to_be_in_viewport()
    town.bot.status = 500
    await left.get_by_role("textbox").press("x")
    await left.get_by_role("textbox").press("Enter")
    await expect(left.locator(".message.own .note")).to_be_in_viewport(ratio=1)


async def test_the_colours_follow_the_choice_and_are_remembered(town: Town, open_page: OpenPage) -> None:
    page = await open_page(town.url, color_scheme="dark")
    await ready(page)
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.get_by_role("radio", name="Light").check(force=True)
    await expect(root).to_have_attribute("data-theme", "light")
    await page.get_by_role("radio", name="Contrast").check(force=True)
    await expect(root).to_have_attribute("data-theme", "contrast")
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "contrast")
