"""`python -m sandbox`: a local Teams for a bot on this machine."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.app import LOOPBACK, RENDERER, TEAMS, Options, make_app
from sandbox.keep import KeptUnreadable
from sandbox.people import PeopleUnreadable, read_people

HOST = "127.0.0.1"
HIGHEST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until stopped. 0 after a normal stop, 2 for a mistake in what was asked."""
    asked = _parser().parse_args(arguments)
    try:
        people = read_people(asked.roster, asked.officers)
        _must_be_local(asked.bot)
        if not RENDERER.is_file():
            return _refuse("The card renderer isn't there yet. Run: npm ci")
        asyncio.run(_serve(Options(asked.bot, people, asked.keep), asked.port))
    except (PeopleUnreadable, KeptUnreadable, NotLocal) as fault:
        return _refuse(str(fault))
    except OSError as fault:
        return _refuse(f"Port {asked.port} can't be used: {fault.strerror or fault}.")
    return 0


class NotLocal(ValueError):
    """The sandbox speaks to a bot on this machine alone."""


async def _serve(options: Options, port: int) -> None:
    app = make_app(options)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        bound = runner.addresses[0][1]
        app[TEAMS].service_url = f"http://{HOST}:{bound}/"
        sys.stdout.write(f"Local Teams: http://{HOST}:{bound}/\n")
        sys.stdout.flush()
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await stop.wait()
    finally:
        await runner.cleanup()


def _must_be_local(bot: str) -> None:
    address = urlsplit(bot)
    if address.scheme != "http" or address.hostname not in LOOPBACK:
        raise NotLocal("--bot is an address on this machine, like http://127.0.0.1:3978")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sandbox", description="A local Teams to try the bot in. Development only."
    )
    parser.add_argument("--bot", default="http://127.0.0.1:3978", help="where the bot listens")
    parser.add_argument(
        "--port", type=_port, default=3979, help="where the page opens; 0 takes any free port"
    )
    parser.add_argument("--roster", type=Path, help="CSV file of supporters and coordinators")
    parser.add_argument("--officers", type=Path, help="CSV file of people on no roster")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep the chats in this file between runs")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= HIGHEST_PORT:
        raise ValueError(text)
    return number


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
