"""Leaks planted on purpose, one a place, as a slip in the code would make it. The search has to name that place."""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, Counter, generate_latest

from tests.canary.canaries import Canary
from tests.canary.encodings import ENCODINGS, needles
from tests.canary.gathering import Gathered, files_of
from tests.canary.listening import listening
from tests.canary.played import SQLITE_FILE, Played, place_of_file
from tests.canary.verdict import ON_SCREENS
from tests.canary.wire import Said

# Takes what was gathered (a copy), the canary's bytes in some encoding, and an empty folder to work in.
Plant = Callable[[Played, Gathered, bytes, Path], None]
_WORD = re.compile(rb"[A-Za-z0-9_.:/+-]{7,120}")


@dataclass(frozen=True, slots=True)
class Leak:
    """`place` is where the search must find it, and the only place."""

    name: str
    place: str
    plant: Plant
    canary: str = "jo.name"
    only: str = ""
    text: bool = False

    def on(self, database: str) -> bool:
        return self.only in {"", database}


def copied(played: Played) -> Gathered:
    """To plant into: the bytes themselves are shared, and never changed."""
    found = played.gathered
    places = {place: dict(chunks) for place, chunks in found.places.items()}
    return Gathered(places, list(found.said), list(found.left))


def _appended(place: str) -> Plant:
    """Somewhere in the middle of what was read from there."""

    def plant(_: Played, gathered: Gathered, needle: bytes, __: Path) -> None:
        chunks = gathered.places[place]
        name = max(chunks, key=lambda each: len(chunks[each]))
        middle = len(chunks[name]) // 2
        chunks[name] = chunks[name][:middle] + needle + chunks[name][middle:]

    return plant


def _in_place(name: str, place: str, *, only: str = "", canary: str = "jo.name") -> Leak:
    return Leak(name, place, _appended(place), canary, only)


def _on_a_screen(act: str, to: str, way: str) -> Plant:
    def plant(_: Played, gathered: Gathered, needle: bytes, __: Path) -> None:
        said = Said(act, to, way, b'{"text": "' + needle + b'"}')
        (gathered.left if way == "left" else gathered.said).append(said)

    return plant


def _screen(name: str, act: str, to: str, way: str, canary: str) -> Leak:
    return Leak(name, ON_SCREENS.format(way), _on_a_screen(act, to, way), canary)


def _unsealed_column(played: Played, gathered: Gathered, needle: bytes, folder: Path) -> None:
    """A column that forgot to seal, in the database's file and not only in its log."""
    _with_copy(played, gathered, needle, folder, checkpoint=True)


def _only_in_the_log(played: Played, gathered: Gathered, needle: bytes, folder: Path) -> None:
    """Written and taken back again: in SQLite's write-ahead log alone."""
    _with_copy(played, gathered, needle, folder, checkpoint=False)


def _with_copy(played: Played, gathered: Gathered, needle: bytes, folder: Path, *, checkpoint: bool) -> None:
    copy = folder / "copy"
    copy.mkdir()
    for name in (SQLITE_FILE,):
        shutil.copy(played.folder / name, copy / name)
    with closing(sqlite3.connect(copy / SQLITE_FILE, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("UPDATE members SET locale = ?", (needle,))
        if checkpoint:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for name, content in files_of(copy):
            gathered.put(place_of_file(name), name, content)


def _file_beside(_: Played, gathered: Gathered, needle: bytes, folder: Path) -> None:
    """A file that somebody's quick look left beside the database."""
    (folder / "export.tmp").write_bytes(b"members\n" + needle)
    for name, content in files_of(folder):
        gathered.put(place_of_file(name), name, content)


def _log_line(_: Played, gathered: Gathered, needle: bytes, __: Path) -> None:
    """One word without a space passes for an id: nothing but this search would see it."""
    with listening(console=False) as heard:
        structlog.get_logger().debug("offer_sent", who=needle.decode("latin-1"))
    gathered.put("the log", "one line more", heard.log.getvalue().encode())


def _library(_: Played, gathered: Gathered, needle: bytes, __: Path) -> None:
    with listening(console=False) as heard:
        logging.getLogger("sqlalchemy.engine").debug("[raw sql] %r", needle.decode("latin-1"))
    gathered.put(
        "the libraries' own words", "one line more", "\n".join(heard.libraries.lines).encode("latin-1")
    )


def _printed(_: Played, gathered: Gathered, needle: bytes, __: Path) -> None:
    with listening(console=False) as heard:
        print(needle.decode("latin-1"))  # noqa: T201  the very slip
    gathered.put("standard output and error", "one line more", heard.printed.getvalue().encode("latin-1"))


def _metric(_: Played, gathered: Gathered, needle: bytes, __: Path) -> None:
    registry = CollectorRegistry()
    Counter("turns", "By person", ["who"], registry=registry).labels(needle.decode("latin-1")).inc()
    gathered.put("metrics", "scrape", generate_latest(registry))


def _exception(_: Played, gathered: Gathered, needle: bytes, __: Path) -> None:
    fault = LookupError(needle.decode("latin-1"))
    text = "".join(traceback.format_exception(fault))
    gathered.put("answers to no screen, pages and exceptions", "a fault", text.encode("latin-1"))


def _one_row(table: str) -> Plant:
    def plant(_: Played, gathered: Gathered, needle: bytes, __: Path) -> None:
        gathered.put(f"rows of {table}", "one row more", b"('1', '" + needle + b"', 'request.sent')")

    return plant


LEAKS: tuple[Leak, ...] = (
    Leak("an unsealed column", "SQLite's file", _unsealed_column, only="sqlite"),
    Leak(
        "a value taken back", "SQLite's write-ahead log", _only_in_the_log, canary="kim.phone", only="sqlite"
    ),
    Leak("a file left behind", "beside the database", _file_beside, "jo.note"),
    _in_place("a column in PostgreSQL", "PostgreSQL's files", only="postgresql", canary="jo.directory"),
    _in_place("a log record", "PostgreSQL's write-ahead log", only="postgresql", canary="jo.conversation"),
    _in_place("a statement's values", "PostgreSQL's own log", only="postgresql", canary="kim.email"),
    _in_place("a column in a dump", "a dump", only="postgresql", canary="zed.name"),
    Leak("a name in the outbox", "rows of notices", _one_row("notices")),
    Leak("a name in the audit", "rows of audit", _one_row("audit")),
    Leak("words beside a seal", "rows of audit_seals", _one_row("audit_seals"), "jo.typed"),
    Leak("an address beside an end", "rows of audit_ends", _one_row("audit_ends"), "kim.conversation"),
    Leak("an id among what waits", "rows of audit_waiting", _one_row("audit_waiting"), "jo.user"),
    Leak("who answered", "rows of feedback", _one_row("feedback"), "kim.directory"),
    Leak("a topic that is counted", "rows of statistics", _one_row("statistics"), "jo.topic_fertility"),
    Leak(
        "a column of any table", "rows of the other tables", _appended("rows of the other tables"), "lee.bio"
    ),
    Leak("a word in the log", "the log", _log_line, text=True),
    Leak("a reason in the log", "the log", _log_line, "ria.reason", text=True),
    Leak("a library's values", "the libraries' own words", _library, "kim.note", text=True),
    Leak("a look while debugging", "standard output and error", _printed, "jo.second_phone", text=True),
    Leak("a counter by person", "metrics", _metric, "jo.directory", text=True),
    Leak(
        "an exception's text", "answers to no screen, pages and exceptions", _exception, "jo.typed", text=True
    ),
    Leak(
        "a page's address",
        "answers to no screen, pages and exceptions",
        _appended("answers to no screen, pages and exceptions"),
        "kim.user",
    ),
    Leak("a command that shows too much", "the terminal", _appended("the terminal"), "zed.manager"),
    _screen("a name in a blind offer", "jo_sends_it", "sam", "message", "jo.name"),
    _screen("a note in a blind offer", "jo_sends_it", "sam", "message", "jo.note"),
    _screen("a name before the yes", "lee_accepts", "lee", "answer", "jo.name"),
    _screen("a number after handing back", "lee_accepts", "kit", "edit", "jo.phone"),
    _screen("a topic after the yes", "jo_is_introduced_to_kit", "kit", "message", "jo.topic_menopause"),
    _screen("a supporter who declined", "sam_declines", "jo", "message", "sam.name"),
    _screen("a supporter's address with the proposal", "pat_accepts", "jo", "message", "pat.email"),
    _screen("a name in a digest", "the_digest_comes", "una", "message", "jo.name"),
    _screen("a name after the hour", "the_digest_comes", "ria", "dialog", "jo.name"),
    _screen("an opened name in the chat", "ria_sees_the_name", "ria", "answer", "jo.name"),
    _screen("an opened name to the one who agreed", "ria_sees_the_name", "bo", "dialog", "jo.name"),
    _screen("somebody else's chat in an envelope", "jo_sends_it", "sam", "envelope", "jo.conversation"),
    _screen("a reason in a toast", "ria_asks_who_asked", "bo", "toast", "ria.reason"),
    _screen("a name in a toast", "jo_is_introduced_to_kit", "kit", "toast", "jo.name"),
    _screen("a line beside the chat", "kit_hands_back", "kit", "aside", "jo.name"),
    _screen("an answer in one's own chat", "jo_fills_in_the_form", "jo", "answer", "jo.note"),
    _screen("who was left out, in one's own chat", "jo_sends_it", "jo", "message", "zed.name"),
    _screen("a number in one's own chat", "jo_is_introduced_to_kit", "jo", "edit", "jo.phone"),
    _screen("a file with the other's address", "jo_looks_at_what_is_held", "jo", "file", "kit.email"),
    _screen("a name after being in touch", "jo_types", "ria", "edit", "ned.name"),
    _screen("why Ned wants to be contacted", "ned_asks_to_be_contacted", "ria", "message", "ned.typed"),
    _screen("a number that was left standing", "the end", "kit", "left", "jo.phone"),
    _screen("a supporter left in the chat", "the end", "kim", "left", "sam.name"),
    _screen("somebody else's force reads it", "kim_closes_and_answers", "wes", "message", "kim.name"),
)


def needle_for(leak: Leak, turn: int, canary: Canary) -> tuple[str, bytes]:
    """Its bytes in an encoding that it has, another one at each turn. Where text is written, one that is text."""
    offered: dict[str, bytes] = {}
    for part in canary.parts:
        for encoding, needle in needles(part):
            if not leak.text or _WORD.fullmatch(needle):
                offered.setdefault(encoding, needle)
    order = list(ENCODINGS)
    turned = order[turn % len(order) :] + order[: turn % len(order)]
    return next((encoding, offered[encoding]) for encoding in turned if encoding in offered)
