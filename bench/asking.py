"""Somebody asks for help now, steadily, from a process of its own: what is measured is the bot, not the load.

Half of them type it and half press it. What it took to answer each, in milliseconds, is printed in the end.
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
    took: dict[str, list[float]] = {"typed": [], "pressed": []}
    wrong = 0
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=headers) as session:

        async def ask(number: int) -> None:
            nonlocal wrong
            person = Person(FIRST + number)
            way = "typed" if number % 2 else "pressed"
            activity = (help_by_text if number % 2 else help_by_button)(person, service_url)
            began = time.perf_counter()
            try:
                async with session.post(url, data=activity) as answer:
                    body = await answer.read()
                    good = answer.status == 200 and (way == "typed" or b"Samaritans" in body)  # noqa: PLR2004
            except aiohttp.ClientError:
                good = False
            took[way].append(1000 * (time.perf_counter() - began))
            wrong += not good

        started, asked = time.perf_counter(), []
        for number in range(int(seconds * per_second)):
            await asyncio.sleep(max(0.0, started + number / per_second - time.perf_counter()))
            asked.append(asyncio.create_task(ask(number)))
        await asyncio.gather(*asked)
    sys.stdout.write(json.dumps(took | {"wrong": wrong}) + "\n")


if __name__ == "__main__":
    where, whose, token, lasts, pace = sys.argv[1:6]
    asyncio.run(main(where, whose, token, float(lasts), float(pace)))
