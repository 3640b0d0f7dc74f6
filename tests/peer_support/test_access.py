"""Who may do what, over the whole table: denied by default, and "not yours" is "not found"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from peer_support.access import RULES, Action, Role, Standing, may
from peer_support.break_glass import BreakGlass, Risk
from peer_support.people import Coordinator, RosterStatus, Supporter
from peer_support.refusals import NotACoordinator, NotASupporter, NotFound, Refusal
from tests.storage import world

JO, SAM, RIA = world.member(id="jo"), world.member(id="sam"), world.member(id="ria")
ASKED = world.request("jo", force_id="northmoor")
OFFER = world.offer(ASKED.id, "sam")
MATCH = world.match(world.proposal(OFFER), "jo")
GLASS = BreakGlass("g", ASKED.id, "northmoor", "ria", Risk.LIFE, "why", frozenset({"una", "ria"}), world.NOW)
SUBJECTS = {"request": ASKED, "offer": OFFER, "match": MATCH, "break-glass": GLASS, "nothing": None}

ANYBODY = Standing(world.member(id="kit"))
PEOPLE = {
    "requester": Standing(JO),
    "supporter": Standing(SAM, supporter=world.supporter("sam")),
    "supporter who left": Standing(SAM, supporter=world.supporter("sam", status=RosterStatus.LEFT)),
    "another supporter": Standing(world.member(id="pat"), supporter=world.supporter("pat")),
    "coordinator": Standing(RIA, coordinator=Coordinator("ria", "northmoor")),
    "coordinator who left": Standing(
        RIA, coordinator=Coordinator("ria", "northmoor", status=RosterStatus.LEFT)
    ),
    "coordinator elsewhere": Standing(RIA, coordinator=Coordinator("ria", "westvale")),
    "who asked, as coordinator": Standing(JO, coordinator=Coordinator("jo", "northmoor")),
    "one who may agree": Standing(world.member(id="una")),
    "anybody": ANYBODY,
}
_COORDINATORS = {"coordinator", "coordinator elsewhere", "who asked, as coordinator"}
_SUPPORTERS = {"supporter", "supporter who left", "another supporter"}
ANYBODYS = frozenset({Action.ASK, Action.OWN_DATA, Action.CHOOSE_LANGUAGE, Action.ASK_TO_BE_CONTACTED})
ALLOWED = (
    set(product(PEOPLE, ANYBODYS, SUBJECTS))
    | {
        ("requester", action, "request")
        for action in (Action.SEE_REQUEST, Action.CHANGE_REQUEST, Action.ANSWER_PROPOSAL)
    }
    | {("requester", action, "match") for action in (Action.END_OWN_MATCH, Action.GIVE_FEEDBACK)}
    | {(who, Action.ANSWER_OFFER, "offer") for who in ("supporter", "supporter who left")}
    | {(who, Action.TEND_MATCH, "match") for who in ("supporter", "supporter who left")}
    | {
        (who, action, what)
        for who, action, what in product(
            _SUPPORTERS, (Action.SEE_OWN_NETWORK, Action.SET_AVAILABILITY), SUBJECTS
        )
    }
    | {(who, Action.SEE_DIGEST, what) for who, what in product(_COORDINATORS, SUBJECTS)}
    | {(who, Action.HELP_STUCK_REQUEST, "request") for who in ("coordinator", "who asked, as coordinator")}
    | {
        ("who asked, as coordinator", action, "request")
        for action in (Action.SEE_REQUEST, Action.CHANGE_REQUEST, Action.ANSWER_PROPOSAL)
    }
    | {
        ("who asked, as coordinator", action, "match")
        for action in (Action.END_OWN_MATCH, Action.GIVE_FEEDBACK)
    }
    | {("coordinator", Action.ASK_TO_SEE_NAME, "request"), ("coordinator", Action.SEE_NAME, "break-glass")}
    | {("one who may agree", Action.GIVE_SECOND_YES, "break-glass")}
)


@pytest.mark.parametrize("what", SUBJECTS)
@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("who", PEOPLE)
def test_the_whole_table(who: str, action: Action, what: str):
    standing, subject = PEOPLE[who], SUBJECTS[what]
    if (who, action, what) in ALLOWED:
        may(standing, action, subject)
        return
    with pytest.raises(Refusal) as refused:
        may(standing, action, subject)
    general = {
        Action.SEE_OWN_NETWORK: NotASupporter,
        Action.SET_AVAILABILITY: NotASupporter,
        Action.SEE_DIGEST: NotACoordinator,
    }
    assert type(refused.value) is general.get(action, NotFound)


def test_every_action_has_a_rule():
    assert set(RULES) == set(Action)
    assert {role for role, _ in RULES.values()} == set(Role)


@pytest.mark.parametrize("action", [action for action in Action if action not in ANYBODYS])
def test_nobodys_role_opens_somebody_elses_thing(action: Action):
    """Whoever has every role still reaches only what is theirs."""
    everything = Standing(
        world.member(id="kit"),
        supporter=Supporter("kit", "northmoor", "constable"),
        coordinator=Coordinator("kit", "southsea"),
    )
    for subject in (ASKED, OFFER, MATCH, GLASS):
        if action in {Action.SEE_OWN_NETWORK, Action.SET_AVAILABILITY, Action.SEE_DIGEST}:
            may(everything, action, subject)
            continue
        with pytest.raises(NotFound):
            may(everything, action, subject)


def test_a_closed_match_is_still_its_own_people_s_and_nobody_elses():
    closed = replace(MATCH, closed_at=MATCH.introduced_at + timedelta(days=1))
    may(PEOPLE["requester"], Action.GIVE_FEEDBACK, closed)
    with pytest.raises(NotFound):
        may(PEOPLE["another supporter"], Action.TEND_MATCH, closed)
