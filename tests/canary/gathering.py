"""Everything that the scenario left anywhere, gathered once: the bytes of each place, by what they were read from."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from prometheus_client import REGISTRY, generate_latest
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.tables import metadata
from tests.canary.wire import Said
from tests.fakes.databases import Server
from tests.fakes.person import Person

WAL = "PostgreSQL's write-ahead log"  # it only grows here: what it held earlier it holds in the end
SECRET = ("_sealed", "_hash")
APART = ("notices", "audit", "audit_waiting", "audit_seals", "audit_ends", "feedback", "statistics")
Chunks = dict[str, bytes]


@dataclass(slots=True, repr=False)
class Gathered:
    """`places` by name, each with the bytes of what is in it. `said` was on people's screens; `left` still is.

    It has no repr: a failed test would show megabytes.
    """

    places: dict[str, Chunks] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    left: list[Said] = field(default_factory=list)

    def put(self, place: str, what: str, content: bytes) -> None:
        self.places.setdefault(place, {})[what] = content

    @property
    def size(self) -> int:
        """Bytes, the screens included."""
        chunks = sum(len(chunk) for place in self.places.values() for chunk in place.values())
        return chunks + sum(len(each.content) for each in (*self.said, *self.left))


def hashes_of(folder: Path) -> frozenset[bytes]:
    """What the files held before the first canary was made: such a file can't hold one."""
    return frozenset(hashlib.blake2b(path.read_bytes()).digest() for path in files_in(folder))


def files_in(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def files_of(folder: Path, before: frozenset[bytes] = frozenset()) -> Iterator[tuple[str, bytes]]:
    """Each file that changed, whole."""
    for path in files_in(folder):
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # the server does away with files of its own
            continue
        if content and hashlib.blake2b(content).digest() not in before:
            yield str(path.relative_to(folder)), content


def kind_of_file(name: str) -> str:
    """Which place a file of PostgreSQL's data folder belongs to."""
    return WAL if name.startswith("pg_wal/") else "PostgreSQL's files"


def dump_of(server: Server, database: str) -> bytes:
    """What `pg_dump` writes: what a backup holds."""
    command = ["pg_dump", "--no-sync", server.address(database)]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603  the system's own program


def settled(server: Server, database: str) -> None:
    """As the documents say: after VACUUM and a checkpoint, what was deleted is gone from the heap."""
    with closing(psycopg.connect(server.address(database), autocommit=True)) as conn:
        conn.execute("VACUUM")
        conn.execute("CHECKPOINT")


async def rows_of(engine: AsyncEngine) -> dict[str, bytes]:
    """Every row of every table, as text."""
    found = {}
    async with engine.connect() as conn:
        for table in metadata.sorted_tables:
            rows = await conn.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608  our own tables
            found[table.name] = "\n".join(str(tuple(row)) for row in rows).encode()
    return found


async def secrets_of(engine: AsyncEngine) -> frozenset[str]:
    """Every ciphertext and keyed hash that stands in the tables now."""
    found = set[str]()
    async with engine.connect() as conn:
        for table in metadata.sorted_tables:
            for column in _secret(table):
                rows = await conn.execute(text(f'SELECT "{column}" FROM "{table.name}"'))  # noqa: S608  as above
                found |= {str(row[0]) for row in rows if row[0] is not None}
    return frozenset(found)


def _secret(table: Table) -> Iterator[str]:
    return (column.name for column in table.columns if column.name.endswith(SECRET))


def screens_of(people: Mapping[str, Person]) -> Iterator[Said]:
    """What stands in each chat in the end, after every edit."""
    for name, person in people.items():
        for seen in person.sees:
            content = json.dumps([seen.card, seen.text, seen.summary], ensure_ascii=False)
            yield Said("the end", name, "left", content.encode())


def metrics() -> bytes:
    """What a scrape of this process would give, whether or not an address serves it."""
    return generate_latest(REGISTRY)


def joined(chunks: Iterable[bytes]) -> bytes:
    return b"\n".join(chunks)
