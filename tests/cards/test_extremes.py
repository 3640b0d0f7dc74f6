"""Whatever a view holds (long names, markup, nothing at all), a card of it still holds what every card must."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards import (
    coordinator,
    form,
    introduction,
    limits,
    offer,
    people,
    proposal,
    request,
    review,
    supporter,
    welcome,
)
from cards.frame import Card, named
from cards.plain import plain
from cards.reader import Reader
from peer_support import taxonomy, views
from peer_support.offer import Contact
from peer_support.people import AboutMe
from peer_support.request import When, Wishes
from tests.cards.checks import check, parts

NAME = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "[press](https://evil.example)",
            "**Bold** _Name_",
            "![x](https://evil.example/x.png)",
            "{{DATE(x)}}",
            "é" * 80,
        ]
    ),
)
REAL_NAME = NAME.filter(lambda name: bool(named(name)))
WORDS = st.text(max_size=300)
ID = st.uuids().map(str)
TIME = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
GROUPS = st.lists(st.sampled_from(sorted(taxonomy.GROUPS)), min_size=1, unique=True).map(tuple)
TOPICS = st.lists(st.sampled_from(sorted(taxonomy.EXPERIENCES)), min_size=1, max_size=3, unique=True).map(
    tuple
)
ROLES = st.lists(st.sampled_from(sorted(taxonomy.ROLES)), max_size=4, unique=True).map(tuple)
WHEN = st.frozensets(st.sampled_from(When))
LINK = st.one_of(
    st.none(), st.just("https://teams.example/" + "x" * 300), st.sampled_from(["javascript:x", "http://x"])
)
BANDS = st.sampled_from(["under_12h", "over_12h", "over_24h", "over_3d"])
LEFT_OUT = st.lists(st.builds(views.LeftOut, id=ID, name=NAME), max_size=40).map(tuple)
FOUND = st.lists(
    st.builds(views.Found, id=ID, name=REAL_NAME, force=NAME), max_size=10, unique_by=lambda f: f.id
).map(tuple)
ABOUT = st.builds(
    AboutMe,
    grade=st.one_of(st.none(), st.sampled_from(sorted(taxonomy.GRADES))),
    work=st.one_of(st.none(), st.sampled_from(sorted(taxonomy.ROLES))),
    language=st.one_of(st.none(), st.sampled_from(sorted(taxonomy.LANGUAGES))),
)
WISHES = st.builds(Wishes, topics=TOPICS, when=WHEN, note=st.one_of(st.none(), WORDS), about=ABOUT)
CONTACT = st.builds(Contact, phone=st.one_of(st.none(), st.just("+44 7700 900123")))
FORM = st.builds(
    views.FormView,
    answers=st.dictionaries(
        st.sampled_from(["note", "about_work", "topics_work", "when", "how", "x"]), WORDS
    ),
    mends=st.dictionaries(
        st.sampled_from(["note", "topics", "how", "gone"]), st.just("form.mend.choose_again")
    ),
    forces=st.lists(st.tuples(ID, REAL_NAME), max_size=12).map(tuple),
    left_out=LEFT_OUT,
)
OFFER = st.builds(
    views.OfferView, id=ID, groups=GROUPS, when=WHEN, answer_by=TIME, hear_by=st.one_of(st.none(), TIME)
)
PROPOSAL = st.builds(
    views.ProposalView,
    id=ID,
    request_id=ID,
    name=REAL_NAME,
    given=REAL_NAME,
    force=NAME,
    roles=ROLES,
    bio=WORDS,
    shared=TOPICS,
    held_until=TIME,
)
INTRODUCED = st.builds(
    views.IntroducedView,
    match_id=ID,
    reference=st.just("K7QF"),
    name=REAL_NAME,
    given=REAL_NAME,
    force=NAME,
    first_contact_by=TIME,
    chat_url=LINK,
)
INTRODUCTION = st.builds(
    views.IntroductionView,
    match_id=ID,
    name=st.one_of(st.none(), REAL_NAME),
    given=st.one_of(st.none(), REAL_NAME),
    contact=CONTACT,
    when=WHEN,
    first_contact_by=TIME,
    chat_url=LINK,
)
STUCK = st.builds(
    views.StuckView,
    request_id=ID,
    reference=st.just("K7QF"),
    waiting=BANDS,
    offers_made=st.integers(0, 999),
    can_be_offered=st.integers(0, 999),
    said=st.none(),
)
REQUEST = st.builds(
    views.RequestView,
    id=ID,
    reference=st.just("K7QF"),
    news_by=st.one_of(st.none(), TIME),
    asking_starts=st.one_of(st.none(), TIME),
    closes_at=st.one_of(st.none(), TIME),
    asked=st.integers(0, 50),
)
DIGEST = st.builds(
    views.DigestView,
    force=REAL_NAME,
    stuck=st.lists(STUCK, max_size=12, unique_by=lambda s: s.request_id).map(tuple),
    refresher_due=st.lists(NAME, max_size=60).map(tuple),
)
PROFILE = st.builds(
    views.ProfileView,
    bio=WORDS,
    hours=st.just("Mon-Sun 00:00-24:00"),
    left_out=LEFT_OUT,
    mend=st.one_of(st.none(), st.just("profile.mend.bio")),
    experiences=st.just(tuple((e.id, e.supporter, True) for e in taxonomy.EXPERIENCES.values())),
)
MATCHES = st.builds(
    views.MatchesView,
    matches=st.lists(INTRODUCTION, max_size=6).map(tuple),
    offers=st.lists(OFFER, max_size=6).map(tuple),
)
NOW = TIME
YES_OR_NO = st.booleans()

Make = Callable[..., Card]
CARDS: dict[str, tuple[st.SearchStrategy[Any], Make]] = {
    "menu": (st.builds(views.MenuView), lambda v, r, n, b: welcome.menu_card(v, r, understood=b)),
    "help": (st.builds(views.MenuView), lambda v, r, n, b: welcome.help_card(v, r)),
    "limits": (
        st.builds(views.LimitsView, nations=st.frozensets(st.sampled_from(["E", "W", "S", "NI"]))),
        lambda v, r, n, b: limits.limits_card(v, r, dialog_forms=b),
    ),
    "form": (FORM, lambda v, r, n, b: form.form_card(v, r, chat=b)),
    "people": (
        st.builds(views.PeopleView, typed=NAME, found=FOUND, left_out=LEFT_OUT),
        lambda v, r, n, b: people.people_card(v, r, chat=b),
    ),
    "review": (
        st.builds(views.ReviewView, wishes=WISHES, force=NAME, left_out=st.integers(0, 99)),
        lambda v, r, n, b: review.review_card(v, r, chat=b),
    ),
    "request": (REQUEST, lambda v, r, n, b: request.request_card(v, r, n, sent=b)),
    "handed back": (REQUEST, lambda v, r, n, b: request.handed_back_card(v, r, n)),
    "offer": (OFFER, lambda v, r, n, b: offer.offer_card(v, r, n)),
    "proposal": (PROPOSAL, lambda v, r, n, b: proposal.proposal_card(v, r, n, reminder=b, dialog_forms=b)),
    "contact": (
        st.builds(views.ContactView, proposal_id=ID, given=REAL_NAME, mend=st.none()),
        lambda v, r, n, b: proposal.contact_card(v, r, chat=b),
    ),
    "introduced": (INTRODUCED, lambda v, r, n, b: introduction.introduced_card(v, r, n)),
    "introduction": (INTRODUCTION, lambda v, r, n, b: introduction.introduction_card(v, r, n)),
    "first contact": (INTRODUCTION, lambda v, r, n, b: introduction.first_contact_card(v, r, n)),
    "check in": (INTRODUCTION, lambda v, r, n, b: introduction.check_in_card(v, r, supporter=True)),
    "worried": (
        st.lists(
            st.builds(
                views.CoordinatorContact,
                name=REAL_NAME,
                email=NAME.map(lambda e: e.strip() or None),
                force=NAME,
            )
        ),
        lambda v, r, n, b: introduction.worried_card(r, tuple(v)),
    ),
    "matches": (MATCHES, lambda v, r, n, b: supporter.matches_card(v, r, n)),
    "profile": (PROFILE, lambda v, r, n, b: supporter.profile_card(v, r, chat=b)),
    "digest": (DIGEST, lambda v, r, n, b: coordinator.digest_card(v, r, n)),
    "stuck": (STUCK, lambda v, r, n, b: coordinator.stuck_card(v, r)),
    "choose": (
        st.builds(
            views.ChooseView,
            request_id=ID,
            reference=st.just("K7QF"),
            typed=NAME,
            found=FOUND,
            said=st.none(),
        ),
        lambda v, r, n, b: coordinator.choose_card(v, r),
    ),
}


@pytest.mark.parametrize("name", CARDS)
def test_any_view_makes_a_good_card(name: str):
    strategy, make = CARDS[name]

    @settings(max_examples=10, deadline=None)
    @given(strategy, NOW, YES_OR_NO)
    def holds(view: Any, now: datetime, yes: bool) -> None:
        card = make(view, Reader(), now, yes)
        check(card, Reader())
        assert plain(card)

    holds()


@given(NAME)
def test_a_name_can_hold_no_markup(name: str):
    assert not set("[]*_`#<>{}|\\\n") & set(named(name))


@given(PROPOSAL, NOW)
@settings(max_examples=10, deadline=None)
def test_own_words_stand_in_runs_that_know_no_markup(view: views.ProposalView, now: datetime):
    card = proposal.proposal_card(view, Reader(), now, dialog_forms=False)
    texts = [part["text"] for part in parts(card) if part["type"] == "TextBlock"]
    assert not any("https://" in words and "](" in words for words in texts)
