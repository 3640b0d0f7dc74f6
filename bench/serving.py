"""How a contender serves: on a port of its own choosing, which it prints, until its standard input closes."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

HOST = "127.0.0.1"
CONFIG = "BENCH_CONFIG"


def config() -> dict[str, Any]:
    """What the bench tells every contender: where the channel is, and with which identity."""
    found: dict[str, Any] = json.loads(Path(os.environ[CONFIG]).read_text("utf-8"))
    return found


@asynccontextmanager
async def listening(app: web.Application, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The application, served on a free port of this machine. Gives the port."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0, ssl_context=tls).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def until_told(ready: Mapping[str, Any]) -> None:
    """Say where it listens, in one line, and go on until the bench hangs up."""
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    told = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    await told.read()


async def serve(app: web.Application) -> None:
    """Serve one application until told."""
    async with listening(app) as port:
        await until_told({"port": port})
