"""Every verb that a card may carry or a typed word may mean. Each is routed in dialogs, and stands on some card."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    # answered by the guard, before anything else
    HELP_NOW = "help_now"
    MORE_SUPPORT = "more_support"
    # anyone
    MENU = "menu"
    CARRY_ON = "carry_on"
    LEARN = "learn"
    PRIVACY = "privacy"
    ASK = "ask"
    LIMITS_READ = "limits.read"
    FORM_REVIEW = "form.review"
    FORM_CHANGE = "form.change"
    FORM_SEND = "form.send"
    PEOPLE_OPEN = "people.open"
    PEOPLE_FIND = "people.find"
    PEOPLE_ADD = "people.add"
    PEOPLE_REMOVE = "people.remove"
    # the requester
    STATUS = "request.status"
    CHANGE = "request.change"
    WITHDRAW = "request.withdraw"
    WITHDRAW_SURE = "request.withdraw_sure"
    WIDEN = "request.widen"
    KEEP_LOOKING = "request.keep_looking"
    INTRODUCE = "proposal.introduce"
    INTRODUCE_SEND = "proposal.send"
    SOMEONE_ELSE = "proposal.someone_else"
    NOT_NOW = "proposal.not_now"
    SPOKEN = "match.spoken"
    NOT_YET = "match.not_yet"
    SWAP = "match.swap"
    SWAP_SURE = "match.swap_sure"
    FEEDBACK = "feedback.send"
    # either side of a match
    CLOSE = "match.close"
    CLOSE_SURE = "match.close_sure"
    STILL_TALKING = "match.still_talking"
    # a supporter
    ACCEPT = "offer.accept"
    ACCEPT_APART = "offer.accept_apart"
    DECLINE = "offer.decline"
    DECLINE_PAUSE = "offer.decline_pause"
    SAID_HELLO = "match.said_hello"
    HAND_BACK = "match.hand_back"
    HAND_BACK_SURE = "match.hand_back_sure"
    WORRIED = "match.worried"
    IM_FINE = "after.fine"
    DEBRIEF = "after.debrief"
    PAUSE = "supporter.pause"
    RESUME = "supporter.resume"
    MATCHES = "supporter.matches"
    PROFILE = "supporter.profile"
    PROFILE_SAVE = "supporter.profile_save"
    # a coordinator
    DIGEST = "coordinator.digest"
    DIGEST_DAILY = "coordinator.digest_daily"
    STUCK = "stuck.open"
    ASK_WIDER = "stuck.ask_wider"
    CHOOSE = "stuck.choose"
    OFFER_TO = "stuck.offer_to"
    SEND_CONTACT = "stuck.send_contact"
