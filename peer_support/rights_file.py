"""The same view as a file: JSON, in plain names, for the person to keep or to take elsewhere."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from peer_support.rights import HeldCoordinator, HeldRequest, HeldSupporter, HeldView, Sight


def as_file(view: HeldView) -> str:
    """What is empty is left out. Moments are in UTC."""
    whole = {
        "made_at": view.as_of,
        "you": {
            "tenant_id": view.tenant_id,
            "directory_id": view.directory_id,
            "name_on_the_roster": view.name,
            "email_on_the_roster": view.email,
            "force": view.force,
            "language": view.locale,
            "chat_address_is_kept": view.has_address,
            "welcomed_at": view.welcomed_at,
            "limits_read": {"version": view.limits_version, "at": view.limits_read_at},
            "last_wrote_in_the_month_of": view.last_month,
            "about_me_remembered": _about(view),
            "messages_to_you_remembered": view.messages,
        },
        "form_not_sent": {"saved_at": view.draft_saved_at, "answers": dict(view.draft)},
        "people_left_out": [{"name": each.name or "not known to the roster now"} for each in view.left_out],
        "requests": [_request(each) for each in view.requests],
        "phone_number_for_your_supporter": view.phone,
        "who_has_seen": [_sight(each) for each in view.sights],
        "as_a_supporter": _supporter(view.supporter) if view.supporter else None,
        "as_a_coordinator": _coordinator(view.coordinator) if view.coordinator else None,
    }
    return json.dumps(_without_empty(whole), indent=2, ensure_ascii=False, default=_plain) + "\n"


def _about(view: HeldView) -> dict[str, Any] | None:
    about = view.about
    if about is None:
        return None
    return {"grade": about.grade, "work": about.work, "language": about.language, "like_me_in": about.alike}


def _request(held: HeldRequest) -> dict[str, Any]:
    wishes = held.wishes
    about = wishes.about
    return {
        "reference": held.reference,
        "force": held.force,
        "state": held.state,
        "asked_at": held.asked_at,
        "closed_at": held.closed_at,
        "kept_until": held.goes_at,
        "topics": list(wishes.topics),
        "which_force": wishes.force_wish,
        "how": wishes.how,
        "when": sorted(wishes.when),
        "how_soon": wishes.soon,
        "note": wishes.note,
        "about_me": {
            "grade": about.grade,
            "work": about.work,
            "language": about.language,
            "like_me_in": about.alike,
        },
    }


def _sight(sight: Sight) -> dict[str, Any]:
    return {
        "what": sight.kind,
        "at": sight.at,
        "reference": sight.reference,
        "who": sight.who,
        "force": sight.force,
        "how_many": sight.count,
        "detail": sight.words.removeprefix("seen."),
    }


def _supporter(held: HeldSupporter) -> dict[str, Any]:
    roster = held.roster
    return {
        "force": held.force,
        "status": roster.status,
        "grade": roster.grade,
        "work": sorted(roster.roles),
        "experiences": sorted(roster.experiences),
        "cleared_for": sorted(roster.cleared),
        "experiences_you_let_be_named": sorted(roster.named),
        "languages": sorted(roster.languages),
        "team": roster.team,
        "line_manager_directory_id": roster.line_manager,
        "own_words": roster.bio,
        "hours": roster.hours.text() if roster.hours else None,
        "people_at_once": roster.max_active,
        "selected_on": roster.selected_on,
        "trained_on": roster.trained_on,
        "refresher_due": roster.refresher_due,
        "signed_off_by": roster.signed_off_by,
        "paused": roster.paused,
        "may_be_found_by_name": roster.listed,
        "last_asked_at": roster.last_offered_at,
        "offers": [
            {"asked_at": each.sent_at, "your_answer": each.answer, "answered_at": each.answered_at}
            for each in held.offers
        ],
        "introductions": [{"at": each.introduced_at, "state": each.state} for each in held.matches],
    }


def _coordinator(held: HeldCoordinator) -> dict[str, Any]:
    roster = held.roster
    return {
        "force": held.force,
        "status": roster.status,
        "hours": roster.hours.text() if roster.hours else None,
        "daily_digest": roster.daily,
    }


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _without_empty(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_empty(each) for each in value]
    return value


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
