"""The environment that microsoft-agents is tried in: made by uv under build/, and never the project's own."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

PACKAGES = ("microsoft-agents-hosting-aiohttp==1.9.0", "microsoft-agents-authentication-msal==1.9.0")
SECONDS = 120.0


class NotInstalled(Exception):
    """The SDK can't be had here. Says why, for its row in the table."""


async def agents(root: Path) -> Path:
    """The Python of an environment that has it."""
    home = root / "build/bench/agents"
    found, stamp = home / "bin/python", home / "bench-packages"
    wanted = "\n".join(PACKAGES)
    if stamp.is_file() and stamp.read_text("utf-8") == wanted and found.exists():
        return found
    local = root / ".uv/bin/uv"
    uv = str(local) if local.exists() else shutil.which("uv")
    if uv is None:
        raise NotInstalled("uv isn't installed")
    await _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home))
    await _run(uv, "pip", "install", "--quiet", "--python", str(found), *PACKAGES)
    stamp.write_text(wanted, "utf-8")
    return found


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(SECONDS):
            code = await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise NotInstalled(f"installing took over {SECONDS:.0f} s") from None
    if code:
        raise NotInstalled("its packages couldn't be installed")
