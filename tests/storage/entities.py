"""Strategies for every entity that is stored: words as wild as a person may send them, ids as ours are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from peer_support.draft import Draft
from peer_support.exclusion import Exclusion
from peer_support.hours import WeeklyHours
from peer_support.ids import new_id, new_reference
from peer_support.offer import (
    Contact,
    Match,
    MatchEnd,
    MatchState,
    Offer,
    OfferState,
    Proposal,
    ProposalState,
)
from peer_support.people import (
    AboutMe,
    Address,
    Alike,
    Coordinator,
    Member,
    Reach,
    RosterStatus,
    Supporter,
)
from peer_support.request import CloseReason, ForceWish, How, HowSoon, Request, RequestState, When, Wishes

words = st.text(st.characters(), max_size=40)  # NUL and half surrogate pairs too: these are sealed
plain = st.text("abcdefghijklmnopqrstuvwxyz0123456789-é", min_size=1, max_size=12)
fresh_ids = st.builds(new_id)
zones = st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-5, minutes=-30))])
moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=zones)  # noqa: DTZ001
maybe_moments = st.none() | moments
maybe_days = st.none() | st.dates()
maybe_words = st.none() | words
labels = st.frozensets(plain, max_size=4)
spans = st.tuples(st.integers(0, 6), st.integers(0, 700), st.integers(701, 1440))
hours = st.none() | st.lists(spans, min_size=1, max_size=5).map(lambda found: WeeklyHours(tuple(found)))

abouts = st.builds(
    AboutMe, grade=maybe_words, work=maybe_words, language=maybe_words, alike=st.sampled_from(Alike)
)
addresses = st.builds(
    Address, service_url=words, conversation_id=words, tenant_id=words, user_id=words, bot_id=words
)
members = st.builds(
    Member,
    id=fresh_ids,
    tenant_id=plain,
    directory_id=st.builds(lambda text, id: id + text, words, fresh_ids),
    force_id=st.none() | plain,
    name=maybe_words,
    email=maybe_words,
    address=st.none() | addresses,
    reach=st.sampled_from(Reach),
    locale=plain,
    language=st.none() | plain,
    welcomed_at=maybe_moments,
    limits_version=st.none() | plain,
    limits_read_at=maybe_moments,
    about=st.none() | abouts,
)
coordinators = st.builds(
    Coordinator, id=st.just(""), force_id=plain, hours=hours, status=st.sampled_from(RosterStatus)
)
supporters = st.builds(
    Supporter,
    id=st.just(""),
    force_id=plain,
    grade=words,
    roles=labels,
    experiences=labels,
    cleared=labels,
    named=labels,
    languages=labels,
    team=maybe_words,
    line_manager=maybe_words,
    bio=words,
    max_active=st.integers(0, 9),
    hours=hours,
    selected_on=maybe_days,
    trained_on=maybe_days,
    refresher_due=maybe_days,
    signed_off_by=maybe_words,
    status=st.sampled_from(RosterStatus),
    paused=st.booleans(),
    listed=st.booleans(),
    last_offered_at=maybe_moments,
)
exclusions = st.builds(Exclusion, id=fresh_ids, owner_id=st.just(""), tenant_id=words, directory_id=words)
drafts = st.builds(
    Draft,
    member_id=st.just(""),
    answers=st.dictionaries(words, words, max_size=5),
    saved_at=moments,
    request_id=st.none() | plain,
)
wishes = st.builds(
    Wishes,
    topics=st.lists(words, max_size=3).map(tuple),
    force_wish=st.sampled_from(ForceWish),
    how=st.sampled_from(How),
    when=st.frozensets(st.sampled_from(When)),
    soon=st.sampled_from(HowSoon),
    note=maybe_words,
    about=abouts,
)
requests = st.builds(
    Request,
    id=fresh_ids,
    # drawn from many, since the store outlives the examples and live references are unique
    reference=st.builds(lambda one, two: one + two, st.builds(new_reference), st.builds(new_id)),
    requester_id=st.just(""),
    force_id=plain,
    wishes=wishes,
    state=st.sampled_from(RequestState),
    created_at=moments,
    state_since=moments,
    round=st.integers(0, 50),
    news_by=maybe_moments,
    news_sent=st.integers(0, 50),
    coordinator_route=st.booleans(),
    nobody_told=st.booleans(),
    close_reason=st.none() | st.sampled_from(CloseReason),
    closed_at=maybe_moments,
    version=st.integers(1, 50),
)
offers = st.builds(
    Offer,
    id=fresh_ids,
    request_id=st.just(""),
    supporter_id=st.just(""),
    round=st.integers(0, 50),
    state=st.sampled_from(OfferState),
    sent_at=moments,
    answer_by=moments,
    answered_at=maybe_moments,
)
proposals = st.builds(
    Proposal,
    id=fresh_ids,
    request_id=st.just(""),
    offer_id=st.just(""),
    supporter_id=st.just(""),
    state=st.sampled_from(ProposalState),
    made_at=moments,
    held_until=moments,
    ended_at=maybe_moments,
)
contacts = st.builds(Contact, how=st.sampled_from(How), phone=maybe_words, voicemail_safe=st.booleans())
matches = st.builds(
    Match,
    id=fresh_ids,
    request_id=st.just(""),
    proposal_id=st.just(""),
    requester_id=st.just(""),
    supporter_id=st.just(""),
    state=st.sampled_from(MatchState),
    contact=contacts,
    introduced_at=moments,
    first_contact_by=moments,
    in_touch_at=maybe_moments,
    closed_at=maybe_moments,
    end=st.none() | st.sampled_from(MatchEnd),
)
