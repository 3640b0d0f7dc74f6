"""The twin's later things: notices and their outbox, due rows, the audit, worked activities, feedback."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from peer_support.audit import DATA_DELETED, GENESIS, AuditRow, Sealed, Verdict, link
from peer_support.due import Due, DueKind
from peer_support.feedback import Feedback
from peer_support.heard import Heard
from peer_support.ids import new_id
from peer_support.notice import OUT_OF_REACH, Notice, NoticeKind, mending
from peer_support.sending import (
    LONGEST_HOLD,
    MOST_EACH,
    Claim,
    DeadLetter,
    Dealt,
    Ended,
    Fate,
    Pace,
    Places,
)
from tests.fakes.memory_rows import Chat, Queued, Rows, aware, refers


def _key(notice: Notice) -> tuple[str, ...]:
    return (notice.recipient_id, notice.kind, notice.subject_id, notice.occasion, notice.edits or "")


class MemoryNotices:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, notice: Notice) -> None:
        aware(notice)
        refers(self._rows.members, notice.recipient_id)
        self._rows.noticed = True
        stands = next((row for row in self._rows.notices.values() if _key(row.notice) == _key(notice)), None)
        if stands is None:
            self._rows.notices[notice.id] = Queued(replace(notice, edits=notice.edits or None))
        elif stands.dropped and stands.notice.sent_at is None:
            again = replace(stands.notice, not_before=notice.not_before)
            self._rows.notices[stands.notice.id] = replace(stands, notice=again, dropped=False)

    async def sent_cards(self, recipient_id: str, kind: NoticeKind, subject_id: str) -> Sequence[str]:
        found = [
            (row.notice.sent_at, row.notice.id, row.notice.activity_id)
            for row in self._rows.notices.values()
            if _key(row.notice)[:3] == (recipient_id, kind, subject_id)
            and row.notice.edits is None
            and row.notice.sent_at is not None
        ]
        return [activity_id for _, _, activity_id in sorted(found) if activity_id is not None]

    async def told(self, kind: NoticeKind, subject_id: str) -> Collection[str]:
        return {
            row.notice.recipient_id
            for row in self._rows.notices.values()
            if (row.notice.kind, row.notice.subject_id, row.notice.edits) == (kind, subject_id, None)
            and row.notice.sent_at is not None
            and row.notice.activity_id is not None
        }

    async def drop(self, subject_id: str, kinds: Collection[NoticeKind]) -> int:
        taken = 0
        for id, row in list(self._rows.notices.items()):
            about = row.notice.subject_id == subject_id and row.notice.kind in kinds
            if about and row.notice.sent_at is None and row.dead_at is None and not row.dropped:
                self._rows.notices[id] = replace(row, dropped=True)
                taken += row.notice.edits is None
        return taken

    async def revive(self, recipient_id: str, now: datetime) -> None:
        for id, row in list(self._rows.notices.items()):
            theirs = row.notice.recipient_id == recipient_id and row.notice.edits is not None
            if theirs and row.dead_why in OUT_OF_REACH and not row.dropped:
                again = replace(row.notice, not_before=now, attempts=0)
                self._rows.notices[id] = replace(row, notice=again, dead_at=None, dead_why=None)
                self._rows.noticed = True

    async def dead(self) -> Sequence[DeadLetter]:
        found = [(row.dead_at, row.notice.id, row) for row in self._rows.notices.values() if _given_up(row)]
        return [
            DeadLetter(
                id, row.notice.kind, row.notice.edits is not None, at, row.dead_why or "", row.notice.attempts
            )
            for at, id, row in sorted(found, key=lambda each: each[:2])
            if at is not None
        ]

    async def replay(self, now: datetime, notice_id: str | None = None) -> Sequence[str]:
        chosen = [id for id, row in self._rows.notices.items() if _given_up(row) and notice_id in {None, id}]
        for id in chosen:
            row = self._rows.notices[id]
            again = replace(row.notice, not_before=now, attempts=0)
            self._rows.notices[id] = replace(row, notice=again, dead_at=None, dead_why=None)
            self._rows.noticed = True
        return sorted(chosen)

    async def let_go(self, notice_id: str) -> bool:
        row = self._rows.notices.get(notice_id)
        if row is None or not _given_up(row):
            return False
        self._rows.notices[notice_id] = replace(row, dropped=True)
        return True


def _given_up(row: Queued) -> bool:
    return row.dead_at is not None and row.notice.sent_at is None and not row.dropped


class MemoryOutbox:
    """`chats` and `budgets` of the rows say who is held until when, and what is used up, in seconds of `clock`."""

    def __init__(
        self,
        transaction: Callable[[], AbstractAsyncContextManager[Rows]],
        clock: Callable[[], datetime],
    ) -> None:
        self._transaction, self._clock = transaction, clock

    async def claim(self, now: datetime, lease: timedelta, most: int, pace: Pace) -> Sequence[Claim]:
        async with self._transaction() as rows:
            clock = self._clock()
            free = [row for row in rows.notices.values() if _claimable(row, now, clock)]
            free.sort(key=_place)
            open_ = [row for row in free if _takes(rows, row, now, clock, pace)]
            people = dict.fromkeys(row.notice.recipient_id for row in open_[:most])
            lent = {person: self._lend(rows, person, now, clock + lease) for person in people}
            until = clock + lease
            return [self._claimed(rows, person, some, until, pace) for person, some in lent.items() if some]

    def _lend(self, rows: Rows, person: str, now: datetime, until: datetime) -> tuple[Notice, ...]:
        waiting = [row for row in rows.notices.values() if row.notice.recipient_id == person and _waits(row)]
        due = sorted((row for row in waiting if row.notice.not_before <= now), key=_place)
        free = takewhile(lambda row: _claimable(row, now, self._clock()), due)
        lent = [replace(row.notice, attempts=row.notice.attempts + 1) for row in free][:MOST_EACH]
        for notice in lent:
            rows.notices[notice.id] = replace(rows.notices[notice.id], notice=notice, leased_until=until)
        return tuple(lent)

    def _claimed(
        self, rows: Rows, person: str, theirs: tuple[Notice, ...], until: datetime, pace: Pace
    ) -> Claim:
        tenant = rows.members[person].tenant_id
        chat = rows.chats.get(person, Chat())
        rows.chats[person] = replace(chat, lease=chat.lease + 1, leased_until=until, held_until=None)
        clock = self._clock().timestamp()
        spent = (chat.until[0] - clock, chat.until[1] - clock)
        places = Places()
        if pace.tenant.every:
            places = self._take(rows, tenant, 1, pace)
        return Claim(person, tenant, chat.lease + 1, theirs, places, spent)

    async def settle(self, dealt: Sequence[Dealt], ended: Sequence[Ended]) -> None:
        async with self._transaction() as rows:
            for each in dealt:
                _settle(rows, each)
            clock = self._clock().timestamp()
            for end in ended:
                chat = rows.chats.get(end.claim.recipient_id)
                if chat is not None and chat.lease == end.claim.lease:
                    until = (clock + end.spent[0], clock + end.spent[1])
                    rows.chats[end.claim.recipient_id] = Chat(chat.lease, None, end.held_until, until)

    async def places(self, tenant_id: str, count: int, pace: Pace) -> Places:
        async with self._transaction() as rows:
            return self._take(rows, tenant_id, count, pace)

    def _take(self, rows: Rows, tenant_id: str, count: int, pace: Pace) -> Places:
        clock = self._clock().timestamp()
        first = max(rows.budgets.get(tenant_id, 0.0), clock + pace.lead)
        rows.budgets[tenant_id] = first + count * pace.tenant.every
        return Places(tuple(first + number * pace.tenant.every for number in range(count)), clock)

    async def stand_back(self, tenant_id: str, seconds: float) -> None:
        async with self._transaction() as rows:
            until = self._clock().timestamp() + seconds
            rows.budgets[tenant_id] = max(rows.budgets.get(tenant_id, 0.0), until)

    async def tidy(self, now: datetime) -> None:
        async with self._transaction() as rows:
            clock = self._clock()
            for person, chat in list(rows.chats.items()):
                free = _free(chat.leased_until, clock) and _free(chat.held_until, now)
                if free and max(chat.until) <= clock.timestamp():
                    del rows.chats[person]


def _place(row: Queued) -> tuple[datetime, str]:
    return (row.notice.not_before, row.notice.id)


def _free(until: datetime | None, at: datetime) -> bool:
    return until is None or until <= at


def _waits(row: Queued) -> bool:
    return row.notice.sent_at is None and row.dead_at is None and not row.dropped


def _claimable(row: Queued, now: datetime, clock: datetime) -> bool:
    return _waits(row) and row.notice.not_before <= now and _free(row.leased_until, clock)


def _takes(rows: Rows, row: Queued, now: datetime, clock: datetime, pace: Pace) -> bool:
    """Whether nobody holds this person, they wait for no retry, and their chat and tenant take more now."""
    chat = rows.chats.get(row.notice.recipient_id, Chat())
    taken = rows.budgets.get(rows.members[row.notice.recipient_id].tenant_id, 0.0)
    ready = all(
        until <= clock.timestamp() + rate.tolerance for until, rate in zip(chat.until, pace.chat, strict=True)
    )
    paced = not pace.tenant.every or taken <= clock.timestamp() + pace.ahead
    held = chat.held_until is not None and now < chat.held_until <= now + LONGEST_HOLD
    return _free(chat.leased_until, clock) and not held and ready and paced


def _settle(rows: Rows, each: Dealt) -> None:
    row = rows.notices.get(each.notice.id)
    if row is None or row.notice.sent_at is not None:
        return
    if each.fate is Fate.SENT:
        sent = replace(row.notice, sent_at=each.at, activity_id=each.activity_id)
        rows.notices[each.notice.id] = replace(row, notice=sent, leased_until=None)
        stands = each.activity_id or row.notice.edits
        if row.dropped and stands:
            edit = mending(row.notice, stands, each.at)
            rows.notices[edit.id] = Queued(edit)
    elif row.notice.attempts == each.notice.attempts:
        after = replace(row, leased_until=None)
        match each.fate:
            case Fate.LEFT:
                after = replace(after, notice=replace(row.notice, attempts=row.notice.attempts - 1))
            case Fate.ASIDE:
                after = replace(after, notice=replace(row.notice, not_before=each.at))
            case Fate.DEAD:
                after = replace(after, dead_at=each.at, dead_why=each.why)
        rows.notices[each.notice.id] = after


class MemoryDues:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def put(self, kind: DueKind, subject_id: str, at: datetime) -> None:
        stands = self._rows.dues.get((subject_id, kind))
        due = Due(stands.id if stands else new_id(), kind, subject_id, at)
        aware(due)
        self._rows.dues[subject_id, kind] = due

    async def remove(self, kind: DueKind, subject_id: str) -> None:
        self._rows.dues.pop((subject_id, kind), None)

    async def clear(self, subject_id: str) -> None:
        for key in [key for key in self._rows.dues if key[0] == subject_id]:
            del self._rows.dues[key]

    async def of(self, subject_id: str) -> Sequence[Due]:
        found = [due for due in self._rows.dues.values() if due.subject_id == subject_id]
        return sorted(found, key=lambda due: (due.at, due.id))

    async def next(self, now: datetime) -> Due | None:
        ready = [due for due in self._rows.dues.values() if due.at <= now]
        return min(ready, key=lambda due: (due.at, due.id), default=None)

    async def take(self, due: Due) -> bool:
        if not self._stands(due):
            return False
        del self._rows.dues[due.subject_id, due.kind]
        return True

    async def put_off(self, due: Due, until: datetime) -> None:
        if self._stands(due):
            later = replace(due, at=until, failures=due.failures + 1)
            self._rows.dues[due.subject_id, due.kind] = later

    def _stands(self, due: Due) -> bool:
        stands = self._rows.dues.get((due.subject_id, due.kind))
        return stands is not None and (stands.id, stands.at) == (due.id, due.at)


class MemoryAudit:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, row: AuditRow) -> None:
        aware(row)
        self._rows.audit.append(row)

    async def seal(self, now: datetime, most: int) -> Sealed | None:
        """The same chain, of rows that nobody but ourselves can have written."""
        chain = self._rows.chain
        done = {row.id for row, _ in chain}
        waiting = [row for row in self._rows.audit if row.id not in done][:most]
        for row in waiting:
            facts = (row.id, row.at, row.actor_id, row.action, row.subject_id)
            chain.append((row, link(chain[-1][1] if chain else GENESIS, len(chain) + 1, Verdict.OURS, facts)))
        forgotten = tuple(row.subject_id for row in waiting if row.action == DATA_DELETED)
        return Sealed(len(waiting), len(chain), chain[-1][1] if chain else GENESIS, forgotten)

    async def purge(self, before: datetime, now: datetime, most: int) -> int:
        """What is old goes from the rows; the chain's places stay counted."""
        stand = {row.id for row in self._rows.audit}
        sealed = [row for row, _ in self._rows.chain if row.id in stand][:most]
        old = {row.id for row in takewhile(lambda row: row.at < before, sealed)}
        self._rows.audit = [row for row in self._rows.audit if row.id not in old]
        return len(old)


class MemoryTurns:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def first_time(self, key: str, now: datetime) -> bool:
        first = key not in self._rows.activities
        self._rows.activities.setdefault(key, now)
        return first


class MemoryHeard:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, heard: Heard, count: int) -> None:
        self._rows.heard[heard] = self._rows.heard.get(heard, 0) + count

    async def all(self) -> Sequence[tuple[Heard, int]]:
        return sorted(self._rows.heard.items())

    async def forget(self, before: str) -> None:
        self._rows.heard = {heard: n for heard, n in self._rows.heard.items() if heard.week >= before}


class MemoryFeedback:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, feedback: Feedback) -> None:
        self._rows.feedback[feedback.id] = feedback

    async def all(self) -> Sequence[Feedback]:
        return [self._rows.feedback[id] for id in sorted(self._rows.feedback)]
