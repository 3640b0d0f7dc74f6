"""The cards of a person's own data, in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cards import correct, my_data
from cards.frame import Card
from cards.reader import Reader
from peer_support.hours import WeeklyHours
from peer_support.offer import MatchState
from peer_support.people import AboutMe, Alike, Coordinator, Supporter
from peer_support.policy import Policy
from peer_support.request import How, HowSoon, RequestState, When, Wishes
from peer_support.rights import (
    AboutView,
    CorrectView,
    HeldCoordinator,
    HeldMatch,
    HeldOffer,
    HeldRequest,
    HeldSupporter,
    HeldView,
    Sight,
    SightKind,
)
from peer_support.views import ContactView, LeftOut

THEN = datetime(2026, 11, 3, 9, 15, tzinfo=UTC)
ABOUT = AboutMe("constable", "response", "cy", Alike.JOB)
WISHES = Wishes(
    ("trauma_incident",),
    soon=HowSoon.TODAY,
    when=frozenset({When.EVENINGS}),
    note="Nights, please.",
    about=ABOUT,
)
LIVE = HeldRequest("K7QF", "Northmoor Police", RequestState.MATCHED, THEN, None, WISHES, None)
STATES = (RequestState.OPEN, RequestState.PROPOSED, RequestState.RESTING, RequestState.WITHDRAWN)
SIGHTS = (
    Sight(SightKind.NAME_TO_SUPPORTER, THEN, "K7QF", "Sam Okafor", "Northmoor Police"),
    Sight(SightKind.SUPPORTER_TO_YOU, THEN, "K7QF", "", ""),
    Sight(SightKind.ASKED_BLIND, THEN, "K7QF"),
    Sight(SightKind.ASKED_TO_CONTACT, THEN, "", force="Northmoor Police"),
    Sight(SightKind.ASKED_BLIND, THEN, "R4TX", count=4),
    *(
        Sight(SightKind.COORDINATOR_ACTED, THEN, "K7QF", "", "Northmoor Police", words=f"seen.stuck.{act}")
        for act in ("asked_wider", "sent_contact", "offered")
    ),
    *(
        Sight(SightKind.NAME_OPENED, THEN, "K7QF", "", "Northmoor Police", words=f"seen.opened{came}")
        for came in ("", ".could", ".asked")
    ),
)
LITTLE = HeldView(as_of=THEN, tenant_id="t-1", directory_id="d-1", force="", locale="en-GB", has_address=True)
HELD = replace(
    LITTLE,
    force="Northmoor Police",
    welcomed_at=THEN,
    limits_version="2026-11",
    limits_read_at=THEN,
    last_month=date(2026, 11, 1),
    about=ABOUT,
    draft={"note": "Nights, please."},
    draft_saved_at=THEN,
    left_out=(LeftOut("x1", "Sam Price"), LeftOut("x2", "")),
    requests=(
        *(
            replace(LIVE, reference=f"R4T{n}", state=state, closed_at=THEN, goes_at=THEN + timedelta(days=90))
            for n, state in enumerate(STATES)
        ),
        LIVE,
    ),
    sights=SIGHTS,
    messages=12,
    phone="07700 900123",
)
ROSTERED = replace(
    HELD,
    name="Sam Okafor",
    email="sam.okafor@northmoor.example",
    requests=(replace(LIVE, state=RequestState.CLOSED, closed_at=THEN, goes_at=THEN + timedelta(days=90)),),
    supporter=HeldSupporter(
        Supporter(
            "s1",
            "northmoor",
            "constable",
            roles=frozenset({"response"}),
            experiences=frozenset({"trauma_incident"}),
            named=frozenset({"trauma_incident"}),
            team="Team 4",
            bio="Happy to listen.",
            hours=WeeklyHours.parse("Mon-Fri 08:00-20:00"),
            selected_on=date(2024, 1, 1),
            trained_on=date(2024, 2, 1),
            signed_off_by="Ria Holt",
        ),
        "Northmoor Police",
        (HeldOffer(THEN, "yes", THEN), HeldOffer(THEN, "", None)),
        (HeldMatch(THEN, MatchState.LIVE),),
    ),
    coordinator=HeldCoordinator(Coordinator("s1", "northmoor"), "Northmoor Police"),
)
MANY = replace(
    HELD,
    left_out=tuple(LeftOut(f"x{n}", f"Person Number {n}") for n in range(30)),
    sights=SIGHTS * 6,
    requests=HELD.requests * 3,
)
CONTACT = ContactView("m1", "Sam", How.CALL, None, "07700 900123", voicemail=True)


def own_data() -> dict[str, Callable[[Reader], Card]]:
    """Each by its name."""
    made: dict[str, Callable[[Reader], Card]] = {
        "file": lambda r: my_data.file_card("https://bot.example/my-data/token", 10, r),
        "file here": lambda r: my_data.file_card("http://127.0.0.1:3978/my-data/token", 10, r),
        "file nowhere": lambda r: my_data.file_card("", 10, r),
        "correct": lambda r: correct.correct_card(CorrectView(), r, dialog_forms=True),
        "correct introduced": lambda r: correct.correct_card(
            CorrectView(may_change_number=True, supporter=True, rostered=True, left_out=2),
            r,
            dialog_forms=True,
        ),
        "correct asking": lambda r: correct.correct_card(
            CorrectView(may_change_request=True), r, dialog_forms=False
        ),
        "number saved": correct.number_saved_card,
        "deleted": lambda r: correct.deleted_card(r, rostered=False),
        "deleted rostered": lambda r: correct.deleted_card(r, rostered=True),
    }
    views = {"little": LITTLE, "held": HELD, "rostered": ROSTERED, "many": MANY}
    for name, view in views.items():
        made[f"my data {name}"] = lambda r, v=view: my_data.my_data_card(v, r)
        made[f"my data {name} door"] = lambda r, v=view: my_data.my_data_door_card(v, r, dialog_forms=True)
        made[f"my data {name} chat"] = lambda r, v=view: my_data.my_data_door_card(v, r, dialog_forms=False)
        made[f"seen {name}"] = lambda r, v=view: my_data.seen_card(v, r)
        made[f"delete {name}"] = lambda r, v=view: correct.delete_card(v, Policy(), r)
    answers = {"about_grade": "constable", "about_work": "Response", "alike": "job"}
    abouts = {
        "": AboutView(),
        "saved": AboutView(answers, saved=True),
        "mended": AboutView(answers, {"about_work": "form.mend.work"}, ("response", "control_room")),
    }
    for chat in (False, True):
        where = "chat" if chat else "dialog"
        for name, about in abouts.items():
            made[f"about {name} {where}"] = lambda r, v=about, c=chat: correct.about_card(v, r, chat=c)
        for name, number in {"": CONTACT, "mended": replace(CONTACT, mend="contact.mend.how")}.items():
            made[f"number {name} {where}"] = lambda r, v=number, c=chat: correct.number_card(v, r, chat=c)
    return made
