"""What each page says. Every number in it is read from the settings in force, so that no page can promise another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.pages.html import described, heading, listed, paragraph
from cards.limits import opening_words
from cards.reader import Reader
from cards.spans import days, hours, months
from peer_support.crisis.contacts import Contact
from peer_support.force import Force
from peer_support.hours import WeeklyHours
from peer_support.keeping import ERASED_DAYS, identity_days
from peer_support.limits import opened_by
from peer_support.policy import Policy

_MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds here now. `forces` is None while their file can't be read."""

    policy: Policy
    forces: Sequence[Force] | None
    contacts: Sequence[Contact]

    @property
    def own_hours(self) -> bool:
        """Whether some force wakes at other hours."""
        return any(force.policy.waking != self.policy.waking for force in self.forces or ())

    @property
    def own_numbers(self) -> bool:
        """Whether some force keeps things for another time, or shows another number of names."""
        return any(_kept(force.policy) != _kept(self.policy) for force in self.forces or ())


def _kept(policy: Policy) -> tuple[int, ...]:
    return (
        policy.draft_hours,
        policy.note_kept_days,
        policy.note_length,
        policy.names_shown,
        policy.names_shown_days,
        policy.resting_close_days,
        policy.identity_kept_days,
        policy.roster_kept_months,
        policy.member_kept_months,
        policy.statistics_kept_months,
        policy.audit_kept_months,
    )


def home(facts: Facts, reader: Reader) -> list[str]:
    """For staff who follow a link, and for whoever finds the address."""
    say = reader.say
    body = [
        paragraph(say("page.home.text")),
        heading(say("page.home.staff.heading")),
        paragraph(say("page.home.staff.text")),
        listed(say(f"page.home.staff.{part}") for part in ("ask", "name", "help")),
        paragraph(say("page.home.hours", hours=hours_words(facts.policy.waking, reader))),
    ]
    if facts.own_hours:
        body.append(paragraph(say("page.home.own_hours")))
    for part in ("isnt", "chance"):
        body += [heading(say(f"page.home.{part}.heading")), paragraph(say(f"page.home.{part}.text"))]
    return body


def privacy(facts: Facts, reader: Reader) -> list[str]:
    """Who sees what, the limits, and how long it's kept."""
    say, policy = reader.say, facts.policy
    shown = {"names": policy.names_shown, "days": days(policy.names_shown_days, reader)}
    opened = opening_words(reader, opened_by(facts.forces or ()))
    sees = ("asked", "chosen", "you", "coordinator", "others", "runs")
    kept = {
        "draft": say("page.privacy.kept.draft.text", time=hours(policy.draft_hours, reader)),
        "note": say("page.privacy.kept.note.text", time=days(policy.note_kept_days, reader)),
        **{part: say(f"page.privacy.kept.{part}.text") for part in ("phone", "typed")},
        **_kept_words(policy, reader),
    }
    body = [
        paragraph(say("page.draft"), "draft"),
        paragraph(say("page.privacy.text")),
        heading(say("page.privacy.sees.heading")),
        described(
            [
                *(
                    (say(f"page.privacy.sees.{who}"), say(f"page.privacy.sees.{who}.text", **shown))
                    for who in sees
                ),
                (say("page.privacy.sees.teams"), say("limits.teams")),
            ]
        ),
        heading(say("page.privacy.limits.heading")),
        *(paragraph(say(f"limits.{part}")) for part in ("between", "between.ni")),
        *([paragraph(opened)] if opened else []),
        paragraph(f"{say('limits.scrutiny.lead')} {say('limits.scrutiny')}"),
        heading(say("page.privacy.kept.heading")),
        described((say(f"page.privacy.kept.{part}"), words) for part, words in kept.items()),
    ]
    if facts.own_numbers:
        body.append(paragraph(say("page.privacy.own_numbers")))
    body += [heading(say("page.privacy.rights.heading")), paragraph(say("page.privacy.rights.text"))]
    return body


def _kept_words(policy: Policy, reader: Reader) -> dict[str, str]:
    """What has an end by age. The table of keeping says the same, and a test holds them together."""
    member = months(policy.member_kept_months, reader)
    times = {
        "requests": days(identity_days(policy), reader),
        "people": member,
        "member": member,
        "roster": months(policy.roster_kept_months, reader),
        "counts": months(policy.statistics_kept_months, reader),
        "audit": months(policy.audit_kept_months, reader),
        "erased": days(ERASED_DAYS, reader),
    }
    names = days(policy.names_shown_days, reader)
    return {
        part: reader.say(f"page.privacy.kept.{part}.text", time=time, names=names)
        for part, time in times.items()
    }


def terms(facts: Facts, reader: Reader) -> list[str]:
    """What one may expect of it, and it of whoever uses it."""
    values = {
        "note": facts.policy.note_length,
        "resting": days(facts.policy.resting_close_days, reader),
    }
    body = [paragraph(reader.say("page.draft"), "draft")]
    for part in ("who", "does", "promise", "fair", "stop"):
        body += [
            heading(reader.say(f"page.terms.{part}.heading")),
            paragraph(reader.say(f"page.terms.{part}.text", **values)),
        ]
    return body


def accessibility(_facts: Facts, reader: Reader) -> list[str]:
    """What was done, how it was checked, and what is known to fall short."""
    body = [paragraph(reader.say("page.accessibility.text"))]
    for part, count in (("done", 6), ("short", 5)):
        lines = (reader.say(f"page.accessibility.{part}.{number}") for number in range(1, count + 1))
        body += [heading(reader.say(f"page.accessibility.{part}.heading")), listed(lines)]
    for part in ("checked", "tell"):
        body += [
            heading(reader.say(f"page.accessibility.{part}.heading")),
            paragraph(reader.say(f"page.accessibility.{part}.text")),
        ]
    return body


MAINS: Mapping[str, Callable[[Facts, Reader], list[str]]] = {
    "home": home,
    "privacy": privacy,
    "terms": terms,
    "accessibility": accessibility,
}


def hours_words(week: WeeklyHours, reader: Reader) -> str:
    """Weekly hours as they are said: every day 08:00 to 22:00; Monday to Friday 08:00 to 18:00 and Saturday all day."""
    by_day = {
        day: tuple((start, end) for _, start, end in spans)
        for day, spans in groupby(week.spans, lambda span: span[0])
    }
    parts = []
    for _, run in groupby(enumerate(sorted(by_day)), lambda item: (item[1] - item[0], by_day[item[1]])):
        chosen = [day for _, day in run]
        spans = [_span(start, end, reader) for start, end in by_day[chosen[0]]]
        parts.append(
            reader.say("page.hours.part", days=_days(chosen, reader), times=_together(spans, reader))
        )
    return _together(parts, reader)


def _span(start: int, end: int, reader: Reader) -> str:
    if (start, end) == (0, _MIDNIGHT):
        return reader.say("page.hours.all_day")
    first, last = (f"{minute // 60:02}:{minute % 60:02}" for minute in (start, end))
    return reader.say("page.hours.span", start=first, end=last)


def _days(chosen: Sequence[int], reader: Reader) -> str:
    if len(chosen) == 7:  # noqa: PLR2004 - a week
        return reader.say("page.hours.every_day")
    first, last = (reader.say(f"day.{day + 1}") for day in (chosen[0], chosen[-1]))
    return first if first == last else reader.say("page.hours.run", first=first, last=last)


def _together(phrases: Sequence[str], reader: Reader) -> str:
    if len(phrases) <= 1:
        return "".join(phrases)
    return reader.say("list.and", first=", ".join(phrases[:-1]), last=phrases[-1])
