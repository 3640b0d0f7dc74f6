"""The whole journey in three Microsoft 365 Agents Playgrounds, for a developer to run by hand (docs/playground.md).

No test: the Playground is optional and is never a dependency. It says each step as it is lived, and ends at the first
that isn't as it should be. With a folder's name as its argument it leaves a picture of each step there.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.e2e.conftest import CHROMIUM, QUIET

STARTS_WITHIN = 300.0  # the first time it is fetched too
PATIENCE = 60_000
# One supporter answers again and again, which a week's limits would rightly forbid.
SETTINGS = {
    "PEER_SUPPORT_NEW_MATCHES_IN_WEEK": "50",
    "PEER_SUPPORT_UNANSWERED_OFFERS_IN_WEEK": "50",
    "PEER_SUPPORT_NAMES_SHOWN": "50",
    "PYTHONUNBUFFERED": "1",
}
_ADDRESS = re.compile(r"(\w+) \w+, \w+: (http://localhost:\d+/)")


@asynccontextmanager
async def playgrounds() -> AsyncIterator[dict[str, str]]:
    """The three addresses, by first name, for as long as they run."""
    command = (sys.executable, "-m", "bot.demo.playground")
    running = await asyncio.create_subprocess_exec(
        *command, env=os.environ | SETTINGS, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert running.stdout is not None
    said = ""
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            while "Ctrl-C" not in said:
                line = await running.stdout.readline()
                if not line:
                    sys.exit(said.strip())
                said += line.decode()
        yield {name.lower(): address for name, address in _ADDRESS.findall(said)}
    finally:
        if running.returncode is None:
            running.terminate()
        await running.communicate()


class Person:
    """One person in front of their Playground."""

    def __init__(self, page: Page, name: str, pictures: Path | None) -> None:
        self.page, self._name, self._pictures = page, name, pictures

    async def says(self, words: str) -> None:
        """Type a line and send it."""
        box = self.page.get_by_role("textbox").last
        await box.click()
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Enter")

    async def press(self, title: str) -> None:
        """The newest button of this title."""
        await self.page.get_by_role("button", name=title, exact=True).last.click()

    async def fill(self, label: str, words: str) -> None:
        """The newest field of this label."""
        await self.page.get_by_role("textbox", name=label).last.fill(words)

    async def tick(self, kind: str, label: str) -> None:
        """The newest checkbox or radio of this label."""
        box = self.page.get_by_role("radio" if kind == "radio" else "checkbox", name=label)
        await box.last.check()

    async def sees(self, words: str) -> None:
        """Wait for words at the end of the chat, and leave a picture of them."""
        await expect(self._words(words).last).to_be_visible(timeout=PATIENCE)
        print(f"{self._name} sees: {words}")  # noqa: T201 - said to whoever runs this
        if self._pictures is not None:
            await self.page.wait_for_timeout(500)
            file = re.sub(r"\W+", "-", f"{words}-{self._name}".lower())
            number = len(list(self._pictures.glob("*.png"))) + 1
            await self.page.screenshot(path=self._pictures / f"{number:02}-{file}.png")

    async def no_longer_sees(self, words: str) -> None:
        """Wait until no message holds these words: the messages that did were edited."""
        await expect(self._words(words)).to_have_count(0, timeout=PATIENCE)
        print(f"{self._name} no longer sees: {words}")  # noqa: T201

    def _words(self, words: str) -> Locator:
        return self.page.locator(".ac-adaptiveCard").get_by_text(words)


async def opened(browser: Browser, name: str, address: str, pictures: Path | None) -> Person:
    """A page of this person's own, once the bot has met them."""
    context = await browser.new_context(viewport={"width": 1200, "height": 1000})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(address, wait_until="domcontentloaded")
    person = Person(page, name, pictures)
    await person.sees("You can use this chat to ask for a peer supporter")
    return person


async def ask_and_send(jo: Person) -> None:
    """A request with nothing changed on its form."""
    await jo.says("request")
    await jo.sees("What is it about")
    await jo.press("Review")
    await jo.sees("One last look")
    await jo.press("Send request")
    await jo.sees("Sent. Your reference is")


async def proposed(jo: Person, sam: Person) -> None:
    """Sent, offered, accepted."""
    await ask_and_send(jo)
    await sam.sees("Could you listen to a colleague?")
    await sam.press("Accept")
    await jo.sees("Someone has offered to listen")


async def first_request(jo: Person, sam: Person) -> None:
    """From hi to introduced by a Teams message, said hello, closed, and the three questions."""
    await jo.says("hi")
    await jo.sees("Hello again")
    await jo.press("Ask for a peer")
    await jo.sees("Before you ask")
    await jo.press("Continue")
    await jo.sees("What is it about")
    await jo.press("Losing someone, show or hide")
    await jo.tick("checkbox", "Someone close has died")
    await jo.tick("checkbox", "Evenings")
    await jo.fill("Note", "Nights are hard")
    await jo.press("Help now")
    await jo.sees("0300 131 2789")
    await jo.press("Carry on")
    await jo.sees("Your earlier answers are kept")
    await jo.press("Review")
    await jo.sees("1 topic and a note")
    await jo.press("Send request")
    await jo.sees("Sent. Your reference is")
    await sam.sees("Could you listen to a colleague?")
    await sam.press("Accept")
    await sam.sees("I'll ask them whether they'd like to be introduced")
    await jo.sees("Someone has offered to listen")
    await jo.press("Introduce us")
    await jo.sees("How should Sam reach you?")
    await jo.press("Introduce us")
    await jo.sees("Sam Okafor, Northmoor Police")
    await sam.sees("This is Jo Evans.")
    await sam.press("I've said hello")
    await sam.no_longer_sees("Please say hello by")
    await jo.says("help now")
    await jo.sees("If your life is in danger now")
    await jo.press("Carry on")
    await jo.sees("You're introduced")
    await jo.press("Close")
    await jo.sees("Close this?")
    await jo.press("Yes, close it")
    await jo.sees("Three questions, if you like")
    await sam.sees("Thank you for listening")
    await sam.no_longer_sees("This is Jo Evans.")
    await jo.tick("radio", "Yes")
    await jo.press("Send answers")
    await jo.sees("That helps us make this better for the next person")


async def by_phone_then_handed_back(jo: Person, sam: Person) -> None:
    """A call needs a number, and the server says so. The supporter then can't, and hands back."""
    await proposed(jo, sam)
    await jo.press("Introduce us")
    await jo.sees("How should Sam reach you?")
    await jo.tick("radio", "A phone call")
    await jo.press("Introduce us")
    await jo.sees("Please type your number")
    await jo.fill("Your number, if you'd like a call", "07700 900123")
    await jo.press("Introduce us")
    await sam.sees("07700 900123")
    await sam.press("Hand back")
    await sam.sees("Hand this back?")
    await sam.press("Hand back")
    await sam.no_longer_sees("07700 900123")
    await jo.sees("It isn't about you")
    await withdrawn(jo)


async def withdrawn(jo: Person) -> None:
    """Asked once more, then withdrawn."""
    await jo.says("withdraw")
    await jo.sees("Withdraw your request?")
    await jo.press("Withdraw")
    await jo.sees("Your request is withdrawn")


async def declined(jo: Person, sam: Person, amara: Person) -> None:
    """Nobody is left to ask: the coordinator is told by reference, and sends her details through the bot."""
    await ask_and_send(jo)
    await sam.sees("Could you listen to a colleague?")
    await sam.press("Decline")
    await sam.sees("Thanks for answering")
    await amara.sees("needs you")
    await amara.says("digest")
    await amara.sees("Needs you: 1 request")
    await amara.press("See what I can do")
    await amara.sees("Can be offered now")
    await amara.press("Send them my contact details")
    await amara.sees("I've passed on your name and address")
    await jo.sees("A coordinator would like to help")
    await withdrawn(jo)


async def other_answers(jo: Person, sam: Person) -> None:
    """Someone else; not now and keep looking; help now while a supporter is held."""
    await proposed(jo, sam)
    await jo.press("Help now")
    await jo.sees("If your life is in danger now")
    await jo.press("Carry on")
    await jo.says("status")
    await jo.sees("Someone has offered to listen")
    await jo.press("Someone else")
    await jo.sees("I can't find anyone who is free for this just now")
    await withdrawn(jo)
    await proposed(jo, sam)
    await jo.press("Not now")
    await jo.sees("I've kept your place")
    await jo.press("Keep looking")
    await jo.sees("I'm looking. Your reference is")
    await withdrawn(jo)


async def journey(pictures: Path | None) -> None:
    """All of it, in one life of the bot."""
    async with playgrounds() as addresses, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        jo, sam, amara = [
            await opened(browser, name, address, pictures) for name, address in addresses.items()
        ]
        await first_request(jo, sam)
        await by_phone_then_handed_back(jo, sam)
        await declined(jo, sam, amara)
        await other_answers(jo, sam)
        await browser.close()


def main() -> None:
    """`python -m tests.e2e.playground_journey [FOLDER]`."""
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    asyncio.run(journey(pictures))
    print("The whole journey was lived.")  # noqa: T201


if __name__ == "__main__":
    main()
