"""`make playground`: the bot with the demo's roster, and three people in front of Microsoft 365 Agents Playgrounds.

For development only, and optional: the Playground is fetched by this alone, when somebody runs it.
"""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import SecretStr
from rich.console import Console

from bot.backstage import DEMO
from bot.demo.agents_playground import (
    LICENCE,
    PlaygroundUnusable,
    Tool,
    node,
    taken,
)
from bot.demo.playground_people import Person, read_people, settings_for
from bot.demo.run import fill
from bot.identity import new_session
from bot.local import NOTICE
from bot.logs import set_up
from bot.server import MESSAGES, serve
from bot.service import make_service, working
from bot.settings import Settings, read
from storage.errors import AlreadyServing
from storage.serving import SingleProcess

PLACE = Path("var/playground")
TOOL = Path("build/playground")
TRIO = {"Jo Evans": "officer", "Sam Okafor": "supporter", "Amara Blake": "coordinator"}
FIRST_PORT, LAST_PORT = 3981, 32767
FAR_SEEN = "The Playgrounds answer on every address of this machine while they run. Stop them when you have finished."
out, err = Console(), Console(stderr=True)


def _stop_with(sentence: str) -> NoReturn:
    err.print(sentence, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(2)


def run_playground(
    port: Annotated[int, typer.Option(help="The first page's port; the others follow it.")] = FIRST_PORT,
) -> None:
    """Start the bot and three pages, and stop all of it with Ctrl-C."""
    settings, problems = read()
    if problems:
        _stop_with("\n".join(problem.sentence for problem in problems))
    if settings.app_id or settings.app_password.get_secret_value():
        _stop_with("The playground runs without an app. Unset PEER_SUPPORT_APP_ID and its companions first.")
    if not 0 < port <= LAST_PORT - len(TRIO):
        _stop_with(f"--port must be between 1 and {LAST_PORT - len(TRIO)}.")
    ports = range(port, port + len(TRIO))
    if held := taken([settings.port, *ports]):
        _stop_with(f"Port {held[0]} is taken. PEER_SUPPORT_PORT moves the bot, and --port the three pages.")
    database = PLACE / "playground.sqlite3"
    address = f"sqlite+aiosqlite:///{database}"
    changed = {"local": True, "host": "127.0.0.1", "forms": "chat", "database_url": SecretStr(address)}
    set_up(level="WARNING", console=True)
    try:
        with SingleProcess(address):
            asyncio.run(_run(settings.model_copy(update=changed), ports))
    except AlreadyServing:
        _stop_with("The playground is running already, in another window.")
    except PlaygroundUnusable as fault:
        _stop_with(str(fault))
    except OSError as fault:
        _stop_with(f"Port {settings.port} can't be used: {fault.strerror or fault}.")
    except KeyboardInterrupt:
        return


async def _run(settings: Settings, ports: range) -> None:
    await node()
    tool = Tool(TOOL)
    if not tool.fetched:
        _say(f"{LICENCE} Fetching it into {TOOL}/…")
        await tool.fetch()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    _begin_anew()
    async with make_service(settings) as service:
        await service.backstage.open()
        desk = service.backstage.desk()
        if desk is None:
            raise PlaygroundUnusable(service.backstage.why)
        await fill(desk, out)
        async with working(service):
            serving = asyncio.create_task(serve(service.app, settings.host, settings.port, stop))
            pages = asyncio.create_task(_pages(tool, settings, ports))
            await asyncio.wait({serving, pages}, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            pages.cancel()
            ended = await asyncio.gather(serving, pages, return_exceptions=True)
    for fault in ended:
        if isinstance(fault, Exception):
            raise fault


def _begin_anew() -> None:
    """The Playgrounds forget their chats when they stop, so the bot forgets too and meets everybody anew."""
    for path in PLACE.glob("playground.sqlite3*"):
        if path.suffix != ".lock":
            path.unlink()


async def _pages(tool: Tool, settings: Settings, ports: range) -> NoReturn:
    """Three people's pages, until they are cancelled or one of them ends by itself."""
    people = read_people(DEMO / "officers.csv", DEMO / "roster.csv")
    bot = f"http://{settings.host}:{settings.port}{MESSAGES}"
    ready = asyncio.Barrier(len(TRIO) + 1)
    async with new_session() as session:

        async def page(person: Person, port: int) -> None:
            told = settings_for(person, list(people.values()))
            async with tool.page(PLACE / person.key, told, port, bot, session) as running:
                await ready.wait()
                await running.wait()
            raise PlaygroundUnusable(f"{person.name}'s Playground ended by itself.")

        try:
            async with asyncio.TaskGroup() as group:
                for name, port in zip(TRIO, ports, strict=True):
                    group.create_task(page(people[name], port))
                await ready.wait()
                _tell(ports)
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from None
    raise PlaygroundUnusable("The Playgrounds ended.")


def _tell(ports: range) -> None:
    _say(NOTICE)
    _say(FAR_SEEN)
    for (name, role), port in zip(TRIO.items(), ports, strict=True):
        _say(f"{name}, {role}: http://localhost:{port}/")
    _say("Open them side by side and say hi. Ctrl-C stops everything.")


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    typer.run(run_playground)
