"""`keys` and `audit verify`: what each says and ends with, and that no key is lost, shown or let go too early."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import stat

import pytest

from bot import commands_keys
from storage.keys import KeyFile, KeyRing, LookupKey
from storage.serving import SingleProcess
from storage.store import Store
from tests.bot.test_cli import SAM, Shell, roster, shell

__all__ = ["shell"]


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the commands wait out for the sake of other processes."""
    monkeypatch.setattr(commands_keys, "SETTLED_IN", 0.0)


@pytest.fixture
def kept(shell: Shell) -> Shell:
    """A deployment with its keys in a file, and somebody on the roster."""
    shell.ready()
    shell.set(KEYS="", LOOKUP_KEY="")
    assert shell.runs("keys", "new", "keys.txt").exit_code == 0
    shell.set(KEYS_FILE="keys.txt")
    assert shell.runs("migrate").exit_code == 0
    assert shell.runs("roster", "import", str(roster(shell.folder, SAM)), "--yes").exit_code == 0
    return shell


def keys(shell: Shell) -> KeyFile:
    return KeyFile(shell.folder / "keys.txt")


def rows(shell: Shell) -> list[tuple[object, ...]]:
    with sqlite3.connect(shell.folder / "peer.db") as conn:
        return [
            row
            for table in ("members", "supporters", "key_checks", "audit")
            for row in conn.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608
        ]


def hides_keys(shell: Shell, said: str) -> None:
    found = keys(shell).read()
    for secret in (found.lookup.text(), *found.ring.text().split(",")):
        assert secret.partition(":")[2] not in said or ":" not in secret
        assert secret not in said


def test_new_keys_are_for_their_owner_alone_and_never_written_over(shell: Shell):
    shell.ready()
    there = shell.runs("keys", "new", "other.txt")
    assert there.exit_code == 2
    assert not (shell.folder / "other.txt").exists()
    shell.set(KEYS="", LOOKUP_KEY="")
    shown = shell.runs("keys", "new")
    assert re.fullmatch(r"PEER_SUPPORT_KEYS=k1:\S{44}\nPEER_SUPPORT_LOOKUP_KEY=\S{44}\n", shown.output)
    assert shell.runs("keys", "new", "keys.txt").exit_code == 0
    assert stat.S_IMODE((shell.folder / "keys.txt").stat().st_mode) == 0o600
    before = (shell.folder / "keys.txt").read_bytes()
    again = shell.runs("keys", "new", "keys.txt")
    assert (again.exit_code, "left as it is" in again.output or "left as it was" in again.output) == (1, True)
    assert (shell.folder / "keys.txt").read_bytes() == before


def test_a_ring_is_turned_step_by_step(kept: Shell):
    said = ""
    for words, code, heard in (
        (("keys", "check"), 0, "k1           seals, "),
        (("keys", "rotate"), 0, "No other key is needed."),
        (("keys", "drop", "k1"), 2, "only key"),
        (("keys", "first", "k7"), 2, "isn't in the ring"),
        (("keys", "add"), 0, "keys first k2"),
        (("keys", "add", "--id", "k2"), 1, "twice"),
        (("keys", "rotate"), 0, "No other key is needed."),
        (("keys", "first", "k2"), 0, "keys rotate"),
        (("keys", "drop", "k1"), 2, "Rows still need"),
        (("keys", "check"), 0, "k1           opens, "),
        (("keys", "rotate"), 0, "may be taken out: keys drop k1"),
        (("keys", "check"), 0, "k1           opens, 0 texts, may be taken out"),
        (("keys", "rotate"), 0, "Sealed anew with “k2”: 0."),
        (("keys", "drop", "k1"), 0, "“k1” is out."),
        (("roster", "list"), 0, "Sam Okafor"),
        (("audit", "verify"), 0, "All stands as it was written"),
    ):
        done = kept.runs(*words)
        assert done.exit_code == code, (words, done.output)
        assert heard in done.output, (words, done.output)
        said += done.output
    assert [key.id for key in keys(kept).read().ring.keys] == ["k2"]
    hides_keys(kept, said)


def test_keys_of_the_environment_are_shown_to_be_put_there(shell: Shell):
    shell.ready()
    assert shell.runs("migrate").exit_code == 0
    added = shell.runs("keys", "add")
    ring = re.search(r"^PEER_SUPPORT_KEYS=(\S+)$", added.output, re.MULTILINE)
    assert ring
    assert [key.id for key in KeyRing.parse(ring[1]).keys] == ["k1", "k2"]
    shell.set(KEYS=ring[1])
    first = shell.runs("keys", "first", "k2")
    assert [key.id for key in KeyRing.parse(first.output.splitlines()[0].partition("=")[2]).keys] == [
        "k2",
        "k1",
    ]


def test_while_a_process_serves_with_the_old_key_no_key_is_let_go(kept: Shell):
    kept.runs("keys", "add")
    before = keys(kept).read()

    async def serves(*, here: bool) -> None:
        store = await Store.open(f"sqlite:///{kept.folder}/peer.db", before.ring, before.lookup)
        await (store.beat("one") if here else store.leave("one"))
        await store.close()

    asyncio.run(serves(here=True))
    kept.runs("keys", "first", "k2")
    done = kept.runs("keys", "rotate")
    assert done.exit_code == 1
    assert "don't seal with “k2”" in done.output
    assert "1 with k1" in kept.runs("keys", "check").output
    refused = kept.runs("keys", "rehash")
    assert refused.exit_code == 2
    assert "Stop all of them" in refused.output
    asyncio.run(serves(here=False))
    assert "keys drop k1" in kept.runs("keys", "rotate").output


def test_a_text_that_somebody_moved_is_told_and_its_key_kept(kept: Shell):
    with sqlite3.connect(kept.folder / "peer.db") as conn:
        conn.execute("UPDATE supporters SET profile_sealed = (SELECT person_sealed FROM members)")
    kept.runs("keys", "add")
    kept.runs("keys", "first", "k2")
    done = kept.runs("keys", "rotate")
    assert done.exit_code == 1
    assert "supporters.profile_sealed don't open" in done.output
    assert "“k1” must stay" in done.output
    assert kept.runs("keys", "drop", "k1").exit_code == 2


def test_the_lookup_key_is_changed_and_the_old_one_opens_nothing(kept: Shell):
    old = keys(kept).read()
    with SingleProcess(f"sqlite:///{kept.folder}/peer.db"):
        assert kept.runs("keys", "rehash").exit_code == 2
    done = kept.runs("keys", "rehash")
    assert done.exit_code == 0, done.output
    assert "Hashed anew: 1." in done.output
    now = keys(kept).read()
    assert (now.lookup != old.lookup, now.next_lookup, now.ring) == (True, None, old.ring)
    assert kept.runs("roster", "list").exit_code == 0
    again = kept.runs("roster", "import", str(roster(kept.folder, SAM)), "--yes")
    assert "Nothing to change." in again.output, "the same person is found by the new key"
    keys(kept).replace(old)
    refused = kept.runs("sweep")
    assert refused.exit_code == 1
    assert "look-up key" in refused.output
    hides_keys(kept, done.output)


def test_a_change_of_the_lookup_key_that_was_cut_off_is_gone_on_with_or_given_up(
    kept: Shell, monkeypatch: pytest.MonkeyPatch
):
    async def cut_off(_seconds: float) -> None:
        raise asyncio.CancelledError

    before = rows(kept)
    with monkeypatch.context() as patch:
        patch.setattr("bot.keys_rehash.asyncio.sleep", cut_off)
        stopped = kept.runs("keys", "rehash")
    assert stopped.exit_code == 1
    assert "--give-up" in stopped.output
    for words in (("sweep",), ("roster", "list"), ("keys", "check")):
        shut = kept.runs(*words)
        assert (shut.exit_code, "being changed" in shut.output) == (1, True), words
    assert kept.runs("keys", "rehash", "--give-up").exit_code == 0
    assert rows(kept) == before
    assert keys(kept).read().next_lookup is None
    assert kept.runs("keys", "rehash").exit_code == 0


def test_a_new_lookup_key_of_the_environment_is_set_before_anything_is_changed(shell: Shell):
    shell.ready()
    shell.runs("migrate")
    without = shell.runs("keys", "rehash")
    assert without.exit_code == 2
    assert "PEER_SUPPORT_NEXT_LOOKUP_KEY" in without.output
    following = LookupKey.new().text()
    shell.set(NEXT_LOOKUP_KEY=following)
    done = shell.runs("keys", "rehash")
    assert done.exit_code == 0, done.output
    assert following not in done.output
    assert shell.runs("sweep").exit_code == 1
    assert "at the new look-up key" in shell.runs("keys", "rehash").output
    shell.set(LOOKUP_KEY=following, NEXT_LOOKUP_KEY="")
    assert shell.runs("sweep").exit_code == 0


BROKEN = {
    "gone": None,
    "empty": b"",
    "cut": b"KEYS=k1:AAAA",
    "no words": b"\xff\xfe\x00",
    "another": f"KEYS={KeyRing.new().text()}\nLOOKUP_KEY={LookupKey.new().text()}\n".encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_with_keys_that_are_not_right_nothing_opens_and_nothing_is_written(
    kept: Shell, content: bytes | None
):
    before = rows(kept)
    if content is None:
        (kept.folder / "keys.txt").unlink()
    else:
        (kept.folder / "keys.txt").write_bytes(content)
    for words in (
        ("migrate",),
        ("sweep",),
        ("keys", "rotate"),
        ("keys", "rehash"),
        ("keys", "check"),
        ("audit", "verify"),
    ):
        done = kept.runs(*words)
        assert done.exit_code == 1, (words, done.output)
        assert "key" in done.output.casefold(), words
    assert rows(kept) == before
    assert "AAAA" not in done.output


def test_both_places_for_keys_at_once_are_refused(kept: Shell):
    kept.set(KEYS=KeyRing.new().text())
    done = kept.runs("sweep")
    assert done.exit_code == 1
    assert "unset one of the two" in done.output


def test_the_audit_is_verified_and_what_was_done_to_it_is_told(kept: Shell):
    waiting = kept.runs("audit", "verify")
    assert waiting.exit_code == 0, waiting.output
    assert "wait for their seal" in waiting.output
    assert kept.runs("sweep").exit_code == 0
    clean = kept.runs("audit", "verify")
    seal = re.search(r"^Last seal: (\d+-[0-9a-f]{64})$", clean.output, re.MULTILINE)
    assert seal, clean.output
    assert kept.runs("audit", "verify", "--seal", seal[1]).exit_code == 0
    assert kept.runs("audit", "verify", "--seal", "12").exit_code == 2
    cut = kept.runs("audit", "verify", "--seal", f"999-{'0' * 64}")
    assert cut.exit_code == 1
    assert "The end was cut off." in cut.output
    with sqlite3.connect(kept.folder / "peer.db") as conn:
        conn.execute("DROP TRIGGER audit_no_update")
        conn.execute("UPDATE audit SET actor_id = 'nobody-at-all' WHERE seq = 1")
    done = kept.runs("audit", "verify")
    assert done.exit_code == 1
    assert "Place 1: the row there isn't the one that was sealed." in done.output
    assert "nobody-at-all" not in done.output
