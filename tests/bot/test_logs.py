"""The log: static names and opaque values; a person's words can't get in, by a value, a fault or a library."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from bot import logs
from tests.bot.doorway import doorway


@pytest.fixture
def written():
    """What was logged, line by line, while the log is set up as it is in service."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.set_up(level="INFO", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


def test_words_are_withheld_and_ids_are_kept(written):
    log = structlog.get_logger(__name__)
    log.info(
        "offer_sent",
        request="K7QF",
        count=3,
        fine=True,
        nothing=None,
        name="Jo Evans",
        email="jo@police.example",
    )
    log.info("Jo Evans asked", detail={"a": "b"})
    log.info("serving", says="The bot listens on this machine.")
    log.debug("too_quiet")
    first, second, third = written()
    assert first["request"] == "K7QF"
    assert (first["count"], first["fine"], first["nothing"]) == (3, True, None)
    assert (first["name"], first["email"]) == ("[withheld]", "[withheld]")
    assert (second["event"], second["detail"]) == ("unnamed", "[withheld]")
    assert third["says"] == "The bot listens on this machine."


def test_a_fault_is_its_kind_and_its_places(written):
    try:
        int("Jo Evans")
    except ValueError:
        structlog.get_logger().exception("turn_failed")
    (line,) = written()
    assert line["exception"]["type"] == "ValueError"
    assert line["exception"]["places"][0].startswith("test_logs.py:")
    assert "Jo" not in json.dumps(line)


def test_a_librarys_words_are_not_repeated(written):
    logging.getLogger("sqlalchemy.engine").error("INSERT %s", "Jo Evans")
    logging.getLogger("sqlalchemy.engine").info("quiet")
    (line,) = written()
    assert (line["event"], line["logger"], line["level"]) == ("library", "sqlalchemy.engine", "error")
    assert "Jo" not in json.dumps(line)


async def test_a_whole_conversation_leaves_no_words_in_the_log(written):
    async with doorway(lane=1) as door:
        jo = door.teams.person(name="Jo Evans")
        await jo.says("hi, my sergeant is Sam")
        door.talk.fault = RuntimeError("my sergeant is Sam")
        await jo.says("again, my sergeant is Sam")
        door.talk.guard_fault = RuntimeError("my sergeant is Sam")
        door.teams.answers(403, code="BotNotInConversationRoster", times=9)
        await jo.says("help now")
        await jo.sends(jo.activity(type="Jo Evans", channelId="Jo Evans"))
        kept = json.dumps(written())
    assert {"turn_failed", "guard_failed", "activity_refused"} <= {line["event"] for line in written()}
    for private in ("Jo", "sergeant", jo.directory, jo.conversation_id, jo.user_id, jo.tenant):
        assert private not in kept


def test_a_console_is_for_people():
    stream = io.StringIO()
    logs.set_up(console=True, stream=stream)
    structlog.get_logger().info("serving", port=3978)
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()
    assert "serving" in stream.getvalue()


def test_a_console_tells_of_a_fault_without_failing_itself():
    stream = io.StringIO()
    logs.set_up(console=True, stream=stream)
    try:
        int("my sergeant is Sam")
    except ValueError as fault:
        structlog.get_logger().error("turn_failed", exc_info=fault)
    assert "ValueError test_logs.py:" in stream.getvalue()
    assert "sergeant" not in stream.getvalue()
