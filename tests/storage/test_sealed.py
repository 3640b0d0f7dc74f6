"""At rest: nothing that names or describes anybody can be read from the files, and no sealed text can be moved."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from peer_support.audit import AuditRow
from peer_support.draft import Draft
from peer_support.exclusion import Exclusion
from peer_support.ids import new_id
from peer_support.keeping import Ends
from peer_support.offer import Contact
from peer_support.people import AboutMe, Address
from peer_support.request import CloseReason, How, RequestState, Wishes
from storage import SealBroken, Store, StoreRefused
from tests.fakes.databases import opened
from tests.storage.world import NOW, match, member, offer, proposal, request, supporter

SECRETS = {
    "directory": "directory-of-jo-evans",
    "name": "Josephine Evans",
    "email": "jo.evans@northmoor.example",
    "conversation": "a:conversation-of-jo",
    "service": "https://smba.example/uk/",
    "grade": "chief-inspector-grade",
    "topic": "topic-bereavement",
    "note": "What I would like to say",
    "experience": "experience-divorce",
    "bio": "Twelve years of nights",
    "team": "Team Delta",
    "manager": "directory-of-the-manager",
    "signer": "Signed by Pat Lee",
    "left-out": "directory-of-someone-left-out",
    "draft": "an answer half typed",
    "phone": "07700 900123",
    "activity": "activity-key-of-a-conversation",
}


async def _life(store: Store) -> None:
    jo = member(
        directory_id=SECRETS["directory"],
        name=SECRETS["name"],
        email=SECRETS["email"],
        address=Address(SECRETS["service"], SECRETS["conversation"], "tenant-1", "u", "b"),
        about=AboutMe(grade=SECRETS["grade"]),
    )
    sam = member()
    async with store.work() as work:
        await work.members.add(jo)
        await work.members.add(sam)
        await work.supporters.put(
            supporter(
                sam.id,
                experiences=frozenset({SECRETS["experience"]}),
                bio=SECRETS["bio"],
                team=SECRETS["team"],
                line_manager=SECRETS["manager"],
                signed_off_by=SECRETS["signer"],
            )
        )
        await work.exclusions.add(Exclusion(new_id(), jo.id, "tenant-1", SECRETS["left-out"]))
        await work.drafts.put(Draft(jo.id, {"note": SECRETS["draft"]}, NOW))
        about = AboutMe(grade=SECRETS["grade"])
        asked = request(jo.id, wishes=Wishes((SECRETS["topic"],), note=SECRETS["note"], about=about))
        await work.requests.add(asked)
        offered = offer(asked.id, sam.id)
        await work.offers.add(offered)
        said_yes = proposal(offered)
        await work.proposals.add(said_yes)
        await work.matches.add(match(said_yes, jo.id, contact=Contact(How.CALL, SECRETS["phone"])))
        await work.turns.first_time(SECRETS["activity"], NOW)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_nothing_of_anybody_can_be_read_from_sqlites_files(tmp_path: Path):
    async with opened(f"sqlite:///{tmp_path}/peer.db") as store:
        await _life(store)
        files = _bytes(tmp_path)
        assert {"peer.db", "peer.db-wal"} <= files.keys()
        raw = b"".join(files.values())
        assert b"northmoor" in raw, "plain columns are there to be seen, so the bytes were the right ones"
        for what, secret in SECRETS.items():
            assert secret.encode() not in raw, what


async def test_nothing_of_anybody_can_be_read_from_postgresqls_rows(postgresql):
    address = postgresql.make_database("sealed")
    async with opened(address) as store:
        await _life(store)
        async with store._engine.connect() as conn:  # noqa: SLF001  the rows as they lie
            names = await conn.exec_driver_sql(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            )
            raw = ""
            for name in [row[0] for row in names]:
                rows = await conn.exec_driver_sql(f'SELECT * FROM "{name}"')  # noqa: S608  our own tables
                raw += str([tuple(row) for row in rows])
        assert "northmoor" in raw
        for what, secret in SECRETS.items():
            assert secret not in raw, what


async def _change(store: Store, statement: str) -> None:
    async with store._engine.begin() as conn:  # noqa: SLF001  a hostile hand in the database
        await conn.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE members SET person_sealed = (SELECT person_sealed FROM members WHERE id = 'sam') WHERE id = 'jo'",
        "UPDATE members SET person_sealed = about_sealed WHERE id = 'jo'",
        "UPDATE members SET person_sealed = substr(person_sealed, 1, 30) WHERE id = 'jo'",
        "UPDATE members SET person_sealed = 'unknown:' || person_sealed WHERE id = 'jo'",
        "UPDATE members SET person_sealed = 't1:not base64' WHERE id = 'jo'",
        "UPDATE members SET person_sealed = '' WHERE id = 'jo'",
    ],
)
async def test_a_sealed_text_that_was_changed_or_moved_is_noticed(database_address: str, tampering: str):
    async with opened(database_address) as store:
        async with store.work() as work:
            await work.members.add(member(id="jo", name="Jo", about=AboutMe(grade="sergeant")))
            await work.members.add(member(id="sam", name="Sam"))
        await _change(store, tampering)
        with pytest.raises(SealBroken) as broken:
            async with store.work() as work:
                await work.members.get("jo")
        assert "Jo" not in str(broken.value)


async def test_nobodys_name_is_opened_to_choose_among_supporters(database_address: str):
    """What can't be opened by anybody is no hindrance to it, until somebody is to be shown."""
    async with opened(database_address) as store:
        async with store.work() as work:
            await work.members.add(member(id="sam", name="Sam"))
            await work.supporters.put(supporter("sam"))
        await _change(store, "UPDATE members SET person_sealed = '' WHERE id = 'sam'")
        async with store.work() as work:
            found = [each async for some in work.supporters.candidates(NOW) for each in some]
            assert [each.supporter.id for each in found] == ["sam"]
            assert [each.supporter.id for each in await work.supporters.network("northmoor", NOW)] == ["sam"]
            with pytest.raises(SealBroken):
                await work.members.named(["sam"])


async def test_to_name_somebody_opens_neither_their_chat_nor_what_they_told_when_they_asked(
    database_address: str,
):
    async with opened(database_address) as store:
        address = Address(SECRETS["service"], SECRETS["conversation"], "tenant-1", "u", "b")
        async with store.work() as work:
            await work.members.add(member(id="sam", name="Sam", address=address, about=AboutMe("sergeant")))
            await work.supporters.put(supporter("sam"))
        await _change(store, "UPDATE members SET address_sealed = 'moved', about_sealed = 'moved'")
        async with store.work() as work:
            assert (await work.supporters.candidate("sam", NOW)) is not None
            assert (await work.members.named(["sam"]))["sam"].name == "Sam"
            with pytest.raises(SealBroken):
                await work.members.many(["sam"])


async def test_a_look_up_hash_that_isnt_the_persons_own_is_noticed_before_they_are_told_anything(
    database_address: str,
):
    """The rules of matching go by it, so whoever it would let be asked must not hear of it."""
    async with opened(database_address) as store:
        async with store.work() as work:
            await work.members.add(member(id="sam", name="Sam"))
        await _change(store, "UPDATE members SET person_hash = 'another'")
        async with store.work() as work:
            for read in (work.members.many, work.members.named):
                with pytest.raises(SealBroken):
                    await read(["sam"])


async def test_the_same_words_never_look_the_same_nor_tell_their_length(database_address: str):
    async with opened(database_address) as store:
        async with store.work() as work:
            for name in ("Jo", "Jo", "Josephine"):
                await work.members.add(member(name=name))
        async with store._engine.connect() as conn:  # noqa: SLF001  the rows as they lie
            rows = await conn.exec_driver_sql("SELECT person_sealed FROM members")
            sealed = [row[0] for row in rows]
    assert len(set(sealed)) == 3
    assert len({len(text) for text in sealed}) == 1


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'nothing'", "DELETE FROM audit"])
async def test_the_audit_only_grows(database_address: str, statement: str):
    async with opened(database_address) as store:
        async with store.work() as work:
            await work.audit.add(AuditRow(new_id(), NOW, "system", "request.sent", "r"))
        with pytest.raises(DBAPIError, match="only grows"):
            await _change(store, statement)


async def test_an_error_of_the_database_shows_no_values(database_address: str):
    async with opened(database_address) as store:
        with pytest.raises(StoreRefused) as refused:
            async with store.work() as work:
                await work.requests.add(request("a-person-without-a-row", news_by=NOW + timedelta(hours=1)))
        error: BaseException | None = refused.value
        said = ""
        while error is not None:
            said += str(error).split("DETAIL", maxsplit=1)[0]
            error = error.__cause__
        assert "a-person-without-a-row" not in said


async def test_a_request_that_doesnt_open_any_more_is_forgotten_in_its_time_with_the_others(
    database_address: str,
):
    async with opened(database_address) as store:
        async with store.work() as work:
            for _ in range(2):
                person = member()
                await work.members.add(person)
                closed = {"state": RequestState.CLOSED, "close_reason": CloseReason.FINISHED}
                asked = request(person.id, closed_at=NOW - timedelta(days=91), **closed)
                await work.requests.add(asked)
        await _change(store, f"UPDATE requests SET wishes_sealed = 'x' WHERE id = '{asked.id}'")  # noqa: S608
        async with store.work() as work:
            found = await work.keeping.closed(Ends(NOW - timedelta(days=90)), NOW, 10)
            for each in found:
                await work.keeping.forget_request(each.request.id)
        async with store.work() as work:
            assert (len(found), await work.keeping.closed(Ends(NOW), NOW, 10)) == (2, [])
