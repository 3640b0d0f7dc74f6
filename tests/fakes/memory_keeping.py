"""The twin's keeping: what goes when its time is up, and what goes at a person's own word."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from peer_support.ids import new_id
from peer_support.keeping import Ends
from peer_support.keeping_ports import Closed, Old
from peer_support.notice import NoticeKind
from peer_support.offer import MatchState
from tests.fakes.memory_rows import Queued, Rows


def _end(ends: Ends, force_id: str | None) -> datetime:
    return ends.by_force.get(force_id or "", ends.otherwise)


def _week(at: datetime) -> str:
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def _waits(row: Queued) -> bool:
    return row.notice.sent_at is None and row.dead_at is None and not row.dropped


def _keep(rows: dict[Any, Any], keeps: Callable[[Any, Any], bool]) -> int:
    gone = [key for key, row in rows.items() if not keeps(key, row)]
    for key in gone:
        del rows[key]
    return len(gone)


class MemoryKeeping:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def closed(self, ends: Ends, erased_before: datetime, most: int) -> list[Closed]:
        found = []
        for row in self._rows.requests.values():
            erased = self._rows.erasures.get(row.requester_id)
            if row.live or row.closed_at is None:
                continue
            if erased < erased_before if erased else row.closed_at < _end(ends, row.force_id):
                times = [m.introduced_at for m in self._rows.matches.values() if m.request_id == row.id]
                found.append(Closed(row, min(times, default=None), erased is not None))
        return sorted(found, key=lambda each: (each.request.closed_at, each.request.id))[:most]

    async def forget_request(self, request_id: str) -> None:
        rows, about = self._rows, {request_id}
        for table in (rows.offers, rows.proposals, rows.matches, rows.break_glass):
            about |= {row.id for row in table.values() if row.request_id == request_id}
            _keep(table, lambda _, row: row.request_id != request_id)
        _keep(rows.dues, lambda key, _: key[0] not in about)
        _keep(rows.notices, lambda _, row: row.notice.subject_id not in about)
        _keep(rows.drafts, lambda _, row: row.request_id != request_id)
        rows.requests.pop(request_id, None)

    async def forget_old(self, what: Old, ends: Ends, most: int) -> int:
        rows, old = self._rows, list[tuple[datetime | str, Any]]()
        if what is Old.DRAFTS:
            table: dict[Any, Any] = rows.drafts
            old = [(row.saved_at, key) for key, row in table.items() if row.saved_at < ends.otherwise]
        elif what is Old.TURNS:
            table = rows.activities
            old = [(at, key) for key, at in table.items() if at < ends.otherwise]
        elif what is Old.HANDOVERS:
            table = rows.handovers
            old = [(until, key) for key, (_, until) in table.items() if until < ends.otherwise]
        elif what is Old.SHOWN_NAMES:
            table = rows.shown_names
            old = [(until, key) for key, (_, _, until) in table.items() if until < ends.otherwise]
        elif what is Old.FEEDBACK:
            table = rows.feedback
            old = [(r.week, k) for k, r in table.items() if r.week < _week(_end(ends, r.force_id))]
        elif what is Old.COUNTS:
            return _keep(rows.statistics, lambda key, _: key[1] >= _end(ends, key[0]).date())
        else:
            table = rows.notices
            aged = [(_settled_at(row), key) for key, row in table.items() if self._settled(row)]
            old = [(at, key) for at, key in aged if at < ends.otherwise]
        gone = {key for _, key in sorted(old)[:most]}
        return _keep(table, lambda key, _: key not in gone)

    def _settled(self, row: Queued) -> bool:
        rows, subject = self._rows, row.notice.subject_id
        stands = any(
            subject in each
            for each in (rows.requests, rows.offers, rows.proposals, rows.matches, rows.break_glass)
        )
        live = [match for match in rows.matches.values() if match.state is MatchState.LIVE]
        showing = any(match.supporter_id == row.notice.recipient_id for match in live)
        named = row.notice.kind is NoticeKind.MATCHES and showing
        return not (_waits(row) or stands or named)

    async def forget_quiet(self, ends: Ends, erased_before: datetime, most: int) -> int:
        rows = self._rows
        busy = {row.notice.recipient_id for row in rows.notices.values() if _waits(row)}
        for table in (rows.requests, rows.matches):
            busy |= {row.requester_id for row in table.values()}
        busy |= {*rows.supporters, *rows.coordinators}
        gone = []
        for member in rows.members.values():
            erased = rows.erasures.get(member.id)
            seen, end = member.seen_in or date.min, _end(ends, member.force_id).astimezone(UTC).date()
            if member.id not in busy and (erased < erased_before if erased else seen < end):
                gone.append(member.id)
        for member_id in sorted(gone)[:most]:
            forget_member(rows, member_id)
        return min(len(gone), most)

    async def forget_addresses(self, told_since: datetime) -> int:
        rows, count = self._rows, 0
        waits = {row.notice.recipient_id for row in rows.notices.values() if _waits(row)}
        asked = {row.request_id for row in rows.break_glass.values() if row.asked_at >= told_since}
        waits |= {row.requester_id for row in rows.requests.values() if row.id in asked}
        for member_id in rows.erasures.keys() - waits:
            if rows.members[member_id].address is not None:
                rows.members[member_id] = replace(rows.members[member_id], address=None)
                count += 1
        return count

    async def forget_supporter(self, member_id: str) -> bool:
        rows = self._rows
        tables = (rows.offers, rows.proposals, rows.matches)
        if any(row.supporter_id == member_id for table in tables for row in table.values()):
            return False
        rows.supporters.pop(member_id, None)
        return True

    async def forget_coordinator(self, member_id: str) -> None:
        self._rows.coordinators.pop(member_id, None)


def forget_member(rows: Rows, member_id: str) -> None:
    rows.drafts.pop(member_id, None)
    rows.erasures.pop(member_id, None)
    _keep(rows.exclusions, lambda _, row: row.owner_id != member_id)
    _keep(rows.handovers, lambda _, row: row[0] != member_id)
    _keep(rows.notices, lambda _, row: row.notice.recipient_id != member_id)
    _keep(rows.dues, lambda key, _: key[0] != member_id)
    rows.members.pop(member_id, None)


class MemoryErasing:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def detach(
        self, member_id: str, nobody_id: str, kinds: Collection[NoticeKind], at: datetime
    ) -> None:
        rows = self._rows
        rows.erasures[nobody_id] = at
        for table in (rows.requests, rows.matches):
            for key, row in table.items():
                if row.requester_id == member_id:
                    table[key] = replace(row, requester_id=nobody_id)  # type: ignore[assignment]
        for key, row in list(rows.notices.items()):
            if row.notice.recipient_id != member_id or row.notice.kind not in kinds:
                continue
            if row.notice.sent_at is not None or row.dead_at is not None:
                del rows.notices[key]
            else:
                moved = replace(row.notice, recipient_id=nobody_id)
                rows.notices[key] = replace(row, notice=moved, dropped=row.dropped or moved.edits is None)

    async def forget_member(self, member_id: str) -> None:
        forget_member(self._rows, member_id)

    async def forget_own(self, member_id: str) -> None:
        self._rows.drafts.pop(member_id, None)
        _keep(self._rows.exclusions, lambda _, row: row.owner_id != member_id)
        _keep(self._rows.handovers, lambda _, row: row[0] != member_id)

    async def name_was_shown(self, tenant_id: str, directory_id: str, at: datetime, until: datetime) -> None:
        person = (tenant_id.casefold(), directory_id.strip().casefold())
        self._rows.shown_names[new_id()] = (person, at, until)


def _settled_at(row: Queued) -> datetime:
    return row.notice.sent_at or row.dead_at or row.notice.not_before
