"""Every card of the conversations, in every state: what the card tests check, and what screenshots are taken of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cards import (
    break_glass,
    closing,
    contact_me,
    coordinator,
    form,
    introduction,
    learn,
    limits,
    offer,
    people,
    proposal,
    request,
    review,
    said,
    supporter,
    welcome,
)
from cards.elsewhere import elsewhere_card
from cards.frame import Card
from cards.reader import ALL_NATIONS, Reader
from peer_support import refusals, taxonomy
from peer_support.break_glass import GlassState, Risk
from peer_support.force import LocalContact
from peer_support.form import CHOOSE_AGAIN, NOTE_TOO_LONG, TOO_MANY_TOPICS, WORK_UNKNOWN
from peer_support.glass_views import Answered, AskNameView, GlassView, OpenedView, SecondYesView
from peer_support.offer import Contact, MatchState, OfferState, ProposalState
from peer_support.other_help import learn_view
from peer_support.people import AboutMe, Alike
from peer_support.request import ForceWish, How, HowSoon, RequestState, When, Wishes
from peer_support.views import (
    ChooseView,
    ContactAskedView,
    ContactMeView,
    ContactView,
    CoordinatorContact,
    DigestView,
    FormView,
    Found,
    IntroducedView,
    IntroductionView,
    LeftOut,
    LimitsView,
    MatchesView,
    MenuView,
    OfferView,
    PeopleView,
    ProfileView,
    ProposalView,
    RequestView,
    ReviewView,
    StuckView,
)
from tests.cards.gallery_own_data import own_data

NIGHT = datetime(2026, 11, 19, 3, 12, tzinfo=UTC)
LINES = ("police crisis line 0300 131 2789", "Samaritans 116 123")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One card, made for any reader."""

    name: str
    make: Callable[[Reader], Card]


def at(hours: float) -> datetime:
    return NIGHT + timedelta(hours=hours)


REQUEST = RequestView("r1", "K7QF", RequestState.OPEN, HowSoon.FEW_DAYS, news_by=at(9.8), asked=1)
WAITING = replace(REQUEST, asking_starts=at(4.8))
OFFER = OfferView(
    "o1", OfferState.SENT, ("work",), How.CALL, frozenset({When.EVENINGS}), HowSoon.FEW_DAYS, at(14.8)
)
PROPOSAL = ProposalView(
    id="p1",
    request_id="r1",
    state=ProposalState.ASKED,
    name="Sam Okafor",
    given="Sam",
    force="Northmoor Police",
    roles=("control_room",),
    bio="Twelve years of nights. Happy to just walk and talk.",
    shared=("trauma_incident",),
    held_until=at(14.8),
)
INTRODUCED = IntroducedView(
    match_id="m1",
    reference="K7QF",
    state=MatchState.LIVE,
    name="Sam Okafor",
    given="Sam",
    force="Northmoor Police",
    first_contact_by=at(38.8),
    chat_url="https://teams.microsoft.com/l/chat/0/0?users=sam.okafor@northmoor.example",
)
INTRODUCTION = IntroductionView(
    match_id="m1",
    state=MatchState.LIVE,
    name="Jo Evans",
    given="Jo",
    contact=Contact(How.CALL, "07700 900123", voicemail_safe=False),
    when=frozenset({When.EVENINGS, When.WEEKENDS}),
    first_contact_by=at(38.8),
    chat_url="https://teams.microsoft.com/l/chat/0/0?users=jo.evans@eastvale.example",
)
COORDINATORS = (CoordinatorContact("Ruth Adeyemi", "ruth.adeyemi@northmoor.example", "Northmoor Police"),)
STUCK = StuckView("r1", "K7QF", RequestState.OPEN, "over_24h", True, 3, 5, True)
DIGEST = DigestView(
    force="Northmoor Police",
    stuck=(STUCK,),
    supporters=32,
    available=21,
    full=6,
    paused=3,
    not_answering=2,
    never_opened=0,
    refresher_due=("A. Jones",),
    helplines_to_check=1,
    daily=False,
)
FOUND = tuple(
    Found(f"s{n}", name, "Northmoor Police") for n, name in enumerate(("Sam Okafor", "Sam Price"), 1)
)
LEFT_OUT = (LeftOut("x1", "Sam Price"), LeftOut("x2", ""))
ANSWERS = {
    "topics_work": "trauma_incident,cumulative_trauma",
    "force_wish": "different",
    "how": "call",
    "soon": "today",
    "when": "evenings,weekends",
    "about_grade": "constable",
    "about_work": "response",
    "about_language": "cy",
    "alike": "job",
    "remember": "true",
    "note": "Someone who has worked nights.",
}
MENDS = {
    "topics": TOO_MANY_TOPICS,
    "topics_work": CHOOSE_AGAIN,
    "own_force": "form.mend.own_force",
    "force_wish": CHOOSE_AGAIN,
    "how": CHOOSE_AGAIN,
    "soon": CHOOSE_AGAIN,
    "when": CHOOSE_AGAIN,
    "note": NOTE_TOO_LONG,
    "about_grade": CHOOSE_AGAIN,
    "about_work": WORK_UNKNOWN,
    "about_language": CHOOSE_AGAIN,
    "alike": CHOOSE_AGAIN,
}
FORCES = (("north", "Northmoor Police"), ("east", "Eastvale Constabulary"))
WISHES = Wishes(
    topics=("trauma_incident", "cumulative_trauma"),
    force_wish=ForceWish.DIFFERENT,
    how=How.CALL,
    when=frozenset({When.EVENINGS, When.WEEKENDS}),
    soon=HowSoon.TODAY,
    note="Someone who has worked nights.",
    about=AboutMe("constable", "response", "cy", Alike.JOB),
)
REVIEW = ReviewView(WISHES, "Northmoor Police", left_out=1)
EXPERIENCES = tuple(
    (each.id, each.supporter, number % 3 == 0)
    for number, each in enumerate(taxonomy.EXPERIENCES.values())
    if number < 15
)
PROFILE = ProfileView(
    PROPOSAL.bio, EXPERIENCES, True, False, "Mon-Fri 08:00-20:00; Sat 10:00-14:00", LEFT_OUT
)

TEAM = LocalContact("Northmoor wellbeing team", "01234 567890", "team@northmoor.example", "Weekdays *only*")
LEARN = learn_view(())


def _welcome() -> dict[str, Callable[[Reader], Card]]:
    menus = {
        "officer": MenuView(),
        "asking": MenuView(has_request=True),
        "draft": MenuView(has_draft=True),
        "supporter": MenuView(supporter=True, offers=1, matches=1),
        "paused": MenuView(supporter=True, paused=True, offers=2),
        "coordinator": MenuView(supporter=True, coordinator=True),
    }
    made: dict[str, Callable[[Reader], Card]] = {
        "welcome": lambda r: welcome.welcome_card(r, first=True),
        "welcome again": lambda r: welcome.welcome_card(r, first=False),
        "welcome on the roster": lambda r: welcome.welcome_card(r, first=True, view=menus["coordinator"]),
        "elsewhere": lambda r: elsewhere_card("refusal.CovertRole", [TEAM], r),
        "menu not understood": lambda r: welcome.menu_card(MenuView(), r, understood=False),
        "learn": lambda r: learn.learn_card("", LEARN, r),
        "learn wellbeing, known": lambda r: learn.learn_card(
            "wellbeing", replace(LEARN, wellbeing=(TEAM,)), r
        ),
        "learn elsewhere, local lines": lambda r: learn.learn_card(
            "elsewhere", replace(LEARN, lines=(TEAM,)), r
        ),
        "privacy": lambda r: welcome.privacy_card(r, r.nations),
        "privacy opened": lambda r: welcome.privacy_card(r, r.nations, ("Northmoor Police",)),
        "limits opened": lambda r: limits.limits_card(
            LimitsView(ALL_NATIONS, opened_by=("Eastmere Police", "Southfell Police")), r, dialog_forms=True
        ),
        "limits": lambda r: limits.limits_card(LimitsView(frozenset({"E"})), r, dialog_forms=True),
        "limits ni": lambda r: limits.limits_card(LimitsView(ALL_NATIONS), r, dialog_forms=False),
    }
    for subject in learn.subjects():
        made[f"learn {subject}"] = lambda r, s=subject: learn.learn_card(s, LEARN, r)
    for name, view in menus.items():
        made[f"menu {name}"] = lambda r, view=view: welcome.menu_card(view, r)
        made[f"help {name}"] = lambda r, view=view: welcome.help_card(view, r)
    return made


def _form() -> dict[str, Callable[[Reader], Card]]:
    views = {
        "": FormView(),
        "answered": FormView(answers=ANSWERS, left_out=LEFT_OUT, changing=True),
        "mended": FormView(
            answers=ANSWERS, mends=MENDS, forces=FORCES, few_supporters=True, left_out=LEFT_OUT[:1]
        ),
    }
    finding = {
        "": PeopleView(),
        "found": PeopleView("sam", True, FOUND, LEFT_OUT[:1]),
        "nobody": PeopleView("zzz", True, (), LEFT_OUT),
        "many": PeopleView(left_out=tuple(LeftOut(f"x{n}", f"Person Named {n}") for n in range(30))),
    }
    reviews = {
        "": ReviewView(Wishes(), "Northmoor Police"),
        "answered": REVIEW,
        "own": replace(
            REVIEW, wishes=replace(WISHES, force_wish=ForceWish.OWN, topics=("cancer",)), left_out=2
        ),
        "scrutiny": replace(
            REVIEW, wishes=Wishes(("misconduct",)), note_dropped=True, representative=True, changing=True
        ),
    }
    made: dict[str, Callable[[Reader], Card]] = {}
    for chat in (False, True):
        where = "chat" if chat else "dialog"
        for name, view in views.items():
            made[f"form {name} {where}"] = lambda r, v=view, c=chat: form.form_card(v, r, chat=c)
        for name, view in finding.items():
            made[f"people {name} {where}"] = lambda r, v=view, c=chat: people.people_card(v, r, chat=c)
        for name, view in reviews.items():
            made[f"review {name} {where}"] = lambda r, v=view, c=chat: review.review_card(v, r, chat=c)
    return made


def _request() -> dict[str, Callable[[Reader], Card]]:
    resting = replace(REQUEST, state=RequestState.RESTING, closes_at=at(24 * 14))
    views = {state.value: replace(REQUEST, state=state, closes_at=at(24 * 14)) for state in RequestState}
    views |= {
        "waiting": WAITING,
        "waiting for tomorrow": replace(WAITING, asking_starts=at(28), news_by=at(33)),
        "nobody": replace(REQUEST, nobody=True),
        "nobody wider": replace(REQUEST, nobody=True, may_widen=True),
        "coordinator": replace(REQUEST, coordinator_route=True, news_by=None),
    }
    made: dict[str, Callable[[Reader], Card]] = {
        "sent": lambda r: request.request_card(
            WAITING, r, NIGHT, sent=True, contacts_open=LINES, dialog_forms=True
        ),
        "asking started": lambda r: request.asking_started_card(REQUEST, r, NIGHT),
        "handed back": lambda r: request.handed_back_card(REQUEST, r, NIGHT),
        "taken back": lambda r: request.handed_back_card(REQUEST, r, NIGHT, named=False),
        "withdraw": lambda r: request.withdraw_card(REQUEST, r),
        "resting reminder": lambda r: request.resting_reminder_card(resting, r),
        "resting closed": lambda r: request.resting_closed_card(replace(resting, closes_at=None), r),
        "look wider": lambda r: request.look_wider_card(REQUEST, r),
        "names run out": lambda r: request.names_run_out_card(REQUEST, r),
        "coordinator contact": lambda r: request.coordinator_contact_card(COORDINATORS[0], r),
        "no request": request.no_request_card,
    }
    for name, view in views.items():
        made[f"request {name}"] = lambda r, v=view: request.request_card(v, r, NIGHT)
    return made


def _offer() -> dict[str, Callable[[Reader], Card]]:
    offers = {state.value: replace(OFFER, state=state, hear_by=at(80)) for state in OfferState}
    offers |= {
        "paused": replace(OFFER, paused=True, when=frozenset()),
        "scrutiny": replace(OFFER, groups=("scrutiny", "home", "feeling"), scrutiny=True),
        "ended": replace(OFFER, ended=True),
        "declined and paused": replace(OFFER, state=OfferState.DECLINED, paused=True),
    }
    for soon in HowSoon:
        offers[f"soon {soon}"] = replace(OFFER, soon=soon, when=frozenset(When))
    for how in How:
        offers[f"how {how}"] = replace(OFFER, how=how)
    made: dict[str, Callable[[Reader], Card]] = {
        "apart": lambda r: offer.apart_card(OFFER, r),
    }
    for name, view in offers.items():
        made[f"offer {name}"] = lambda r, v=view: offer.offer_card(v, r, NIGHT)
    for state in ProposalState:
        made[f"proposal {state}"] = lambda r, s=state: proposal.proposal_card(
            replace(PROPOSAL, state=s), r, NIGHT, dialog_forms=True
        )
    made["proposal reminder"] = lambda r: proposal.proposal_card(
        replace(PROPOSAL, bio="", shared=(), last_name=True), r, NIGHT, reminder=True, dialog_forms=False
    )
    for mend in (None, "contact.mend.how", "contact.mend.phone_missing", "contact.mend.phone_unclear"):
        view = ContactView("p1", "Sam", How.ANY if mend is None else How.CALL, mend)
        made[f"contact {mend}"] = lambda r, v=view: proposal.contact_card(v, r, chat=v.mend is None)
    return made


def _introduction() -> dict[str, Callable[[Reader], Card]]:
    theirs = {
        "": INTRODUCED,
        "in touch": replace(INTRODUCED, in_touch=True, chat_url=None),
        "closed": replace(INTRODUCED, state=MatchState.CLOSED),
    }
    ours = {
        "": INTRODUCTION,
        "unnamed": replace(INTRODUCTION, name=None, given=None, chat_url=None, contact=Contact(How.ANY)),
        "voicemail": replace(INTRODUCTION, contact=Contact(How.CALL, "07700 900123", voicemail_safe=True)),
        "meet": replace(INTRODUCTION, contact=Contact(How.MEET), when=frozenset(), in_touch=True),
        "closed": replace(INTRODUCTION, state=MatchState.CLOSED, name=None, given=None),
    }
    made: dict[str, Callable[[Reader], Card]] = {
        "hand back": lambda r: introduction.hand_back_card(INTRODUCTION, r),
        "hand back thanks": introduction.handed_back_thanks_card,
        "first contact": lambda r: introduction.first_contact_card(INTRODUCTION, r, NIGHT),
        "in touch": lambda r: introduction.in_touch_card(INTRODUCED, r),
        "not yet": lambda r: introduction.not_yet_card(INTRODUCED, r),
        "check in": lambda r: introduction.check_in_card(INTRODUCED, r, supporter=False),
        "check in supporter": lambda r: introduction.check_in_card(INTRODUCTION, r, supporter=True),
        "close": lambda r: introduction.close_confirm_card("m1", r, supporter=False),
        "close supporter": lambda r: introduction.close_confirm_card("m1", r, supporter=True),
        "swap": lambda r: introduction.swap_confirm_card("m1", r),
        "worried": lambda r: introduction.worried_card(r, COORDINATORS),
        "worried no coordinator": lambda r: introduction.worried_card(r, ()),
        "closed by me": lambda r: closing.closed_card(r, by_me=True, match_id="m1"),
        "closed by them": lambda r: closing.closed_card(r, by_me=False, match_id="m1"),
        "feedback thanks": closing.feedback_thanks_card,
        "supporter closed": lambda r: closing.supporter_closed_card(r, "m1"),
        "match ended": lambda r: closing.match_ended_card(r, "m1"),
        "debrief": lambda r: closing.debrief_card(r, COORDINATORS),
        "fine": closing.fine_card,
    }
    for name, view in theirs.items():
        made[f"introduced {name}"] = lambda r, v=view: introduction.introduced_card(v, r, NIGHT)
    for name, view in ours.items():
        made[f"introduction {name}"] = lambda r, v=view: introduction.introduction_card(v, r, NIGHT)
    return made


def _supporter() -> dict[str, Callable[[Reader], Card]]:
    unnamed = replace(INTRODUCTION, name=None, given=None)
    matches = {
        "none": MatchesView((), (), paused=True),
        "one": MatchesView((INTRODUCTION,), (), paused=False),
        "several": MatchesView((INTRODUCTION, unnamed), (OFFER,), paused=False),
        "many": MatchesView((INTRODUCTION,) * 6, (OFFER,) * 6, paused=False),
    }
    made: dict[str, Callable[[Reader], Card]] = {
        "profile": lambda r: supporter.profile_card(PROFILE, r, chat=True),
        "profile door": lambda r: supporter.profile_door_card(PROFILE, r),
        "profile dialog": lambda r: supporter.profile_card(replace(PROFILE, saved=True), r, chat=False),
        "profile mend": lambda r: supporter.profile_card(
            replace(PROFILE, experiences=(), mend="profile.mend.bio", paused=True), r, chat=True
        ),
        "paused": supporter.paused_card,
        "resumed": supporter.resumed_card,
    }
    for name, view in matches.items():
        made[f"matches {name}"] = lambda r, v=view: supporter.matches_card(v, r, NIGHT)
    return made


def _coordinator() -> dict[str, Callable[[Reader], Card]]:
    quiet = replace(DIGEST, stuck=(), refresher_due=(), helplines_to_check=0, daily=True)
    bands = ("under_12h", "over_12h", "over_24h", "over_3d")
    several = tuple(
        replace(STUCK, request_id=f"r{n}", waiting=band, today=n == 2) for n, band in enumerate(bands)
    )
    many_names = tuple(f"Supporter Number {n}" for n in range(30))
    made: dict[str, Callable[[Reader], Card]] = {
        "digest": lambda r: coordinator.digest_card(DIGEST, r, NIGHT),
        "digest quiet": lambda r: coordinator.digest_card(quiet, r, NIGHT),
        "digest several": lambda r: coordinator.digest_card(
            replace(DIGEST, stuck=several, refresher_due=many_names), r, NIGHT
        ),
        "stuck": lambda r: coordinator.stuck_card(STUCK, r),
        "stuck moved on": lambda r: coordinator.stuck_card(replace(STUCK, state=RequestState.MATCHED), r),
        "nobody found": lambda r: coordinator.nobody_found_card(
            replace(STUCK, may_ask_wider=False, today=False), r
        ),
        "unmatched": lambda r: coordinator.unmatched_card(STUCK, r),
        "choose": lambda r: coordinator.choose_card(ChooseView("r1", "K7QF", "", FOUND), r),
        "choose cant": lambda r: coordinator.choose_card(ChooseView("r1", "K7QF", "sam", FOUND, "cant"), r),
        "choose nobody": lambda r: coordinator.choose_card(ChooseView("r1", "K7QF", "zzz"), r),
    }
    for key in ("asked_wider", "sent_contact", "offered"):
        made[f"stuck {key}"] = lambda r, k=key: coordinator.stuck_card(replace(STUCK, said=k), r)
    for key in ("asked_wider", "sent_contact", "offered", "cant", "daily_on", "daily_off"):
        made[f"coordinator {key}"] = lambda r, k=key: coordinator.coordinator_said_card(k, r)
    for refusal in refusals.Refusal.__subclasses__():
        made[f"refusal {refusal.__name__}"] = lambda r, no=refusal: said.refusal_card(no(), r)
    return made


def _break_glass() -> dict[str, Callable[[Reader], Card]]:
    asking = AskNameView("r1", "K7QF")
    stands = GlassView("g1", "K7QF", GlassState.WAITING, at(1), None)
    agreed = replace(stands, state=GlassState.AGREED, shown_until=at(1.5))
    shown = replace(agreed, name="Jo Evans", email="jo.evans@northmoor.example")
    second = SecondYesView(
        "g1",
        "K7QF",
        "Northmoor Police",
        "Ria Holt",
        Risk.LIFE,
        at(1),
        Answered.WAITING,
        "Her sister rang me.",
    )
    made: dict[str, Callable[[Reader], Card]] = {
        "see who asked nobody": lambda r: break_glass.ask_name_card(
            replace(asking, nobody=True), r, chat=True
        ),
        "name unknown": lambda r: break_glass.name_asked_card(
            replace(agreed, unknown=True), r, NIGHT, dialog_forms=True
        ),
        "name shown": lambda r: break_glass.name_shown_card(shown, r, NIGHT, dialog_forms=False),
        "name shown no more": lambda r: break_glass.name_shown_card(
            replace(stands, state=GlassState.OVER), r, NIGHT, dialog_forms=False
        ),
        "name asked below": lambda r: said.said_card("break_glass.asked", r, reference="K7QF"),
        "stuck opened": lambda r: coordinator.stuck_card(replace(STUCK, may_open_name=True), r),
        "stuck opened, matched": lambda r: coordinator.stuck_card(
            replace(STUCK, may_open_name=True, state=RequestState.MATCHED), r, dialog_forms=True
        ),
    }
    mends = ("risk", "reason_missing", "reason_long")
    for mend in (None, *(f"break_glass.mend.{name}" for name in mends)):
        view = replace(asking, mend=mend, risk="life", reason="Her sister rang me.")
        for chat in (False, True):
            made[f"see who asked {mend} {chat}"] = lambda r, v=view, c=chat: break_glass.ask_name_card(
                v, r, chat=c
            )
    for state in GlassState:
        made[f"name asked {state}"] = lambda r, s=state: break_glass.name_asked_card(
            replace(stands, state=s), r, NIGHT, dialog_forms=True
        )
    for answered in Answered:
        made[f"second yes {answered}"] = lambda r, a=answered: break_glass.second_yes_card(
            replace(second, answered=a), r, NIGHT, dialog_forms=False
        )
        made[f"second yes read {answered}"] = lambda r, a=answered: break_glass.second_yes_read_card(
            replace(second, answered=a), r, NIGHT
        )
    for risk in Risk:
        opened = OpenedView("Northmoor Police", risk, at(-72), GlassState.OVER, at(-71.5))
        made[f"name opened {risk}"] = lambda r, v=opened: break_glass.name_opened_card(v, r)
    return made


def _contact_me() -> dict[str, Callable[[Reader], Card]]:
    asking = ContactMeView(COORDINATORS, ("Mon-Fri 08:00-18:00",), at(30), wellbeing=(TEAM,))
    asked = ContactAskedView("jo", open=True, name="Jo Evans", email="jo.evans@northmoor.example")
    return {
        "contact me": lambda r: contact_me.contact_me_card(asking, r, NIGHT),
        "contact me, asked": lambda r: contact_me.contact_me_card(replace(asking, asked=True), r, NIGHT),
        "contact me, nobody": lambda r: contact_me.contact_me_card(
            replace(asking, coordinators=()), r, NIGHT
        ),
        "contact me, taken back": lambda r: contact_me.contact_me_taken_back_card(r, seen=False),
        "contact me, taken back, seen": lambda r: contact_me.contact_me_taken_back_card(r, seen=True),
        "contact me, contacted": contact_me.contacted_card,
        "contact me, unanswered": lambda r: contact_me.unanswered_card((TEAM,), r),
        "contact asked": lambda r: contact_me.contact_asked_card(asked, r),
        "contact asked, over": lambda r: contact_me.contact_asked_card(replace(asked, open=False), r),
    }


EXHIBITS = tuple(
    Exhibit(" ".join(name.split()), make)
    for room in (
        _welcome,
        _form,
        _request,
        _offer,
        _introduction,
        _supporter,
        _coordinator,
        _break_glass,
        own_data,
        _contact_me,
    )
    for name, make in room().items()
)
