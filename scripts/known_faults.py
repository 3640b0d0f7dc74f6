"""What is publicly known against the packages that the bot runs on: pip-audit over the lock, and an honest end.

`python -m scripts.known_faults`; needs the network. 0 nothing is known; 1 something is; 3 it couldn't be looked
up, which is never said to be nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
KNOWN, UNKNOWN = 1, 3
PATIENCE = 300
_COMMAND = (
    "pip_audit",
    "--disable-pip",
    "--require-hashes",
    "--format=json",
    "--progress-spinner=off",
    "--timeout=10",
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What pip-audit left behind."""

    out: str
    said: str


def ask(lock: Path) -> Ran:
    """Ask pip-audit, which asks the package index for each pinned version."""
    done = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-m", *_COMMAND, "-r", str(lock)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ran(done.stdout, done.stderr)


def look(lock: Path, say: Callable[[str], object], run: Callable[[Path], Ran] = ask) -> int:
    """Ask, and tell each thing that is known and each package that nothing was learnt of."""
    try:
        ran = run(lock)
        packages: list[Mapping[str, Any]] = json.loads(ran.out)["dependencies"]
    except subprocess.TimeoutExpired:
        say(f"Not known: the answer took more than {PATIENCE} seconds.")
        return UNKNOWN
    except (ValueError, KeyError, TypeError):
        lines = ran.said.strip().splitlines()
        say(f"Not known: the list of known faults couldn't be reached. {lines[-1] if lines else ''}".rstrip())
        return UNKNOWN
    known = 0
    for package in packages:
        for fault in package.get("vulns", ()):
            known += 1
            mended = ", ".join(fault.get("fix_versions", ())) or "no version yet"
            say(f"{package['name']} {package['version']}: {fault['id']}, mended in {mended}")
    missed = [package["name"] for package in packages if "skip_reason" in package]
    if missed or not packages:
        these = f"{len(missed)} of {len(packages)} packages"
        say(f"Not known for {these}: the source wasn't reached, or has nothing on them.")
    if known:
        say(f"{known} known.")
        return KNOWN
    if missed or not packages:
        return UNKNOWN
    say(f"Nothing is known against the {len(packages)} packages.")
    return 0


if __name__ == "__main__":
    sys.exit(look(ROOT / "requirements.lock", lambda line: sys.stdout.write(f"{line}\n")))
