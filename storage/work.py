"""One unit of work over the database: the stores, and what they gathered written when it ends."""

from __future__ import annotations

from storage.mappers.audit import AuditStore
from storage.mappers.break_glass import BreakGlassStore
from storage.mappers.coordinators import CoordinatorStore
from storage.mappers.drafts import DraftStore
from storage.mappers.dues import DueStore
from storage.mappers.erasing import ErasingStore
from storage.mappers.exclusions import ExclusionStore
from storage.mappers.feedback import FeedbackStore
from storage.mappers.handovers import HandoverStore
from storage.mappers.heard import HeardStore
from storage.mappers.keeping import KeepingStore
from storage.mappers.matches import MatchStore
from storage.mappers.members import MemberStore
from storage.mappers.notices import NoticeStore
from storage.mappers.offers import OfferStore
from storage.mappers.proposals import ProposalStore
from storage.mappers.records import RecordStore
from storage.mappers.requests import RequestStore
from storage.mappers.roster import RosterStore
from storage.mappers.statistics import StatisticsStore
from storage.mappers.supporters import SupporterStore
from storage.mappers.turns import TurnStore
from storage.unit import Unit


class StoredWork:
    """`peer_support.ports.Work` over one transaction."""

    def __init__(self, unit: Unit) -> None:
        self.members = MemberStore(unit)
        self.supporters = SupporterStore(unit)
        self.coordinators = CoordinatorStore(unit)
        self.roster = RosterStore(unit)
        self.exclusions = ExclusionStore(unit)
        self.drafts = DraftStore(unit)
        self.requests = RequestStore(unit)
        self.offers = OfferStore(unit)
        self.proposals = ProposalStore(unit)
        self.matches = MatchStore(unit)
        self.notices = NoticeStore(unit)
        self.dues = DueStore(unit)
        self.audit = AuditStore(unit)
        self.turns = TurnStore(unit)
        self.feedback = FeedbackStore(unit)
        self.break_glass = BreakGlassStore(unit)
        self.keeping = KeepingStore(unit)
        self.erasing = ErasingStore(unit, self.notices, self.dues)
        self.statistics = StatisticsStore(unit)
        self.records = RecordStore(unit)
        self.handovers = HandoverStore(unit)
        self.heard = HeardStore(unit)

    async def flush(self) -> bool:
        """Write what was gathered; True where the outbox got something."""
        await self.supporters.flush()
        await self.audit.flush()
        await self.dues.flush()
        return await self.notices.flush() or self.erasing.filled
