from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "bot", "ladder"]
BARE = {"PATH": os.environ["PATH"]}


def asked(given: bytes) -> bytes:
    done = subprocess.run(  # noqa: S603 - our own command
        COMMAND, input=given, capture_output=True, cwd=ROOT, env=BARE, timeout=60, check=True
    )
    assert done.stderr == b""
    return done.stdout


def test_each_line_is_answered_with_its_tier_whatever_its_bytes() -> None:
    answers = asked(
        b"I want to die\r\nshoot me the form\n\n\xff\xfe suicidal\n\x00\xc3\x28\nmy mate is suicidal"
    )
    assert answers == (
        b"2\tI want to die\n0\tshoot me the form\n0\t\n2\t\xff\xfe suicidal\n0\t\x00\xc3\x28\nT\tmy mate is suicidal\n"
    )


def test_nothing_given_is_nothing_answered() -> None:
    assert asked(b"") == b""


def test_it_answers_before_the_end_and_stops_quietly_when_nobody_listens() -> None:
    with subprocess.Popen(  # noqa: S603 - our own command
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=BARE
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write(b"I'm at breaking point\n")
        running.stdin.flush()
        assert running.stdout.readline() == b"soft\tI'm at breaking point\n"
        running.stdout.close()
        with suppress(BrokenPipeError):
            running.stdin.write(b"hello\n" * 100)
            running.stdin.close()
        assert running.stderr.read() == b""
