"""Who may press what, as data: for each verb what its card carries the id of, and whose press does anything.

A verb without a row here fails `test_access_matrix.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cards.verbs import Verb
from dialogs import typed
from dialogs.router import INSTALLED, LEFT


class Kind(StrEnum):
    """What an id may be the id of. NOTHING: the verb asks for no id, so one that comes changes nothing."""

    NOTHING = "nothing"
    REQUEST = "request"
    OFFER = "offer"
    PROPOSAL = "proposal"
    MATCH = "match"
    EXCLUSION = "exclusion"
    MEMBER = "member"
    ASK = "ask to see a name"


class May(StrEnum):
    """Whose press of it does or shows anything."""

    ANYONE = "anyone"
    A_SUPPORTER = "a supporter, for themselves"
    A_COORDINATOR = "a coordinator, for their own force"
    REQUESTER = "whoever asked"
    SUPPORTER = "the one it was put to"
    EITHER_SIDE = "either of the two introduced"
    ITS_COORDINATOR = "a coordinator of its force who isn't the one who asked"
    OWNER = "whoever made it"
    NAMES_LISTED = "anyone, of supporters who agreed to be found"


@dataclass(frozen=True, slots=True)
class Row:
    """One verb. `carried` is the field that the id comes in and `before` what stands before it there.

    `fields` are answers that would be good ones, so that only the id can be what is wrong. `bare`: without an id it
    means one's own. `writes`: it may change what is the presser's own, whatever id comes with it; `ends`: all of it.
    """

    kind: Kind
    may: May
    fields: Mapping[str, str] = field(default_factory=dict)
    carried: str = "id"
    before: str = ""
    bare: bool = False
    writes: bool = False
    ends: bool = False

    @property
    def named(self) -> bool:
        """Whether it asks for the id of something."""
        return self.kind is not Kind.NOTHING


ANYONES = Row(Kind.NOTHING, May.ANYONE)
WRITES_OWN = Row(Kind.NOTHING, May.ANYONE, writes=True)
SUPPORTERS = Row(Kind.NOTHING, May.A_SUPPORTER)
COORDINATORS = Row(Kind.NOTHING, May.A_COORDINATOR)
OWN_REQUEST = Row(Kind.REQUEST, May.REQUESTER, bare=True)
STUCK = Row(Kind.REQUEST, May.ITS_COORDINATOR)
PROPOSAL = Row(Kind.PROPOSAL, May.REQUESTER)
OFFER = Row(Kind.OFFER, May.SUPPORTER)
OF_REQUESTER = Row(Kind.MATCH, May.REQUESTER)
OF_SUPPORTER = Row(Kind.MATCH, May.SUPPORTER)
OF_EITHER = Row(Kind.MATCH, May.EITHER_SIDE)
CONTACT = {"how": "call", "phone": "07700 900123", "voicemail": "true"}
PUT_TO = Row(Kind.ASK, May.SUPPORTER)
REASONED = {"risk": "life", "why": "Two colleagues have told me the same this morning."}
ANSWERS = {"listened": "yes", "easy": "partly", "otherwise": "no"}

TABLE: Mapping[str, Row] = {
    Verb.MENU: ANYONES,
    Verb.CARRY_ON: Row(Kind.PROPOSAL, May.REQUESTER, CONTACT, before="contact."),
    Verb.LEARN: ANYONES,
    Verb.PRIVACY: ANYONES,
    Verb.MY_DATA: ANYONES,
    Verb.DATA_SEEN: ANYONES,
    Verb.DATA_FILE: WRITES_OWN,
    Verb.CORRECT: ANYONES,
    Verb.ABOUT: ANYONES,
    Verb.ABOUT_SAVE: WRITES_OWN,
    Verb.NUMBER: ANYONES,
    Verb.NUMBER_SAVE: WRITES_OWN,
    Verb.DELETE: ANYONES,
    Verb.DELETE_SURE: Row(Kind.NOTHING, May.ANYONE, writes=True, ends=True),
    Verb.CONTACT_ME: ANYONES,
    Verb.CONTACT_ME_SURE: WRITES_OWN,
    Verb.CONTACT_ME_BACK: WRITES_OWN,
    Verb.CONTACTED: Row(Kind.MEMBER, May.ITS_COORDINATOR),
    Verb.LANGUAGE: WRITES_OWN,
    Verb.ASK: ANYONES,
    Verb.LIMITS_READ: WRITES_OWN,
    Verb.FORM_REVIEW: Row(Kind.NOTHING, May.ANYONE, {"soon": "today", "remember": "false"}, writes=True),
    Verb.FORM_CHANGE: WRITES_OWN,
    Verb.FORM_SEND: ANYONES,
    Verb.PEOPLE_OPEN: ANYONES,
    Verb.PEOPLE_FIND: Row(Kind.NOTHING, May.ANYONE, {"name": "Zebedee"}),
    Verb.PEOPLE_ADD: Row(Kind.MEMBER, May.NAMES_LISTED, carried="people"),
    Verb.PEOPLE_REMOVE: Row(Kind.EXCLUSION, May.OWNER),
    Verb.STATUS: ANYONES,
    Verb.CHANGE: OWN_REQUEST,
    Verb.WITHDRAW: ANYONES,
    Verb.WITHDRAW_SURE: OWN_REQUEST,
    Verb.WIDEN: OWN_REQUEST,
    Verb.KEEP_LOOKING: OWN_REQUEST,
    Verb.INTRODUCE: Row(Kind.PROPOSAL, May.REQUESTER, CONTACT),
    Verb.INTRODUCE_SEND: Row(Kind.PROPOSAL, May.REQUESTER, CONTACT),
    Verb.SOMEONE_ELSE: PROPOSAL,
    Verb.NOT_NOW: PROPOSAL,
    Verb.SPOKEN: OF_REQUESTER,
    Verb.NOT_YET: OF_REQUESTER,
    Verb.SWAP: OF_REQUESTER,
    Verb.SWAP_SURE: OF_REQUESTER,
    Verb.FEEDBACK: Row(Kind.MATCH, May.REQUESTER, ANSWERS),
    Verb.CLOSE: OF_EITHER,
    Verb.CLOSE_SURE: OF_EITHER,
    Verb.STILL_TALKING: OF_EITHER,
    Verb.ACCEPT: OFFER,
    Verb.ACCEPT_APART: OFFER,
    Verb.DECLINE: OFFER,
    Verb.DECLINE_PAUSE: OFFER,
    Verb.SAID_HELLO: OF_SUPPORTER,
    Verb.HAND_BACK: OF_SUPPORTER,
    Verb.HAND_BACK_SURE: Row(Kind.MATCH, May.SUPPORTER, {"reason": "cant"}),
    Verb.WORRIED: SUPPORTERS,
    Verb.IM_FINE: ANYONES,
    Verb.DEBRIEF: SUPPORTERS,
    Verb.PAUSE: Row(Kind.NOTHING, May.A_SUPPORTER, writes=True),
    Verb.RESUME: Row(Kind.NOTHING, May.A_SUPPORTER, writes=True),
    Verb.MATCHES: SUPPORTERS,
    Verb.PROFILE: SUPPORTERS,
    Verb.PROFILE_SAVE: Row(Kind.NOTHING, May.A_SUPPORTER, {"bio": "Still here."}, writes=True),
    Verb.DIGEST: COORDINATORS,
    Verb.DIGEST_DAILY: Row(Kind.NOTHING, May.A_COORDINATOR, writes=True),
    Verb.STUCK: STUCK,
    Verb.ASK_WIDER: STUCK,
    Verb.CHOOSE: Row(Kind.REQUEST, May.ITS_COORDINATOR, {"name": "a"}),
    Verb.OFFER_TO: Row(Kind.REQUEST, May.ITS_COORDINATOR, {"supporter": "nobody-at-all"}),
    Verb.SEND_CONTACT: STUCK,
    Verb.BREAK_GLASS: STUCK,
    Verb.BREAK_GLASS_ASK: Row(Kind.REQUEST, May.ITS_COORDINATOR, REASONED),
    Verb.SEE_NAME: Row(Kind.ASK, May.OWNER),
    Verb.SECOND_YES_READ: PUT_TO,
    Verb.SECOND_YES: PUT_TO,
    Verb.SECOND_NO: PUT_TO,
}
# What typed words may mean that is no verb, and what the channel itself tells of: neither carries an id.
TYPED_TABLE: Mapping[str, May] = {
    typed.HELLO: May.ANYONE,
    typed.HELP: May.ANYONE,
    typed.HAND_BACK: May.A_SUPPORTER,
    typed.IN_WELSH: May.ANYONE,
    typed.IN_ENGLISH: May.ANYONE,
}
EVENT_TABLE: Mapping[str, May] = {INSTALLED: May.ANYONE, LEFT: May.ANYONE}
