"""What is held of one person, for that person's eyes: the other side only where it was disclosed to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from peer_support.offer import MatchState
from peer_support.people import AboutMe, Coordinator, RosterStatus, Supporter
from peer_support.request import RequestState, Wishes
from peer_support.views import LeftOut


class SightKind(StrEnum):
    """What somebody could see of a request, or of whose it is."""

    NAME_TO_SUPPORTER = "name_to_supporter"  # after the person's own yes
    SUPPORTER_TO_YOU = "supporter_to_you"  # the other way round: whose name the person was shown
    ASKED_BLIND = "asked_blind"  # supporters who saw an offer, without a name
    COORDINATOR_ACTED = "coordinator_acted"  # by reference alone
    NAME_OPENED = "name_opened"  # break-glass
    ASKED_TO_CONTACT = "asked_to_contact"  # the person's own wish that a coordinator contact them


@dataclass(frozen=True, slots=True)
class Sight:
    """One line of who has seen what. `who` is empty for somebody who isn't named; `count` is for several at once.

    `words` is a key of the catalogue that says it, for what a kind alone doesn't say.
    """

    kind: SightKind
    at: datetime
    reference: str
    who: str = ""
    force: str = ""
    count: int = 1
    words: str = ""


@dataclass(frozen=True, slots=True)
class HeldRequest:
    """One request as the store has it."""

    reference: str
    force: str
    state: RequestState
    asked_at: datetime
    closed_at: datetime | None
    wishes: Wishes
    goes_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldOffer:
    """What a supporter was asked, and what they themselves answered. Never why it ended, or whose it was."""

    sent_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldMatch:
    """That a supporter was introduced to somebody, who isn't named."""

    introduced_at: datetime
    state: MatchState


@dataclass(frozen=True, slots=True)
class HeldSupporter:
    """What the roster and the supporter themselves say."""

    roster: Supporter
    force: str
    offers: tuple[HeldOffer, ...] = ()
    matches: tuple[HeldMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldCoordinator:
    roster: Coordinator
    force: str


@dataclass(frozen=True, slots=True)
class HeldView:
    """All of it. `name` and `email` are the roster's; of anybody else the store has none. `draft` has the answers."""

    as_of: datetime
    tenant_id: str
    directory_id: str
    force: str
    locale: str
    has_address: bool
    name: str | None = None
    email: str | None = None
    welcomed_at: datetime | None = None
    limits_version: str | None = None
    limits_read_at: datetime | None = None
    last_month: date | None = None
    about: AboutMe | None = None
    draft: Mapping[str, str] = field(default_factory=dict)
    draft_saved_at: datetime | None = None
    left_out: tuple[LeftOut, ...] = ()
    requests: tuple[HeldRequest, ...] = ()
    sights: tuple[Sight, ...] = ()
    messages: int = 0
    phone: str = ""
    supporter: HeldSupporter | None = None
    coordinator: HeldCoordinator | None = None

    @property
    def rostered(self) -> bool:
        """Whether a force's roster says anything of them."""
        return self.supporter is not None or self.coordinator is not None

    @property
    def serving(self) -> bool:
        """Whether they're on the roster still."""
        roles = [role.roster.status for role in (self.supporter, self.coordinator) if role is not None]
        return any(status is not RosterStatus.LEFT for status in roles)

    @property
    def live(self) -> HeldRequest | None:
        """The request that something may still happen to."""
        return next((each for each in self.requests if each.closed_at is None), None)


@dataclass(frozen=True, slots=True)
class AboutView:
    """What is remembered, as the form's answers, and what to mend by field."""

    answers: Mapping[str, str] = field(default_factory=dict)
    mends: Mapping[str, str] = field(default_factory=dict)
    near_work: tuple[str, ...] = ()
    saved: bool = False


@dataclass(frozen=True, slots=True)
class CorrectView:
    """What can be put right here, and what somebody else has to."""

    may_change_request: bool = False
    may_change_number: bool = False
    supporter: bool = False
    rostered: bool = False
    left_out: int = 0
