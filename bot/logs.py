"""What the log may hold: static event names and opaque values. Never a name, never a person's words."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

WITHHELD = "[withheld]"
_OPAQUE = re.compile(r"[A-Za-z0-9_.:/+\-]{0,128}")
_EVENT = re.compile(r"[a-z][a-z0-9_.]*")
_OURS = frozenset({"event", "level", "timestamp", "exception", "says"})

Event = MutableMapping[str, Any]


def only_opaque(_logger: Any, _method: str, event: Event) -> Event:
    """Withhold every value that could be words: one with a space, an @, or anything else that an id never has.

    `says` is for the operator: sentences written in the code or about a setting, at start and in the command line.
    """
    name = event.get("event")
    if not (isinstance(name, str) and _EVENT.fullmatch(name)):
        event["event"] = "unnamed"
    for key, value in event.items():
        if key in _OURS or value is None or isinstance(value, bool | int | float):
            continue
        if not (isinstance(value, str) and _OPAQUE.fullmatch(value)):
            event[key] = WITHHELD
    return event


def fault_places(_logger: Any, _method: str, event: Event) -> Event:
    """An exception as its type and the places it came through. Its message may hold anything, so it is left out."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    fault = found[1] if isinstance(found, tuple) else found
    if isinstance(fault, BaseException):
        event["exception"] = {"type": type(fault).__name__, "places": places(fault.__traceback__)}
    return event


def _in_one_line(_logger: Any, _method: str, event: Event) -> Event:
    """For a console, which takes an exception as text alone."""
    found = event.get("exception")
    if isinstance(found, dict):
        event["exception"] = " ".join((found["type"], *found["places"]))
    return event


def places(trace: TracebackType | None) -> list[str]:
    """`file:line` from the outermost call to the innermost."""
    found = []
    while trace is not None:
        found.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found


class _Library(logging.Handler):
    """Other people's loggers: who spoke and how loudly. Their words may hold ours, so they aren't repeated."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line: the logger, its level, and where an exception came from."""
        event = structlog.get_logger()
        event.log(record.levelno, "library", logger=record.name, exc_info=record.exc_info or None)


def set_up(
    *,
    level: str = "INFO",
    console: bool = False,
    stream: TextIO | None = None,
    also: structlog.typing.Processor | None = None,
) -> None:
    """JSON lines, or for a person at a console the same in colour. Call once, at start.

    `also` hears each event once it holds nothing but what may be logged.
    """
    out = stream or sys.stderr
    threshold = logging.getLevelNamesMapping()[level.upper()]
    end: tuple[structlog.typing.Processor, ...] = (structlog.processors.JSONRenderer(),)
    if console:
        end = (_in_one_line, structlog.dev.ConsoleRenderer(colors=out.isatty()))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            fault_places,
            only_opaque,
            *((also,) if also is not None else ()),
            *end,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Library()]
    root.setLevel(max(threshold, logging.WARNING))
