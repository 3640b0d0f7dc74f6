"""Somebody asks for help now, steadily, from a process of its own: what is measured is the bot, not the load.

Half of them type it and half press it. What it took, in milliseconds, is printed in the end: a press until its answer
is here, what was typed until the card is with the channel, by the machine's one clock.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import aiohttp

from bench.identity import Person, help_by_button, help_by_text

FIRST = 900_000  # nobody else's number


async def main(url: str, service_url: str, bearer: str, seconds: float, per_second: float) -> None:
    """One after the other at a fixed pace, whatever the answers take."""
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    pressed: list[float] = []
    typed: dict[str, float] = {}
    wrong = 0
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=headers) as session:

        async def ask(number: int) -> None:
            nonlocal wrong
            person = Person(FIRST + number)
            types = bool(number % 2)
            activity = (help_by_text if types else help_by_button)(person, service_url)
            began = time.monotonic()
            if types:
                typed[person.conversation_id] = began
            try:
                async with session.post(url, data=activity) as answer:
                    body = await answer.read()
                    good = answer.status == 200 and (types or b"Samaritans" in body)  # noqa: PLR2004
            except aiohttp.ClientError:
                good = False
            if not types:
                pressed.append(1000 * (time.monotonic() - began))
            wrong += not good

        started, asked = time.monotonic(), []
        for number in range(int(seconds * per_second)):
            await asyncio.sleep(max(0.0, started + number / per_second - time.monotonic()))
            asked.append(asyncio.create_task(ask(number)))
        await asyncio.gather(*asked)
        async with session.post(f"{service_url}came", json=list(typed)) as answer:
            came = await answer.json()
    took = [1000 * (at - began) for at, began in zip(came, typed.values(), strict=True) if at is not None]
    wrong += came.count(None)
    sys.stdout.write(json.dumps({"typed": took, "pressed": pressed, "wrong": wrong}) + "\n")


if __name__ == "__main__":
    where, whose, token, lasts, pace = sys.argv[1:6]
    asyncio.run(main(where, whose, token, float(lasts), float(pace)))
