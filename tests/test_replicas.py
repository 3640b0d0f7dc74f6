"""The trial of two replicas measures what it says: its balancer does as real ones do, and one missed answer is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from scripts.replicas_balancer import Balancer
from scripts.replicas_load import DONE, LATER, MISSED, PRESSED, TYPED, Rates, Try
from scripts.replicas_report import Found, Phase, page


class Door:
    """A replica that says what it is told to say."""

    def __init__(self, name: str) -> None:
        self.name, self.health, self.breaks = name, 200, False
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_post("/api/messages", self._answer)
        self.server = TestServer(app, host="127.0.0.1")

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(status=self.health)

    async def _answer(self, request: web.Request) -> web.Response:
        said = await request.text()
        if self.breaks and request.transport is not None:
            request.transport.abort()
        return web.Response(text=f"{self.name} {said} {request.headers['Authorization']}")


async def test_the_balancer_routes_on_healthz_sends_again_and_never_gives_up():
    first, second = Door("first"), Door("second")
    async with first.server, second.server, asyncio.timeout(60):
        balancer = Balancer([first.server.port or 0, second.server.port or 0], every=0.02)
        async with TestClient(TestServer(balancer.app(), host="127.0.0.1")) as client:

            async def until(holds: Callable[[list[bool]], bool]) -> None:
                while not holds((await (await client.get("/seen")).json())["well"]):
                    pass

            async def ask() -> str:
                answer = await client.post("/api/messages", data="hi", headers={"Authorization": "me"})
                return await answer.text()

            await until(all)
            assert {await ask() for _ in range(4)} == {"first hi me", "second hi me"}
            first.health = 503
            await until(lambda well: well == [False, True])
            assert {await ask() for _ in range(4)} == {"second hi me"}
            first.health, second.breaks = 200, True
            await until(lambda well: well[0])
            assert {await ask() for _ in range(4)} == {"first hi me"}
            first.health = second.health = 503
            await until(lambda well: not any(well))
            assert await ask() == "first hi me", "a replica that seems ill is better than no answer"
            seen = await (await client.get("/seen")).json()
            assert seen["again"] >= 1
            assert seen["nobody_well"] >= 1
            first.breaks = True
            assert (await client.post("/api/messages", data="hi")).status == 502


def test_one_missed_answer_is_told():
    tries = [
        Try(PRESSED, 1.0, 10, DONE),
        Try(TYPED, 2.0, 20, DONE),
        Try("turn", 3.0, 30, LATER),
        Try(PRESSED, 11.0, 40, DONE),
    ]
    phases = [Phase("nothing is done", 0, 10), Phase("kill -9 of one", 10, 20)]
    found = Found(phases, tries, [], ["Something was seen."], Rates(10, 1), 0.5, 20)
    assert found.kept
    told = page(found)
    assert "| nothing is done | typed | 1 | 1 | 0 | 20.0 | 20 | 20 |" in told
    assert "| nothing is done | 1 | 0 | 0 | 1 | 0 |" in told
    assert "asked 3 times and missed 0 times. All of it held." in told
    missed = replace(found, tries=[*tries, Try(PRESSED, 12.0, 30_000, MISSED)])
    assert not missed.kept
    assert "| kill -9 of one | pressed | 2 | 1 | 1 |" in page(missed)
    assert "missed 1 times. Not all of it held." in page(missed)
    assert "**Wrong**: Somebody has two requests." in page(
        replace(found, faults=["Somebody has two requests."])
    )
