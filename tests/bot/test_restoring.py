"""A backup made while people write is put back by the documented commands, needs its keys, and forgets whom it must."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import ticks
from storage.keys import KeyRing, LookupKey
from tests.bot.test_cli import Shell, shell
from tests.fakes.databases import Server, database_address, installed, postgresql, sqlite_address
from tests.scenarios.steps import member
from tests.scenarios.town import Town, town

__all__ = ["database_address", "postgresql", "shell", "sqlite_address"]

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
BACK_UP = {"sqlite": "python -c ", "postgresql": "pg_dump "}
PUT_BACK = {"sqlite": "cp ", "postgresql": "pg_restore "}
NOTE = "Someone patient."


def documented(begins: str) -> str:
    """The one command of the page that begins so, as an operator would copy it."""
    (found,) = re.findall(rf"^{re.escape(begins)}.*\$BACKUP.*$", PAGE, re.MULTILINE)
    return str(found)


def operates(command: str, address: str, backup: Path) -> None:
    """Run a documented command as it stands."""
    programs = [Path(sys.executable).parent, *filter(None, [installed()])]
    path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
    given = {"PEER_SUPPORT_DATABASE_URL": address, "DATABASE": address.removeprefix("sqlite:///")}
    done = subprocess.run(  # noqa: S603 - the page's own commands
        ["/bin/bash", "-c", command],
        env=os.environ | given | {"BACKUP": str(backup), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


async def people_ask(place: Town, backing_up: asyncio.Task[None]) -> int:
    """As many as can while the backup is made, and one at the least."""
    asked = 0
    while not asked or not backing_up.done():
        await place.asks(await place.officer(f"Ann {asked}"))
        asked += 1
    return asked


async def test_a_backup_is_put_back(
    database_address: str, tmp_path: Path, shell: Shell, request: pytest.FixtureRequest
):
    kind, backup = database_address.partition(":")[0], tmp_path / "backup"
    keys, lookup = KeyRing.new().text(), LookupKey.new().text()
    given = {"keys": SecretStr(keys), "lookup_key": SecretStr(lookup)}
    async with town(database_address, tmp_path, **given) as place:
        keys = place.service.settings.keys.get_secret_value()
        lookup = place.service.settings.lookup_key.get_secret_value()
        jo = await place.officer("Jo Evans")
        await place.asks(jo, note=NOTE)
        id = (await member(place, jo)).id
        with capture_logs() as before:
            await ticks.tend_audit(place.desk, place.clock.now)
        backing_up = asyncio.create_task(
            asyncio.to_thread(operates, documented(BACK_UP[kind]), database_address, backup)
        )
        assert await people_ask(place, backing_up)
        await backing_up
        await jo.says("delete my data")
        await jo.presses("Yes, delete it")
        with capture_logs() as after:
            await ticks.tend_audit(place.desk, place.clock.now)
    assert [line["member"] for line in (*before, *after) if line["event"] == "data_deleted"] == [id]
    if kind == "postgresql":
        operates(f'pg_restore --file="{tmp_path}/plain" "$BACKUP"', database_address, backup)
    plain = (backup if kind == "sqlite" else tmp_path / "plain").read_bytes()
    assert id.encode() in plain
    for private in (NOTE, jo.name, jo.email, jo.directory, jo.conversation_id, jo.user_id):
        assert private.encode() not in plain, "without the keys it tells nobody's name, words or address"

    address = f"sqlite:///{tmp_path}/new.db"
    if kind == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        address = server.make_database(f"r{os.urandom(8).hex()}")
    operates(documented(PUT_BACK[kind]), address, backup)
    shell.set(LOCAL="1", DATABASE_URL=address, FORCES_FILE=str(tmp_path / "forces.toml"))
    seal = next(line["seal"] for line in before if line["event"] == "audit_sealed")
    told: dict[str, tuple[int, str]] = {}

    def operator() -> None:
        shell.set(KEYS=KeyRing.new().text(), LOOKUP_KEY=lookup)
        for words in (("keys", "check"), ("audit", "verify"), ("forget", id), ("purge",)):
            assert shell.runs(*words).exit_code == 1, words
        shell.set(KEYS=keys)
        for name, *words in (
            ("keys", "keys", "check"),
            ("audit", "audit", "verify", "--seal", seal),
            ("forget", "forget", id),
            ("again", "forget", id),
            ("purge", "purge"),
            ("afterwards", "audit", "verify", "--seal", seal),
        ):
            done = shell.runs(*words)
            told[name] = (done.exit_code, done.output)

    await asyncio.to_thread(operator)
    assert {name: code for name, (code, _) in told.items()} == dict.fromkeys(told, 0), told
    assert "Forgotten: 1. Not there: 0." in told["forget"][1], "the backup had brought them back"
    assert "Forgotten: 0. Not there: 1." in told["again"][1]
    assert "Gone: " in told["purge"][1]
