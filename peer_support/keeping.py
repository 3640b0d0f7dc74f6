"""How long everything is kept, as data: what, until when, by which setting, why, and where it stands in the store.

One table, from which the documents, the privacy page and the privacy card are held; a test walks every column of the
store and fails where one has no row here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from peer_support.break_glass import TOLD_WITHIN
from peer_support.forces import Forces
from peer_support.hours import LONDON
from peer_support.policy import Policy

# Not settings: each is only as long as what it is for.
TURN_DAYS = 30  # a repeated activity is known again; feedback is taken once a match
ERASED_DAYS = 30  # an erased person's emptied rows, while others' cards may still be put right
HANDOVER_MINUTES = 10
NIGHT, SCRUB = time(3, 0), time(3, 30)  # London
_MONTHS_A_YEAR = 12


def identity_days(policy: Policy) -> int:
    """How long a closed request says whose it was.

    Never shorter than names they were shown are counted, nor than they may wait to be told that theirs was opened.
    """
    return max(policy.identity_kept_days, policy.names_shown_days, TOLD_WITHIN.days + 1)


_NUMBERS: Mapping[str, Callable[[Policy], tuple[int, str]]] = {
    "draft": lambda policy: (policy.draft_hours, "hour"),
    "note": lambda policy: (policy.note_kept_days, "day"),
    "identity": lambda policy: (identity_days(policy), "day"),
    "names": lambda policy: (policy.names_shown_days, "day"),
    "roster": lambda policy: (policy.roster_kept_months, "month"),
    "member": lambda policy: (policy.member_kept_months, "month"),
    "audit": lambda policy: (policy.audit_kept_months, "month"),
    "statistics": lambda policy: (policy.statistics_kept_months, "month"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """`until` holds the numbers' names in braces. `where` are columns (`matches.contact_sealed`, `drafts.*`).

    `page` and `card` name the part of the privacy page and of the privacy card that says the same to everybody.
    """

    what: str
    until: str
    why: str
    where: tuple[str, ...]
    settings: tuple[str, ...] = ()
    page: str = ""
    card: str = ""

    def ends(self, policy: Policy) -> str:
        """Until when, with the numbers in force."""
        return self.until.format(**{name: _said(*number(policy)) for name, number in _NUMBERS.items()})


def _said(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


KEPT: tuple[Kept, ...] = (
    Kept(
        "answers not yet sent",
        "{draft} after they were last changed, or until sent",
        "so that nobody has to begin again",
        ("drafts.*",),
        ("draft_hours",),
        page="draft",
        card="form",
    ),
    Kept(
        "the note of a request",
        "the introduction, or {note}",
        "what the person wished to add, and may change",
        ("requests.wishes_sealed",),
        ("note_kept_days",),
        page="note",
        card="note",
    ),
    Kept(
        "a phone number",
        "the match closes",
        "the supporter rings it",
        ("matches.contact_sealed",),
        page="phone",
        card="match",
    ),
    Kept(
        "who asked and what for, who was asked and who was introduced",
        "{identity} after it closed",
        "questions and complaints; the limit on names shown",
        ("requests.*", "offers.*", "proposals.*", "matches.*", "break_glass.*"),
        ("identity_kept_days", "names_shown_days"),
        page="requests",
        card="request",
    ),
    Kept(
        "messages: to whom, of what kind, their ids in the channel; never words",
        "with the request they are about; any other {identity} after it was sent",
        "a card that was sent is edited when what it shows is over",
        ("notices.*",),
        ("identity_kept_days",),
    ),
    Kept(
        "whose turn it is to be sent to, and how much a tenant was sent just now: ids and times",
        "within a day of the last message, or with the person's row",
        "nobody is sent more than the channel takes, and each person's messages in their order",
        ("chats.*", "budgets.*"),
    ),
    Kept(
        "what falls due and when",
        "it is worked, or with what it is about",
        "nothing is forgotten",
        ("dues.*",),
    ),
    Kept(
        "that somebody has used the bot: directory id, chat address, what they told about themselves",
        "{member} after the month they last wrote, and while anything else here names them",
        "they are known again, and whom they left out stays left out",
        ("members.*",),
        ("member_kept_months",),
        page="member",
        card="member",
    ),
    Kept(
        "people somebody left out",
        "they take them back, or with the row of whoever named them",
        "nobody has to name them twice",
        ("exclusions.*",),
        ("member_kept_months",),
        page="people",
        card="people",
    ),
    Kept(
        "supporters and coordinators, as their force's roster has them",
        "{roster} after the roster says that they left, and while a request still names them",
        "somebody who comes back is known; the people they listened to can still ask",
        ("supporters.*", "coordinators.*"),
        ("roster_kept_months",),
        page="roster",
    ),
    Kept(
        "counts: requests by force, week and outcome, by force, quarter and kind of topic, and how long it took",
        "{statistics}",
        "to know whether it helps; no row is one person's",
        ("statistics.*", "heard.*"),
        ("statistics_kept_months",),
        page="counts",
        card="counts",
    ),
    Kept(
        "feedback, joined to nobody",
        "{statistics}",
        "to know whether it helps",
        ("feedback.*",),
        ("statistics_kept_months",),
    ),
    Kept(
        "the audit: opaque ids, acts, times",
        "{audit}",
        "to prove who did what",
        ("audit.*", "audit_waiting.*", "audit_seals.*", "audit_ends.*"),
        ("audit_kept_months",),
        page="audit",
        card="counts",
    ),
    Kept(
        "that an activity was worked: a keyed hash and a time",
        f"{TURN_DAYS} days",
        "the same press twice does nothing twice",
        ("activities.*",),
    ),
    Kept(
        "after “delete my data”: that so many names were shown, under a keyed hash",
        "{names} after each was shown",
        "asking afresh is no way to look through the supporters",
        ("shown_names.*",),
        ("names_shown_days",),
        page="erased",
    ),
    Kept(
        "after “delete my data”: the emptied rows of a request, and, until old cards are put right, the chat's address",
        f"{ERASED_DAYS} days",
        "the other side's cards are edited to ones without names",
        ("erasures.*",),
        page="erased",
    ),
    Kept(
        "that a file of one's own data may be fetched: a keyed hash",
        f"it is fetched, or {HANDOVER_MINUTES} minutes",
        "the file goes to the person alone, once",
        ("handovers.*",),
    ),
    Kept(
        "proofs that the keys fit, and which processes serve",
        "as long as the database",
        "it says nothing of anybody",
        ("key_checks.*", "serving.*"),
    ),
)


@dataclass(frozen=True, slots=True)
class Ends:
    """Before which moment something has to go: by force where one differs from the rest."""

    otherwise: datetime
    by_force: Mapping[str, datetime] = field(default_factory=dict)


def ends(forces: Forces, length: Callable[[Policy], datetime]) -> Ends:
    """The ends of every force, by its own numbers; a force that has left the file has the defaults."""
    otherwise = length(Policy())
    found = {force.id: length(force.policy) for force in forces.all}
    return Ends(otherwise, {force_id: at for force_id, at in found.items() if at != otherwise})


def days_before(now: datetime, days: int) -> datetime:
    """So many days earlier."""
    return now - timedelta(days=days)


def months_before(now: datetime, months: int) -> datetime:
    """The first day of the month so many months earlier: whatever lies before it is older than that."""
    month = now.year * _MONTHS_A_YEAR + now.month - 1 - months
    return datetime(month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1, 1, tzinfo=UTC)


def months_after(now: datetime, months: int) -> datetime:
    """The first day of the month after so many whole months."""
    return months_before(now, -months - 1)


def next_at(hour: time, now: datetime) -> datetime:
    """The next time it is this o'clock in London."""
    local = now.astimezone(LONDON)
    day = local.date() if local.time() < hour else local.date() + timedelta(days=1)
    return datetime.combine(day, hour, tzinfo=LONDON).astimezone(UTC)


def week_of(at: datetime) -> date:
    """The Monday of a moment's week: no count knows a day."""
    day = at.astimezone(LONDON).date()
    return day - timedelta(days=day.weekday())


def quarter_of(at: datetime) -> date:
    """The first day of a moment's quarter."""
    day = at.astimezone(LONDON).date()
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
