"""The simulated service's store: one unit of work at a time, undone where it fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NoReturn

from peer_support.forces import Forces
from peer_support.ports import Work
from simulation.rows import Rows
from simulation.shortlist import Shortlist
from simulation.store_asking import MatchesInMemory, OffersInMemory, ProposalsInMemory, RequestsInMemory
from simulation.store_later import CountedAudit, DuesInMemory, EachTurnIsNew, NoticesInMemory
from simulation.store_people import (
    CoordinatorsInMemory,
    DraftsInMemory,
    MembersInMemory,
    NoExclusions,
    SupportersInMemory,
    candidate_of,
)


class NotSimulated(Exception):
    """The journeys of a simulated year never come here."""


class SimulatedWork:
    """`peer_support.ports.Work`, as far as asking, offering, consent, introduction and their endings need it."""

    def __init__(self, rows: Rows, shortlist: Shortlist) -> None:
        self.members = MembersInMemory(rows)
        self.supporters = SupportersInMemory(rows, shortlist)
        self.coordinators = CoordinatorsInMemory(rows)
        self.exclusions = NoExclusions()
        self.drafts = DraftsInMemory(rows)
        self.requests = RequestsInMemory(rows)
        self.offers = OffersInMemory(rows)
        self.proposals = ProposalsInMemory(rows)
        self.matches = MatchesInMemory(rows)
        self.notices = NoticesInMemory(rows)
        self.dues = DuesInMemory(rows)
        self.audit = CountedAudit(rows)
        self.turns = EachTurnIsNew()

    @property
    def roster(self) -> NoReturn:
        raise NotSimulated

    @property
    def feedback(self) -> NoReturn:
        raise NotSimulated

    @property
    def keeping(self) -> NoReturn:
        raise NotSimulated

    @property
    def erasing(self) -> NoReturn:
        raise NotSimulated

    @property
    def statistics(self) -> NoReturn:
        raise NotSimulated

    @property
    def records(self) -> NoReturn:
        raise NotSimulated

    @property
    def handovers(self) -> NoReturn:
        raise NotSimulated

    @property
    def heard(self) -> NoReturn:
        raise NotSimulated

    @property
    def break_glass(self) -> NoReturn:
        raise NotSimulated


class SimulatedStore:
    """Everything happens one after the other, as a simulated clock goes. `kept` hears of the requests that changed."""

    def __init__(self, forces: Forces, kept: Callable[[set[str]], None]) -> None:
        self.rows, self._kept = Rows(), kept
        self.shortlist = Shortlist(self.rows, forces, candidate_of)
        self._work = SimulatedWork(self.rows, self.shortlist)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One unit of work: kept when left without an exception, undone otherwise."""
        rows = self.rows
        rows.at_hand = rows.begun = rows.taken = None
        rows.saved.clear()
        queued = len(rows.queued)
        try:
            yield self._work
        except BaseException:
            rows.journal.undo()
            del rows.queued[queued:]
            raise
        rows.journal.clear()
        if rows.saved:
            self._kept(rows.saved)
