"""`demo`: a database of its own, the made-up roster, the bot, and the local Teams' page beside it."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from pydantic import SecretStr
from rich.console import Console

from bot import ticks
from bot.backstage import DEMO
from bot.local import NOTICE
from bot.logs import set_up
from bot.roster_import import import_file
from bot.server import serve
from bot.service import make_service, working
from bot.settings import Settings, read
from peer_support.ports import Desk
from storage.errors import AlreadyServing
from storage.serving import SingleProcess

PLACE = Path("var/demo")
LISTED_EVERY = 3
Stop = Callable[[str, int], NoReturn]


def run_demo(port: int, out: Console, stop_with: Stop) -> None:
    """Start all of it, and stop all of it with Ctrl-C."""
    settings, problems = read()
    if problems:
        stop_with("\n".join(problem.sentence for problem in problems), 2)
    if settings.app_id or settings.app_password.get_secret_value():
        stop_with("The demo runs without an app. Unset PEER_SUPPORT_APP_ID and its companions first.", 2)
    PLACE.mkdir(parents=True, exist_ok=True)
    database = f"sqlite+aiosqlite:///{PLACE / 'demo.sqlite3'}"
    changed = {"local": True, "host": "127.0.0.1"}
    if "PEER_SUPPORT_DATABASE_URL" not in os.environ:
        changed["database_url"] = SecretStr(database)
    demo = settings.model_copy(update=changed)
    set_up(level=demo.log_level if "PEER_SUPPORT_LOG_LEVEL" in os.environ else "WARNING", console=True)
    try:
        asyncio.run(_run(demo, port, out))
    except AlreadyServing:
        stop_with("The demo is running already, in another window.", 2)
    except OSError as fault:
        stop_with(f"Port {demo.port} can't be used: {fault.strerror or fault}.", 2)


async def _run(settings: Settings, port: int, out: Console) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with SingleProcess(settings.database_url.get_secret_value()):
        async with make_service(settings) as service:
            await service.backstage.open()
            desk = service.backstage.desk()
            if desk is None:
                out.print(service.backstage.why, markup=False)
                return
            await fill(desk, out)
            page = await asyncio.create_subprocess_exec(*page_command(settings, port), stdout=subprocess.PIPE)
            try:
                out.print(NOTICE, markup=False, highlight=False, soft_wrap=True)
                watch = asyncio.create_task(_until_gone(page, stop))
                telling = asyncio.create_task(_tell(page, out))
                async with working(service):
                    await serve(service.app, settings.host, settings.port, stop)
                await asyncio.gather(watch, telling, return_exceptions=True)
            finally:
                if page.returncode is None:
                    page.terminate()
                    await page.wait()


def page_command(settings: Settings, port: int) -> list[str]:
    """The local Teams, as a program of its own: it knows the bot by its address alone."""
    return [
        sys.executable,
        "-m",
        "sandbox",
        "--bot",
        f"http://{settings.host}:{settings.port}",
        "--port",
        str(port),
        "--roster",
        str(DEMO / "roster.csv"),
        "--officers",
        str(DEMO / "officers.csv"),
        "--keep",
        str(PLACE / "chats.json"),
    ]


async def _tell(page: asyncio.subprocess.Process, out: Console) -> None:
    """Pass on the page's own line with its address, once it can be opened."""
    if page.stdout is not None:
        async for line in page.stdout:
            address = line.decode().strip().rpartition(" ")[2]
            out.print(f"\nOpen {address} and say hi. Ctrl-C stops everything.\n", highlight=False)


async def _until_gone(page: asyncio.subprocess.Process, stop: asyncio.Event) -> None:
    gone = asyncio.create_task(page.wait())
    asked = asyncio.create_task(stop.wait())
    await asyncio.wait({gone, asked}, return_when=asyncio.FIRST_COMPLETED)
    if not asked.done():
        stop.set()
        asked.cancel()
    if not gone.done():
        page.terminate()
    await gone


async def fill(desk: Desk, out: Console) -> None:
    """The made-up roster, once. Some of its supporters have agreed to be found, and said what may be named."""
    quiet = Console(file=io.StringIO())
    code = await import_file(DEMO / "roster.csv", desk, ticks.now(), quiet, ask=None)
    if code:
        out.print("The demo's roster can't be imported.")
    async with desk.open_work() as work:
        for place, (member, supporter, _) in enumerate(await work.roster.everyone()):
            if supporter is None or supporter.listed or place % LISTED_EVERY == 0 or member.welcomed_at:
                continue
            named = frozenset(sorted(supporter.experiences)[:2])
            await work.supporters.set_profile(member.id, bio=supporter.bio, named=named, listed=True)
