"""What must hold whatever broke, judged from outside: by the database's rows and by what the channel got."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import pairwise

from peer_support.hours import LONDON
from peer_support.policy import Policy
from tests.fakes.person import Person, words_of
from tests.ordeal.books import Books, Row
from tests.ordeal.channel import Got

LIVE = frozenset({"open", "proposed", "matched", "resting"})
A_TURN = timedelta(seconds=3)  # two turns at once don't agree about the time by more
WEEK = timedelta(days=7)
_SENT = re.compile(r"^Sent\. Your reference is (\w+)\.")
SATURDAY = 5
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

LOST_REQUEST = "request lost"
NO_NEXT_STEP = "live without a next step"
TWO_AT_ONCE = "two matches or yeses at once"
TORN = "rows that don't agree"
OVER_LIMIT = "supporter over a limit"
DIGEST_TWICE = "digest twice or not at all"
AT_NIGHT = "asked at night"
NOTICE_LOST = "notice lost"
SAID_TWICE = "said twice without a cause"
INVARIANTS = (
    LOST_REQUEST,
    NO_NEXT_STEP,
    TWO_AT_ONCE,
    TORN,
    OVER_LIMIT,
    DIGEST_TWICE,
    AT_NIGHT,
    NOTICE_LOST,
    SAID_TWICE,
)
ASKED = "Could you listen to a colleague?"
A_MOMENT = timedelta(minutes=5)


@dataclass(slots=True)
class Found:
    """By invariant, each break of it in a line. `duplicates` came of answers that were lost after the send."""

    broken: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in INVARIANTS})
    duplicates: int = 0
    requests: int = 0
    matches: int = 0
    messages: int = 0

    @property
    def all(self) -> list[str]:
        """Every break."""
        return [f"{name}: {line}" for name, lines in self.broken.items() for line in lines]


def judge(
    books: Books,
    got: Sequence[Got],
    people: Iterable[Person],
    coordinators: Collection[str],
    torn_off: Sequence[tuple[float, float]],
    *,
    owed: Mapping[tuple[str, ...], int] | None = None,
    by_history: bool = True,
    steady: tuple[datetime, datetime] | None = None,
) -> Found:
    """Everything, once all is quiet. `torn_off` are the spans in which an answer may have been lost.

    `owed` is how often each answer to a turn wasn't taken, or nobody heard that it was: so often it comes once more.

    Where clocks jumped back or disagreed, one stored moment can't be held against another: not `by_history`. `steady`
    is from when to when time passed in small steps alone, so that what came can be held against the hour it came at.
    """
    people = list(people)
    found = Found(requests=len(books.requests), matches=len(books.matches), messages=len(got))
    broken = found.broken
    broken[LOST_REQUEST] = _lost_requests(books, people)
    broken[NO_NEXT_STEP] = _no_next_step(books)
    broken[TWO_AT_ONCE] = _two_at_once(books, by_history=by_history)
    broken[TORN] = _torn(books)
    broken[OVER_LIMIT] = _over_limit(books, Policy()) if by_history else _over_limit_now(books, Policy())
    broken[NOTICE_LOST] = _lost_notices(books, got)
    known = {row["activity_id"] for row in books.notices if row["activity_id"]}
    twice = _said_twice(known, got, owed or {})
    found.duplicates = len(twice)
    for message in twice:
        if not message.lost and not any(start <= message.moment <= end for start, end in torn_off):
            broken[SAID_TWICE].append(f"“{message.heading}” at {message.at}")
    broken[DIGEST_TWICE] = _digests_twice(books, got, coordinators, {message.id for message in twice})
    if steady is not None:
        broken[DIGEST_TWICE] += _digests_missing(got, coordinators, *steady)
        broken[AT_NIGHT] = _at_night(got, Policy())
    return found


def _lost_requests(books: Books, people: Iterable[Person]) -> list[str]:
    """Whoever read “Sent. Your reference is ...” has that request."""
    stored = {row["reference"] for row in books.requests}
    told = {
        found[1]
        for person in people
        for card in person.chat_cards
        for words in words_of(card)
        if (found := _SENT.match(words))
    }
    return sorted(told - stored)


def _no_next_step(books: Books) -> list[str]:
    due: dict[str, set[str]] = defaultdict(set)
    for row in books.dues:
        due[row["subject_id"]].add(row["kind"])
    found = []
    for request in books.requests:
        id, state = request["id"], request["state"]
        own = due[id]
        sent = _of(books.offers, id, "sent")
        if state == "open" and "news" not in own:
            found.append(f"{id} is open, and no news is promised")
        if state == "open" and not sent and "round" not in own and not request["coordinator_route"]:
            found.append(f"{id} is open, and nobody is asked")
        if state == "resting" and "resting_closes" not in own:
            found.append(f"{id} rests for ever")
        found += [
            f"offer {offer['id']} never expires" for offer in sent if "offer_expires" not in due[offer["id"]]
        ]
        found += [
            f"proposal {each['id']} never lapses"
            for each in _of(books.proposals, id, "asked")
            if "proposal_lapses" not in due[each["id"]]
        ]
        found += [
            f"match {each['id']} is never asked about"
            for each in _of(books.matches, id, "live")
            if "check_in" not in due[each["id"]]
        ]
    return found


def _two_at_once(books: Books, *, by_history: bool) -> list[str]:
    """At no moment of its life had a request two that somebody had said yes to."""
    found = []
    for request in books.requests:
        id = request["id"]
        held = len(_of(books.proposals, id, "asked")) + len(_of(books.matches, id, "live"))
        if held > 1:
            found.append(f"{id} has {held} now")
        if not by_history:
            continue
        for name, rows, begins, ends in (
            ("matches", books.matches, "introduced_at", "closed_at"),
            ("yeses", books.proposals, "made_at", "ended_at"),
        ):
            own = sorted((row for row in rows if row["request_id"] == id), key=lambda row: row[begins])
            for one, other in pairwise(own):
                if one[ends] is None or one[ends] > other[begins] + A_TURN:
                    found.append(f"{id} had two {name} at {other[begins]}")
    by_offer = Counter(row["offer_id"] for row in books.proposals)
    return found + [
        f"offer {offer} was taken {times} times" for offer, times in by_offer.items() if times > 1
    ]


def _torn(books: Books) -> list[str]:
    """A state and the rows that must stand beside it, written in one transaction or not at all."""
    found = []
    for request in books.requests:
        id, state = request["id"], request["state"]
        asked, live = _of(books.proposals, id, "asked"), _of(books.matches, id, "live")
        if bool(asked) != (state == "proposed") or bool(live) != (state == "matched"):
            found.append(f"{id} is {state}, with {len(asked)} asked and {len(live)} live")
        if state != "open" and (sent := _of(books.offers, id, "sent")):
            found.append(f"{id} is {state}, with {len(sent)} offers out")
    live_of = Counter(row["requester_id"] for row in books.requests if row["state"] in LIVE)
    found += [f"{member} has {times} live requests" for member, times in live_of.items() if times > 1]
    accepted = {row["id"] for row in books.offers if row["state"] == "accepted"}
    proposed = {row["offer_id"] for row in books.proposals}
    found += [f"offer {offer} was accepted and came to nothing" for offer in sorted(accepted - proposed)]
    taken = {row["proposal_id"] for row in books.matches}
    introduced = {row["id"] for row in books.proposals if row["state"] == "introduced"}
    return found + [f"proposal {each} without its match" for each in sorted(introduced ^ taken)]


def _over_limit(books: Books, policy: Policy) -> list[str]:
    """At each new step of a supporter's, whether it was one more than the rules allow."""
    found = []
    offers, proposals, matches = (
        _by_supporter(rows) for rows in (books.offers, books.proposals, books.matches)
    )
    said_yes = {row["offer_id"]: row["made_at"] for row in books.proposals}
    for supporter in books.supporters:
        id, most = supporter["id"], min(supporter["max_active"], policy.max_active)
        for offer in offers[id]:
            at = offer["sent_at"] + A_TURN
            lately = [o for o in offers[id] if at - WEEK < o["sent_at"] < at]
            unanswered = [o for o in lately if _unanswered(o, said_yes.get(o["id"]), at)]
            if len(unanswered) > policy.unanswered_offers_in_week:
                found.append(f"{id} had {len(unanswered)} unanswered offers at {at}: {_told(unanswered)}")
        for proposal in proposals[id]:
            at = proposal["made_at"] + A_TURN
            holds = _standing(proposals[id], "made_at", "ended_at", at)
            active = _standing(matches[id], "introduced_at", "closed_at", at)
            new = [match for match in matches[id] if at - WEEK < match["introduced_at"] <= at]
            if holds + active > most:
                found.append(f"{id} had {active} and held {holds} more at {at}")
            if holds and holds + len(new) > policy.new_matches_in_week:
                found.append(f"{id} had {len(new)} in a week and held {holds} more at {at}")
        for match in matches[id]:
            at = match["introduced_at"]
            new = [m for m in matches[id] if at - WEEK + A_TURN < m["introduced_at"] <= at]
            if len(new) > policy.new_matches_in_week:
                found.append(f"{id} had {len(new)} new in a week at {at}")
    return found


def _over_limit_now(books: Books, policy: Policy) -> list[str]:
    """As it stands in the end."""
    found = []
    for supporter in books.supporters:
        id, most = supporter["id"], min(supporter["max_active"], policy.max_active)
        own = [row for row in books.proposals if row["supporter_id"] == id and row["state"] == "asked"]
        own += [row for row in books.matches if row["supporter_id"] == id and row["state"] == "live"]
        if len(own) > most:
            found.append(f"{id} has {len(own)}")
    return found


def _lost_notices(books: Books, got: Sequence[Got]) -> list[str]:
    """What had to be said stands in the outbox, is sent, and arrived; nothing was given up."""
    arrived = {message.id for message in got}
    found = []
    for row in books.notices:
        if row["dropped"]:
            continue
        named = f"{row['kind']} {row['id']}"
        if row["dead_at"] is not None:
            found.append(f"{named} was given up: {row['dead_why']}")
        if row["activity_id"] and row["activity_id"] not in arrived:
            found.append(f"{named} was said to be sent, and never came")
    written = {(row["kind"], row["subject_id"]) for row in books.notices}
    for kind, rows in (
        ("offer", books.offers),
        ("proposal", books.proposals),
        ("introduction", books.matches),
        ("introduced", books.matches),
    ):
        found += [
            f"{kind} {row['id']} was never to be told" for row in rows if (kind, row["id"]) not in written
        ]
    return found


def _said_twice(known: Collection[str], got: Sequence[Got], owed: Mapping[tuple[str, ...], int]) -> list[Got]:
    """Messages that the bot doesn't know of, each the same as one that it does. Answers to a turn it never knows of."""
    same = {message.known_by for message in got if message.id in known}
    left, twice = Counter(owed), []
    for message in got:
        if message.id not in known and not message.in_turn and message.known_by in same:
            if left[message.known_by] > 0:
                left[message.known_by] -= 1
            else:
                twice.append(message)
    return twice


def _digests_twice(
    books: Books, got: Sequence[Got], coordinators: Collection[str], twice: Collection[str]
) -> list[str]:
    """A coordinator's digest of one day comes once."""
    written = Counter(
        (row["recipient_id"], row["occasion"])
        for row in books.notices
        if row["kind"] == "digest" and not row["edits"]
    )
    came = Counter(
        (message.conversation_id, message.at.astimezone(LONDON).date())
        for message in got
        if message.conversation_id in coordinators and _digest(message) and message.id not in twice
    )
    return [
        f"{who} on {day}: {times}" for (who, day), times in [*written.items(), *came.items()] if times > 1
    ]


def _digests_missing(
    got: Sequence[Got], coordinators: Collection[str], begun: datetime, ended: datetime
) -> list[str]:
    """Each working day's, at its time by the clock on the wall, within the hour that a step takes."""
    at = Policy().digest_at
    digests = [message for message in got if _digest(message)]
    came = {(each.conversation_id, each.at.astimezone(LONDON).date()): each for each in digests}
    found, day = [], begun.astimezone(LONDON).date() + timedelta(days=1)
    while day < ended.astimezone(LONDON).date():
        due = datetime.combine(day, time.fromisoformat(at), LONDON)
        for who in coordinators if day.weekday() < SATURDAY else ():
            message = came.get((who, day))
            if message is None:
                found.append(f"{who} had none on {day}")
            elif not timedelta() <= message.at - due <= timedelta(hours=1) + A_MOMENT:
                found.append(f"{who} had theirs at {message.at} on {day}")
        day += timedelta(days=1)
    return found


def _at_night(got: Sequence[Got], policy: Policy) -> list[str]:
    """Nobody is asked to listen while people sleep, on either side of a change of the clocks."""
    asked = [message.at for message in got if message.heading == ASKED]
    awake = policy.waking.open_at
    return [f"at {at.astimezone(LONDON)}" for at in asked if not (awake(at) or awake(at - A_MOMENT))]


def _digest(message: Got) -> bool:
    return message.heading.split(" ")[0].rstrip(",.") in _DAYS


def _of(rows: Sequence[Row], request_id: str, state: str) -> list[Row]:
    return [row for row in rows if row["request_id"] == request_id and row["state"] == state]


def _by_supporter(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["supporter_id"]].append(row)
    return found


def _told(offers: Sequence[Row]) -> str:
    """When each was sent, and what became of it when: who was late is seen from that."""
    each = sorted((o["sent_at"], o["state"], o["answered_at"]) for o in offers)
    return "; ".join(
        f"{sent:%d %H:%M:%S} {state} {ended:%d %H:%M:%S}" if ended else f"{sent:%d %H:%M:%S} {state}"
        for sent, state, ended in each
    )


def _unanswered(offer: Row, said_yes: datetime | None, at: datetime) -> bool:
    """A yes that was taken back later was an answer when it was said; of the offer only the last answer is kept."""
    answered = said_yes or offer["answered_at"]
    return offer["state"] == "expired" or answered is None or answered > at


def _standing(rows: Sequence[Row], begins: str, ends: str, at: datetime) -> int:
    return sum(row[begins] < at and (row[ends] is None or row[ends] > at) for row in rows)
