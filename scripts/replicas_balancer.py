"""A load balancer for `scripts.replicas` alone, as small as one can be and still do what real ones do.

It looks at `/healthz` of each replica and sends activities to those that say 200, in turn. Where the line to one breaks
before it has answered, the activity goes to the next one: the bot does nothing twice, so that is safe. In the end those
that look ill are tried too: a replica that only seems so is better than no answer.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from aiohttp import web

from bench.serving import serve

EVERY = 0.5
PATIENCE = aiohttp.ClientTimeout(total=1)
LONGEST = aiohttp.ClientTimeout(total=30)
PASSED_ON = ("Authorization", "Content-Type")
HANDED_BACK = ("Retry-After",)


@dataclass(slots=True)
class Replica:
    """One of them, and whether traffic goes there."""

    base: str
    well: bool = False


class Balancer:
    """Passes on each activity, and counts what it had to send again."""

    def __init__(self, ports: list[int], every: float = EVERY) -> None:
        self._every = every
        self._replicas = [Replica(f"http://127.0.0.1:{port}") for port in ports]
        self._next = self._again = self._nobody_well = 0
        self._session: aiohttp.ClientSession | None = None

    def app(self) -> web.Application:
        """What the channel sees, and what the script looks at."""
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_post("/api/messages", self._pass_on)
        app.router.add_get("/seen", self._seen)
        app.cleanup_ctx.append(self._working)
        return app

    async def _working(self, _app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            self._session = session
            looking = [asyncio.create_task(self._watch(session, each)) for each in self._replicas]
            yield
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)

    async def _watch(self, session: aiohttp.ClientSession, replica: Replica) -> None:
        while True:
            try:
                async with session.get(f"{replica.base}/healthz", timeout=PATIENCE) as answer:
                    replica.well = answer.status == HTTPStatus.OK
            except (aiohttp.ClientError, TimeoutError, OSError):
                replica.well = False
            await asyncio.sleep(self._every)

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        for place, replica in enumerate(self._order()):
            self._again += place > 0
            try:
                return await self._ask(replica, body, headers)
            except TimeoutError:
                return web.Response(status=HTTPStatus.GATEWAY_TIMEOUT)
            except (aiohttp.ClientConnectionError, OSError):
                replica.well = False
        return web.Response(status=HTTPStatus.BAD_GATEWAY)

    async def _ask(self, replica: Replica, body: bytes, headers: dict[str, str]) -> web.Response:
        if self._session is None:
            raise OSError
        url = f"{replica.base}/api/messages"
        async with self._session.post(url, data=body, headers=headers, timeout=LONGEST) as answer:
            back = {name: answer.headers[name] for name in HANDED_BACK if name in answer.headers}
            return web.Response(
                body=await answer.read(), status=answer.status, headers=back, content_type=answer.content_type
            )

    def _order(self) -> list[Replica]:
        """The well ones in turn, and the others only where no well one answers."""
        well = [replica for replica in self._replicas if replica.well]
        ill = [replica for replica in self._replicas if not replica.well]
        self._nobody_well += not well
        self._next += 1
        first = self._next % max(len(well), 1)
        return [*well[first:], *well[:first], *ill]

    async def _seen(self, _request: web.Request) -> web.Response:
        well = [replica.well for replica in self._replicas]
        return web.json_response({"well": well, "again": self._again, "nobody_well": self._nobody_well})


if __name__ == "__main__":
    asyncio.run(serve(Balancer([int(port) for port in sys.argv[1:]]).app()))
