"""The numbers that are policy, as settings. A force may set its own in the forces file; these are everybody's."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from peer_support.hours import HoursUnreadable, WeeklyHours
from peer_support.policy import Policy

Count = Annotated[int, Field(ge=1, le=1000)]
Hours = Annotated[int, Field(ge=1, le=24 * 60)]
Days = Annotated[int, Field(ge=1, le=3660)]
Months = Annotated[int, Field(ge=1, le=120)]


class PolicySettings(BaseSettings):
    """The same names as `Policy`, whose defaults these repeat; a test holds the two together."""

    waking: str = Field(
        "Mon-Sun 08:00-22:00", description="when supporters are asked and people are reminded"
    )
    office: str = Field("Mon-Fri 08:00-18:00", description="when coordinators are told of a waiting request")
    offer_open_hours: Hours = Field(4, description="waking hours that an offer is open")
    offer_open_hours_today: Hours = Field(
        1, description="waking hours that an offer is open where today was asked"
    )
    offers_at_once_today: Count = Field(3, description="offers at once where today was asked")
    max_active: Count = Field(3, description="people whom one supporter supports at once, at most")
    new_matches_in_week: Count = Field(1, description="new matches for one supporter in 7 days")
    unanswered_offers_in_week: Count = Field(3, description="unanswered offers to one supporter in 7 days")
    names_shown: Count = Field(3, description="supporters' names that one requester is shown at most")
    names_shown_days: Days = Field(30, description="days over which those names are counted")
    small_force: Count = Field(8, description="with fewer available supporters, other forces are suggested")
    unmatched_told_hours: Hours = Field(
        12, description="hours until a coordinator hears of a waiting request"
    )
    news_after_round_hours: Hours = Field(
        1, description="hours after a round by which the requester hears news"
    )
    night_gap_hours: Hours = Field(
        2, description="hours without anybody to ask after which the person is told so"
    )
    proposal_reminder_hours: Hours = Field(4, description="hours until a requester is reminded to answer")
    proposal_second_reminder_hours: Hours = Field(24, description="hours until the second reminder to answer")
    proposal_held_hours: Hours = Field(72, description="hours that a supporter is held for an answer")
    proposal_held_hours_today: Hours = Field(24, description="hours that one is held where today was asked")
    resting_reminder_days: Days = Field(7, description="days until a resting request is asked about")
    resting_close_days: Days = Field(14, description="days until a resting request closes")
    ending_least_hours: Hours = Field(1, description="hours until the neutral ending, at least")
    ending_most_hours: Hours = Field(6, description="hours until the neutral ending, at most")
    first_contact_hours: Hours = Field(48, description="hours in which a supporter says hello")
    first_contact_hours_today: Hours = Field(24, description="hours for saying hello where today was asked")
    check_in_days: Days = Field(7, description="days from the introduction to the first check-in")
    check_in_again_days: Days = Field(14, description="days from one check-in to the next")
    draft_hours: Hours = Field(24, description="hours that answers not yet sent are kept")
    note_length: Annotated[int, Field(ge=50, le=1000)] = Field(
        300, description="characters in a note, at most"
    )
    note_kept_days: Days = Field(30, description="days that a note is kept where there is no match")
    topics_at_most: Annotated[int, Field(ge=1, le=9)] = Field(3, description="topics in one request, at most")
    identity_kept_days: Days = Field(90, description="days that a closed request still says whose it was")
    roster_kept_months: Months = Field(6, description="months that somebody who left the roster is kept")
    member_kept_months: Months = Field(
        24, description="months that somebody who no longer writes to the bot is known to it"
    )
    statistics_kept_months: Months = Field(24, description="months that counts and feedback are kept")
    audit_kept_months: Months = Field(
        24, description="months that the audit is kept; of several forces, the longest counts for all"
    )
    digest_at: str = Field(
        "08:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="when a digest is sent, London"
    )

    @field_validator("waking", "office")
    @classmethod
    def _readable(cls, value: str) -> str:
        try:
            WeeklyHours.parse(value)
        except HoursUnreadable:
            raise ValueError("must be hours like Mon-Fri 08:00-20:00; Sat 10:00-14:00") from None
        return value

    @field_validator("ending_most_hours")
    @classmethod
    def _not_before_the_least(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("ending_least_hours", 1):
            raise ValueError("must not be less than PEER_SUPPORT_ENDING_LEAST_HOURS")
        return value

    def policy(self) -> Policy:
        """The numbers as the rules take them."""
        given: dict[str, Any] = {part.name: getattr(self, part.name) for part in fields(Policy)}
        given["waking"], given["office"] = WeeklyHours.parse(self.waking), WeeklyHours.parse(self.office)
        return Policy(**given)
