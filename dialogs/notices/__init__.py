"""A Notice becomes a message when it is sent, from the truth and under the recipient's access at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dialogs.notices import coordinator, requester, supporter
from dialogs.notices.telling import Teller, Telling
from dialogs.talk import reader_for
from dialogs.turn import Message
from peer_support.notice import Notice, NoticeKind
from peer_support.people import Address
from peer_support.ports import Desk

TELLERS: Mapping[NoticeKind, Teller] = {**requester.TELLERS, **supporter.TELLERS, **coordinator.TELLERS}


async def word(notice: Notice, desk: Desk, now: datetime) -> tuple[Address, Message] | None:
    """Whom to send it to and what; None where it is stale by now, or the person can't be written to."""
    async with desk.open_work() as work:
        member = (await work.members.many([notice.recipient_id])).get(notice.recipient_id)
    if member is None or member.address is None:
        return None
    reader = reader_for(desk, member.tenant_id, member.locale)
    message = await TELLERS[notice.kind](Telling(notice, member, desk, reader, now))
    return None if message is None else (member.address, message)
