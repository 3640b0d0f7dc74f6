"""What a monitor reads: turns, events, how long things wait; nobody's id, and no count that tells of a crisis."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import aiohttp
import structlog
from aiohttp.test_utils import unused_port

from bot.logs import set_up
from bot.metrics import Metrics, watched
from tests.fakes.databases import database_address, postgresql, sqlite_address
from tests.scenarios.steps import introduced
from tests.scenarios.town import Town, town

__all__ = ["database_address", "postgresql", "sqlite_address"]


def numbers(page: bytes) -> dict[str, float]:
    lines = [line for line in page.decode().splitlines() if not line.startswith("#")]
    return {name: float(number) for name, _, number in (line.rpartition(" ") for line in lines)}


async def read(place: Town) -> dict[str, float]:
    return numbers(await place.service.metrics.text())


async def test_what_waits_is_told_in_seconds(database_address: str, tmp_path: Path):
    async with town(database_address, tmp_path) as place:
        assert (await read(place))["peer_support_unmatched_age_seconds"] == 0
        await place.coordinator()
        sam = await place.supporter()
        jo = await place.officer()
        await place.asks(jo)
        place.clock.now += timedelta(hours=7)
        found = await read(place)
        assert found["peer_support_store_open"] == 1
        assert found["peer_support_unmatched_age_seconds"] == 0  # nor when somebody asked, by the clock
        assert found["peer_support_sweep_late_seconds"] > 0
        await place.time_passes(minutes=1)
        found = await read(place)
        assert (found["peer_support_sweep_late_seconds"], found["peer_support_outbox_age_seconds"]) == (0, 0)
        assert sam.sees


async def test_how_long_a_request_has_waited_tells_half_days_and_no_minute(
    sqlite_address: str, tmp_path: Path
):
    async with town(sqlite_address, tmp_path) as place:
        place.clock.now += timedelta(minutes=37)
        began = place.clock.now.replace(minute=0, second=0, microsecond=0)
        await place.asks(await place.officer(), force_wish="own")
        told = []
        for minutes in (12 * 60 - 1, 12 * 60, 12 * 60 + 38, 24 * 60 - 1, 24 * 60):
            place.clock.now = began + timedelta(minutes=minutes)
            told.append((await read(place))["peer_support_unmatched_age_seconds"] / 3600)
    assert told == [0, 12, 12, 12, 24]


async def test_a_turn_is_counted_and_a_crisis_isnt_told_from_any_other(sqlite_address: str, tmp_path: Path):
    async with town(sqlite_address, tmp_path) as place:
        jo = await place.officer()
        before = await read(place)
        await jo.says("status")
        calm = await read(place)
        await jo.says("I want to kill myself")
        after = await read(place)
    first, second = _grown(before, calm), _grown(calm, after)
    assert first['peer_support_turns_total{status="200"}'] == 1
    timed = re.compile(r"_bucket|_sum|_created")
    assert {k: v for k, v in first.items() if not timed.search(k)} == {
        k: v for k, v in second.items() if not timed.search(k)
    }


def _grown(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}


async def test_no_page_ever_names_anybody(sqlite_address: str, tmp_path: Path):
    async with town(sqlite_address, tmp_path) as place:
        jo, sam = await introduced(place)
        page = (await place.service.metrics.text()).decode()
        for secret in (jo.name, jo.directory, jo.tenant, "northmoor", sam.name, sam.directory):
            assert secret not in page


async def test_without_a_store_it_says_so_and_never_fails(tmp_path: Path, sqlite_address: str):
    async with town(sqlite_address, tmp_path) as place:
        metrics = Metrics(lambda: None, place.clock)
        assert numbers(await metrics.text())["peer_support_store_open"] == 0
        store = place.service.backstage.store
        assert store is not None
        await store.close()
        (tmp_path / "peer.db").unlink()
        (tmp_path / "peer.db").mkdir()
        assert (await read(place))["peer_support_store_open"] == 0


async def test_the_page_has_an_address_of_its_own(sqlite_address: str, tmp_path: Path):
    async with town(sqlite_address, tmp_path) as place, aiohttp.ClientSession() as session:
        port = unused_port()
        async with watched(place.service.metrics, "127.0.0.1", port):
            url = f"http://127.0.0.1:{port}/metrics"
            async with session.get(url) as answer:
                assert answer.status == 200
                assert "peer_support_outbox_age_seconds" in await answer.text()
            async with watched(place.service.metrics, "127.0.0.1", port), session.get(url) as answer:
                assert answer.status == 200  # the second finds the port taken, says so, and goes on


def test_each_warning_is_counted_by_its_name_alone():
    metrics = Metrics(lambda: None, lambda: None)  # type: ignore[arg-type, return-value]
    try:
        set_up(level="DEBUG", also=metrics.heard)
        log = structlog.get_logger()
        log.warning("lane_full", person="Jo Evans")
        log.error("Jo Evans said something")
        log.info("store_opened")
    finally:
        structlog.reset_defaults()
    events = metrics._events.collect()[0].samples  # noqa: SLF001
    assert {each.labels["event"]: each.value for each in events if each.name.endswith("_total")} == {
        "lane_full": 1,
        "unnamed": 1,
    }


async def test_each_try_of_the_outbox_is_counted_by_what_became_of_it(sqlite_address: str, tmp_path: Path):
    async with town(sqlite_address, tmp_path) as place:
        sam, jo = await place.supporter(), await place.officer()
        place.teams.answers(429, retry_after="30", on="send", conversation_id=sam.conversation_id)
        before = await read(place)
        await place.asks(jo)
        place.clock.now += timedelta(minutes=1)
        await place.settle()
        grown = _grown(before, await read(place))
    sends = {name: count for name, count in grown.items() if name.startswith("peer_support_sends_total")}
    assert sends['peer_support_sends_total{outcome="throttled"}'] == 1
    assert sends['peer_support_sends_total{outcome="sent"}'] >= 1
