"""`ladder`: what the watcher hears in each line. Needs no settings, keeps nothing, and answers each line at once."""

from __future__ import annotations

import os
import sys

from peer_support.crisis.ladder import tier


def ladder() -> None:
    """Read one text a line from standard input, and print its tier (0, soft, T, 1, 2, 3), a tab, and the text."""
    lines, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        for line in lines:
            text = line.rstrip(b"\r\n")
            out.write(tier(text.decode("utf-8", "replace")).encode() + b"\t" + text + b"\n")
            out.flush()
    except BrokenPipeError:
        # Whoever read the answers has gone. Python would complain at closing, so there is nothing left to close.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
