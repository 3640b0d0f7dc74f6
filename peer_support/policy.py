"""The numbers a force may set for itself. Each is a policy, not a law of nature; the defaults are the design's."""

from __future__ import annotations

from dataclasses import dataclass, field

from peer_support.hours import WeeklyHours

NIGHT_HOURS = ("08:00", "22:00")


@dataclass(frozen=True, slots=True)
class Policy:
    """Waits are in hours or days as the name says; `waking` is when supporters are asked and people are reminded."""

    waking: WeeklyHours = field(default_factory=lambda: WeeklyHours.every_day(*NIGHT_HOURS))
    office: WeeklyHours = field(default_factory=lambda: WeeklyHours.parse("Mon-Fri 08:00-18:00"))
    offer_open_hours: int = 4
    offer_open_hours_today: int = 1
    offers_at_once_today: int = 3
    max_active: int = 3
    new_matches_in_week: int = 1
    unanswered_offers_in_week: int = 3
    names_shown: int = 3
    names_shown_days: int = 30
    small_force: int = 8
    unmatched_told_hours: int = 12
    news_after_round_hours: int = 1
    night_gap_hours: int = 2
    proposal_reminder_hours: int = 4
    proposal_second_reminder_hours: int = 24
    proposal_held_hours: int = 72
    proposal_held_hours_today: int = 24
    resting_reminder_days: int = 7
    resting_close_days: int = 14
    ending_least_hours: int = 1
    ending_most_hours: int = 6
    first_contact_hours: int = 48
    first_contact_hours_today: int = 24
    check_in_days: int = 7
    check_in_again_days: int = 14
    draft_hours: int = 24
    note_length: int = 300
    note_kept_days: int = 30
    topics_at_most: int = 3
    identity_kept_days: int = 90
    roster_kept_months: int = 6
    member_kept_months: int = 24
    statistics_kept_months: int = 24
    audit_kept_months: int = 24
    digest_at: str = "08:30"
