"""What a simulated year takes for granted. Each number has where it is from, or says that it is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WORKFORCE = (
    "Home Office, Police workforce, England and Wales, 31 March 2025 "
    "(https://www.gov.uk/government/statistics/police-workforce-england-and-wales-31-march-2025)"
)
COLORADO = (
    "a survey of 631 employees of three police agencies in northern Colorado, 305 of whom had ever used peer support "
    "(https://www.lawenforcementtoday.com/police-peer-support-work/)"
)
DESIGN = "the scale that this service is designed for"
ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Shares are between 0 and 1; waits are means of what is drawn."""

    # how many
    people_a_force: int = 4800
    supporters_a_force: int = 200
    largest_share_power: float = 0.9
    asks_a_year: float = 0.04
    # supporters
    not_ready: float = 0.08
    never_opened: float = 0.10
    hours_given: float = 0.45
    rotating: float = 0.55
    experiences: int = 4
    cleared: float = 0.25
    other_language: float = 0.04
    pauses_a_year: float = 1.0
    pause_days: float = 21.0
    # who asks, and for what
    today: float = 0.20
    no_rush: float = 0.25
    own_force: float = 0.25
    different_force: float = 0.25
    just_talk: float = 0.30
    second_topic: float = 0.30
    like_me: float = 0.25
    parts_of_week: float = 0.30
    # when messages are seen
    seen_on_duty_minutes: float = 45.0
    looks_off_duty: float = 0.35
    requester_looks_off_duty: float = 0.65
    seen_off_duty_minutes: float = 150.0
    # what supporters do
    accepts: float = 0.60
    declines: float = 0.22
    declines_and_pauses: float = 0.03
    hello_hours: float = 10.0
    never_says_hello: float = 0.05
    hands_back: float = 0.03
    # what requesters do
    introduce: float = 0.82
    someone_else: float = 0.08
    not_now: float = 0.04
    introduce_when_reminded: float = 0.50
    keeps_looking: float = 0.35
    looks_wider: float = 0.75
    withdraws_at_news: float = 0.04
    swaps: float = 0.02
    talks_days: float = 21.0
    requester_closes: float = 0.50
    # what coordinators do
    coordinators_a_force: int = 2
    coordinator_acts: float = 0.85
    coordinator_hours: float = 3.0
    # a surge
    surge_people: float = 0.05
    surge_days: float = 3.0
    surge_today: float = 0.40


WHY: Mapping[str, tuple[str, str]] = {
    "people_a_force": (
        "Officers and staff a force, on average: about 240,000 over 50 forces",
        f"{DESIGN}; 235,753 full-time equivalents in England and Wales: {WORKFORCE}",
    ),
    "supporters_a_force": (
        "Supporters on the roster a force, on average: 10,000 over 50 forces, one for 24 people",
        DESIGN,
    ),
    "largest_share_power": (
        "Forces' sizes fall as their rank to this power; of 50 the largest then has about a fifth of all",
        f"the Metropolitan Police has 33,293 of 146,442 officers: {WORKFORCE}",
    ),
    "asks_a_year": (
        "Requests a year for each person",
        f"{ASSUMED}, below what a long-standing network sees: {COLORADO}",
    ),
    "not_ready": ("Of the roster: not in date, or not signed off", ASSUMED),
    "never_opened": ("Of the roster: never opened the bot, so that it can't write to them", ASSUMED),
    "hours_given": (
        "Of supporters: have hours of their own on the roster; the others take their force's",
        ASSUMED,
    ),
    "rotating": (
        "Of everybody: works 2 earlies, 2 lates, 2 nights, 4 off; the others Monday to Friday",
        ASSUMED,
    ),
    "experiences": ("Experiences that a supporter is matched on, on average", ASSUMED),
    "cleared": ("Of supporters: cleared for the topics that need it", ASSUMED),
    "other_language": ("Of everybody: would rather, or can, talk in another language than English", ASSUMED),
    "pauses_a_year": ("Times a year that a supporter pauses", ASSUMED),
    "pause_days": ("Days that a pause lasts", ASSUMED),
    "today": ("Of requests: today if possible", ASSUMED),
    "no_rush": ("Of requests: no rush; the rest is in the next few days", ASSUMED),
    "own_force": ("Of requests: own force only", ASSUMED),
    "different_force": ("Of requests: a different force; the rest leaves it at anyone suitable", ASSUMED),
    "just_talk": ("Of requests: no topic, just to talk", ASSUMED),
    "second_topic": ("Of requests with a topic: two of them", ASSUMED),
    "like_me": ("Of requests: someone like me, in job or in grade", ASSUMED),
    "parts_of_week": ("Of requests: only some parts of the week", ASSUMED),
    "seen_on_duty_minutes": ("Minutes until somebody on duty sees a message", ASSUMED),
    "looks_off_duty": ("Of messages to supporters off duty: seen before their next duty", ASSUMED),
    "requester_looks_off_duty": ("Of messages to requesters off duty: seen before their next duty", ASSUMED),
    "seen_off_duty_minutes": ("Waking minutes until such a message is seen", ASSUMED),
    "accepts": ("Of offers seen: accepted", f"{ASSUMED}; the scenarios halve it"),
    "declines": ("Of offers seen: declined", ASSUMED),
    "declines_and_pauses": ("Of offers seen: declined with a pause; the rest is never answered", ASSUMED),
    "hello_hours": ("Hours until a supporter has said hello", ASSUMED),
    "never_says_hello": ("Of supporters introduced: forget to, and are reminded", ASSUMED),
    "hands_back": ("Of introductions: handed back", ASSUMED),
    "introduce": ("Of proposals seen: introduce us", ASSUMED),
    "someone_else": ("Of proposals seen: someone else", ASSUMED),
    "not_now": ("Of proposals seen: not now; the rest isn't answered before a reminder", ASSUMED),
    "introduce_when_reminded": ("Of reminders seen: introduce us", ASSUMED),
    "keeps_looking": ("Of resting requests, at each message: keep looking", ASSUMED),
    "looks_wider": ("Of those asked by a coordinator: look wider", ASSUMED),
    "withdraws_at_news": ("Of news that nobody has said yes: the person withdraws", ASSUMED),
    "swaps": ("Of introductions: swapped for someone else", ASSUMED),
    "talks_days": ("Days until an introduction is closed", ASSUMED),
    "requester_closes": ("Of closings: by the requester; the others by the supporter", ASSUMED),
    "coordinators_a_force": ("Coordinators a force", ASSUMED),
    "coordinator_acts": ("Of stuck requests that a coordinator is told of: acted on", ASSUMED),
    "coordinator_hours": ("Office hours until they act", ASSUMED),
    "surge_people": ("Of one force's people: ask after an incident", ASSUMED),
    "surge_days": ("Days after the incident until they ask, on average", ASSUMED),
    "surge_today": ("Of those: today if possible", ASSUMED),
}
