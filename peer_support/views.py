"""Views: what one audience may know of a thing, and nothing else. Cards are made of these alone.

Times are aware and in UTC; cards show them in London time. Names are people's names as the audience may see them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from peer_support.force import LocalContact
from peer_support.offer import Contact, MatchEnd, MatchState, OfferState, ProposalState
from peer_support.request import How, HowSoon, RequestState, When, Wishes


@dataclass(frozen=True, slots=True)
class MenuView:
    """What a person may do from here. For a supporter also `paused`, `offers` waiting and `matches` live."""

    has_request: bool = False
    has_draft: bool = False
    supporter: bool = False
    coordinator: bool = False
    paused: bool = False
    offers: int = 0
    matches: int = 0


@dataclass(frozen=True, slots=True)
class LimitsView:
    """`nations` choose the text (Northern Ireland has a line more); `asking` says that Continue leads to the form.

    `opened_by` are the forces that may open a name where life or safety is at risk.
    """

    nations: frozenset[str]
    asking: bool = True
    opened_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One person in Not these people. `id` is the exclusion's."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """A supporter found by name. `id` is the member's."""

    id: str
    name: str
    force: str


@dataclass(frozen=True, slots=True)
class FormView:
    """The form with the answers so far, and what to mend by field. `forces` is given where a tenant holds several.

    `near_work` are the kinds of work that the typed one may mean.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    mends: Mapping[str, str] = field(default_factory=dict)
    forces: tuple[tuple[str, str], ...] = ()
    own_force: str = ""
    few_supporters: bool = False
    left_out: tuple[LeftOut, ...] = ()
    changing: bool = False
    near_work: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Not these people: what was typed, who was found (ten at most), who is left out already.

    `asking` says that it was opened from the request form, to which Back leads; else to the supporter's profile.
    """

    typed: str = ""
    searched: bool = False
    found: tuple[Found, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    asking: bool = True


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The answers before they are sent. In the chat only counts are shown.

    `representative` is the line for people under investigation. `across_forces` says that the own force alone was
    wished, and that somebody of a senior person's grade is looked for in others too.
    """

    wishes: Wishes
    force: str
    left_out: int = 0
    note_dropped: bool = False
    representative: bool = False
    across_forces: bool = False
    changing: bool = False


@dataclass(frozen=True, slots=True)
class RequestView:
    """The requester's own request. `asking_starts` is set where nobody can be asked for a while (night).

    `nobody` says that nobody can be found at all just now; `may_widen` that a wider wish may help. Where the force
    has no `coordinator` who can be told, its `wellbeing` team is named instead.
    """

    id: str
    reference: str
    state: RequestState
    soon: HowSoon
    news_by: datetime | None = None
    asking_starts: datetime | None = None
    nobody: bool = False
    may_widen: bool = False
    coordinator_route: bool = False
    closes_at: datetime | None = None
    asked: int = 0
    coordinator: bool = True
    wellbeing: tuple[LocalContact, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferView:
    """A blind offer: topic groups, how, when and how soon; no name, force, unit, grade or own words."""

    id: str
    state: OfferState
    groups: tuple[str, ...]
    how: How
    when: frozenset[When]
    soon: HowSoon
    answer_by: datetime
    scrutiny: bool = False
    paused: bool = False
    hear_by: datetime | None = None
    introduced: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class ProposalView:
    """The supporter whom the requester is asked about: what that supporter lets be shown."""

    id: str
    request_id: str
    state: ProposalState
    name: str
    given: str
    force: str
    roles: tuple[str, ...]
    bio: str
    shared: tuple[str, ...]
    held_until: datetime
    last_name: bool = False


@dataclass(frozen=True, slots=True)
class ContactView:
    """How should they reach you: asked again at the introduction. `mend` names what to mend; nothing typed is lost."""

    proposal_id: str
    given: str
    how: How = How.TEAMS
    mend: str | None = None
    phone: str = ""
    voicemail: bool = False


@dataclass(frozen=True, slots=True)
class IntroducedView:
    """The requester's side of a match. `end` says how it ended, once it has."""

    match_id: str
    reference: str
    state: MatchState
    name: str
    given: str
    force: str
    first_contact_by: datetime
    chat_url: str | None
    in_touch: bool = False
    end: MatchEnd | None = None


@dataclass(frozen=True, slots=True)
class IntroductionView:
    """The supporter's side. `name` is None once the match has closed, or where the channel can't tell it now."""

    match_id: str
    state: MatchState
    name: str | None
    given: str | None
    contact: Contact
    when: frozenset[When]
    first_contact_by: datetime
    chat_url: str | None
    in_touch: bool = False


@dataclass(frozen=True, slots=True)
class MatchesView:
    """`my matches`: everyone this supporter is introduced to, and the offers that wait."""

    matches: tuple[IntroductionView, ...]
    offers: tuple[OfferView, ...]
    paused: bool


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What a supporter says of themselves: `experiences` are (id, label, named) of those matched on."""

    bio: str
    experiences: tuple[tuple[str, str, bool], ...]
    listed: bool
    paused: bool
    hours: str
    left_out: tuple[LeftOut, ...] = ()
    saved: bool = False
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class CoordinatorContact:
    """A coordinator as a person of the force may see them."""

    name: str
    email: str | None
    force: str


@dataclass(frozen=True, slots=True)
class ContactMeView:
    """Who would be told that somebody would like to be contacted, when they work, and by when they're asked to be.

    Without `coordinators` the force's `wellbeing` team is named instead. `asked` says that it is under way.
    """

    coordinators: tuple[CoordinatorContact, ...]
    hours: tuple[str, ...]
    by: datetime
    asked: bool = False
    wellbeing: tuple[LocalContact, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactAskedView:
    """Who asked to be contacted, for a coordinator whom they asked. There is no name once it is over."""

    member_id: str
    open: bool
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class StuckView:
    """A request as its coordinator may know it. `waiting` is a band: under_12h, over_12h, over_24h or over_3d."""

    request_id: str
    reference: str
    state: RequestState
    waiting: str
    today: bool
    offers_made: int
    can_be_offered: int
    may_ask_wider: bool
    may_open_name: bool = False
    said: str | None = None


@dataclass(frozen=True, slots=True)
class ChooseView:
    """Supporters of the coordinator's own force by typed name, ten at most: (member id, name, load line facts)."""

    request_id: str
    reference: str
    typed: str = ""
    found: tuple[Found, ...] = ()
    said: str | None = None


@dataclass(frozen=True, slots=True)
class DigestView:
    """One force's morning. Counts are of the coordinator's own network, exact."""

    force: str
    stuck: tuple[StuckView, ...]
    supporters: int
    available: int
    full: int
    paused: int
    not_answering: int
    never_opened: int
    refresher_due: tuple[str, ...]
    helplines_to_check: int
    daily: bool

    @property
    def nothing_to_do(self) -> bool:
        """Whether the digest may be left unsent."""
        return not (self.stuck or self.refresher_due or self.helplines_to_check)
