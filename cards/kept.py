"""What is kept and for how long, on a card: the same numbers as the table of keeping, as they are set."""

from __future__ import annotations

from collections.abc import Iterable

from cards.frame import Element, lead, text
from cards.reader import Reader
from cards.spans import days, hours, months
from peer_support.keeping import identity_days
from peer_support.policy import Policy

PARTS = ("form", "note", "request", "match", "people", "member", "counts")


def kept_words(reader: Reader, policies: Iterable[Policy]) -> list[Element]:
    """One line for each. Where several forces share a tenant, the longest of their times is said."""
    chosen = list(policies) or [Policy()]
    spans = {
        "form": hours(max(policy.draft_hours for policy in chosen), reader),
        "note": days(max(policy.note_kept_days for policy in chosen), reader),
        "request": days(max(map(identity_days, chosen)), reader),
        "member": months(max(policy.member_kept_months for policy in chosen), reader),
        "counts": months(max(policy.statistics_kept_months for policy in chosen), reader),
    }
    audit = months(max(policy.audit_kept_months for policy in chosen), reader)
    lines = [
        reader.say(f"privacy.kept.{part}", time=spans.get(part, ""), audit=audit, member=spans["member"])
        for part in PARTS
    ]
    return [lead(reader.say("privacy.kept.lead")), *(text(line, spacing="Small") for line in lines)]
