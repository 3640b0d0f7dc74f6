"""`python -m bot demo` as a newcomer starts it, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

STARTS_WITHIN = 60.0
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def running_demo(folder: Path, **settings: str) -> AsyncIterator[str]:
    """The page's address, for as long as the demo runs."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PEER_SUPPORT_")}
    ours |= {"PEER_SUPPORT_PORT": str(free_port()), "PEER_SUPPORT_DATABASE_PATIENCE": "30"}
    ours |= {"PEER_SUPPORT_LONGEST_ROUND_MS": "60000", "PYTHONUNBUFFERED": "1", **settings}
    demo = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--port",
        str(free_port()),
        cwd=folder,
        env=ours,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert demo.stdout is not None
    said = ""
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            while not (found := _ADDRESS.search(said)):
                line = await demo.stdout.readline()
                assert line, f"the demo ended: {said}"
                said += line.decode()
        yield found[0]
    finally:
        if demo.returncode is None:
            demo.terminate()
            rest, _ = await asyncio.wait_for(demo.communicate(), 30)
            said += rest.decode()
    assert "Traceback" not in said, said
    assert demo.returncode == 0, said
