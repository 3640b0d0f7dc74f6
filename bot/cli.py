"""The command line: `python -m bot`, also installed as `peer-support`. Says what it does, and exits with what it means.

0 done; 1 something is wrong that the output names; 2 it was asked for wrongly or may not start.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import ExitStack, suppress
from datetime import datetime
from typing import Annotated

import typer

from bot import checks, ticks
from bot.backstage import open_store
from bot.commands_audit import app as audit
from bot.commands_contacts import app as contacts
from bot.commands_keeping import forget, purge_by_hand, retention
from bot.commands_keys import app as keys
from bot.commands_ladder import ladder
from bot.commands_ladder_log import ladder_log
from bot.commands_manifest import app as manifest
from bot.commands_numbers import numbers
from bot.commands_outbox import app as outbox
from bot.commands_roster import app as roster
from bot.commands_sign import sign
from bot.commands_simulate import simulate
from bot.commands_welsh import welsh
from bot.demo.run import run_demo
from bot.local import NOTICE
from bot.logs import set_up
from bot.memory import settle
from bot.metrics import watched
from bot.server import serve as serve_app
from bot.service import Service, make_service, working
from bot.settings import Settings, cannot_start, read, table, unknown
from bot.terminal import REFUSED, WRONG, desk_of, err, moment_of, out, run, settings_now, stop_with
from peer_support.sweep import sweep as sweep_due
from storage.errors import AlreadyServing, StoreError
from storage.serving import SingleProcess

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="A Teams bot through which staff ask for a trained peer."
)
app.add_typer(roster, name="roster")
app.add_typer(manifest, name="manifest")
app.add_typer(contacts, name="contacts")
app.add_typer(audit, name="audit")
app.add_typer(keys, name="keys")
app.add_typer(outbox, name="outbox")
app.command("purge")(purge_by_hand)
app.command()(retention)
app.command()(forget)
app.command()(ladder)
app.command("ladder-log")(ladder_log)
app.command()(numbers)
app.command()(sign)
app.command()(simulate)
app.command()(welsh)


def main() -> None:
    """The installed command."""
    app()


class Asked:
    """To stop: SIGTERM leaves balancers time to see it, a second one or Ctrl-C doesn't."""

    def __init__(self) -> None:
        self.stop, self._at_once = asyncio.Event(), asyncio.Event()

    def to_leave(self) -> None:
        """Once: in good order. Again: at once."""
        if self.stop.is_set():
            self._at_once.set()
        self.stop.set()

    def to_leave_at_once(self) -> None:
        """Nobody routes traffic here, or somebody can't wait. What is under way is finished all the same."""
        self._at_once.set()
        self.stop.set()

    async def seen(self, seconds: float) -> None:
        """So long, or until somebody can't wait."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._at_once.wait()


@app.command()
def serve() -> None:
    """Serve the bot. Where the store or the forces can't be used it serves help now alone, and says so."""
    settings, problems = read()
    set_up(level=settings.log_level, console=settings.local)
    for problem in (*unknown(), *problems):
        err.print(problem.sentence, markup=False, highlight=False, soft_wrap=True)
    if why := cannot_start(settings):
        stop_with(why, REFUSED)
    run(_serve(settings))


async def _serve(settings: Settings) -> int:
    if settings.local:
        err.print(NOTICE, markup=False, highlight=False, soft_wrap=True)
    asked, leaving = Asked(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, asked.to_leave)
    loop.add_signal_handler(signal.SIGINT, asked.to_leave_at_once)
    with ExitStack() as held:
        _hold(settings, held)
        async with make_service(settings) as service:
            metrics = service.metrics
            set_up(level=settings.log_level, console=settings.local, also=metrics.heard)
            async with (
                working(service, leaving),
                watched(metrics, settings.metrics_host, settings.metrics_port),
            ):
                settle()
                await _served(settings, service, asked, leaving)
    return 0


async def _served(settings: Settings, service: Service, asked: Asked, leaving: asyncio.Event) -> None:
    if service.backstage.desk() is None:
        why = f"Help now alone is served, because: {service.backstage.why}"
        err.print(why, markup=False, highlight=False, soft_wrap=True)

    def told(port: int) -> None:
        out.print(f"Serving on http://{settings.host}:{port}", highlight=False)

    async def seen() -> None:
        await asked.seen(settings.leave_seconds)
        leaving.set()

    try:
        await serve_app(service.app, settings.host, settings.port, asked.stop, told=told, seen=seen)
    except OSError as fault:
        stop_with(f"{settings.host}:{settings.port} can't be used: {fault.strerror or fault}.", REFUSED)


def _hold(settings: Settings, held: ExitStack) -> None:
    """Hold a SQLite file for this process alone. One that can't be held at all stops nobody from being helped."""
    try:
        held.enter_context(SingleProcess(settings.database_url.get_secret_value()))
    except AlreadyServing as fault:
        stop_with(str(fault), REFUSED)
    except (StoreError, OSError):
        err.print("The database's file can't be held.", markup=False, highlight=False)


@app.command()
def migrate() -> None:
    """Bring the database to the newest migration, and prove that the keys fit it."""
    run(_migrate(settings_now()))


async def _migrate(settings: Settings) -> int:
    store = await open_store(settings)
    try:
        await store.migrate()
    finally:
        await store.close()
    out.print("The database is at the newest migration, and the keys fit.")
    return 0


@app.command("settings")
def settings_table() -> None:
    """Print every setting with its default and meaning, as the table in docs/settings.md."""
    sys.stdout.write(table())


@app.command()
def check(
    *,
    go_live: Annotated[
        bool, typer.Option("--go-live", help="Ask too what must hold before real people use it.")
    ] = False,
) -> None:
    """Look at every part and say what stands: settings, forces, keys, database, help lines. --go-live: who signed."""
    settings, problems = read()
    set_up(level="ERROR", console=True)
    run(checks.look(settings, (*problems, *unknown()), out, go_live=go_live))


@app.command()
def sweep(
    as_of: Annotated[
        str, typer.Option("--as-of", help="A time like 2026-11-21T09:00, or +4h. Local mode only.")
    ] = "",
) -> None:
    """Work everything that is due, once, and send what comes of it."""
    settings = settings_now()
    moment = moment_of(settings, as_of, ticks.now())
    if why := cannot_start(settings):
        stop_with(why, REFUSED)
    run(_sweep(settings, moment))


async def _sweep(settings: Settings, moment: datetime) -> int:
    async with make_service(settings, lambda: moment) as service:
        desk = await desk_of(service.backstage)
        with out.status("Working what is due"):
            swept = await sweep_due(desk, moment, ticks.note_failure)
            await ticks.tend_audit(desk, moment)
            sender, sent = service.sender(), 0
            while sender is not None and (batch := await sender.send_due()):
                sent += batch
    out.print(f"Worked {swept.worked}, put off {len(swept.failed)}, sent {sent}.", highlight=False)
    return WRONG if swept.failed else 0


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page with three people opens.")] = 3979,
) -> None:
    """Try it here: the bot, a made-up roster, and a page with three people side by side."""
    run_demo(port, out, stop_with)
