"""A supporter who is no longer there: what waits for them goes to somebody else at once."""

from __future__ import annotations

from datetime import datetime

from peer_support.life.asking import ask_round
from peer_support.life.ending import take_back_offers
from peer_support.ports import Desk, Work


async def let_go_of_offers(work: Work, desk: Desk, supporter_id: str, now: datetime) -> None:
    """Take back the offers that wait for one supporter, and ask the next for each request."""
    waiting = await work.offers.sent_to(supporter_id)
    await take_back_offers(work, desk, waiting, now, quietly=True)
    for request_id in sorted({offer.request_id for offer in waiting}):
        request = await work.requests.get(request_id)
        if request is not None:
            await work.requests.save(await ask_round(work, desk, request, now))
