"""A supporter who is no longer there: what waits for them goes to somebody else at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from peer_support.life.asking import ask_round
from peer_support.life.ending import take_back_offers
from peer_support.offer import Offer
from peer_support.ports import Desk, Work
from peer_support.request import Request


async def hold(work: Work, supporter_ids: Iterable[str]) -> None:
    """Lock every request that waits for one of these, before the supporters themselves are written."""
    waiting = [offer for each in supporter_ids for offer in await work.offers.sent_to(each)]
    await _locked(work, waiting)


async def _locked(work: Work, offers: Iterable[Offer]) -> list[Request]:
    """The offers' requests, locked in one order for all, so that two acts never wait for each other in a ring."""
    found = [await work.requests.get(id) for id in sorted({offer.request_id for offer in offers})]
    return [request for request in found if request is not None]


async def let_go_of_offers(work: Work, desk: Desk, supporter_id: str, now: datetime) -> None:
    """Take back the offers that wait for one supporter, and ask the next for each request."""
    waiting = await work.offers.sent_to(supporter_id)
    requests = await _locked(work, waiting)
    await take_back_offers(work, desk, waiting, now, quietly=True)
    for request in requests:
        await ask_round(work, desk, request, now)
