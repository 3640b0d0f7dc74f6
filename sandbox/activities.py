"""The activities that Teams sends a bot, field for field as they arrive from it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.people import Person

Activity = dict[str, Any]

BOT_ID = "28:peer-support"
BOT_NAME = "Peer support"
LONDON = "Europe/London"


class Ids:
    """Message ids as Teams makes them: milliseconds, never twice the same."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """The next one."""
        self._last = max(self._last + 1, time.time_ns() // 1_000_000)
        return str(self._last)


def now_text() -> str:
    """This moment, in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def activity(kind: str, activity_id: str, person: Person, service_url: str, **fields: Any) -> Activity:
    """What every activity of a personal chat has, and `fields` besides."""
    now = datetime.now(UTC)
    return {
        "type": kind,
        "id": activity_id,
        "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "localTimestamp": now.astimezone(ZoneInfo(LONDON)).isoformat(timespec="milliseconds"),
        "localTimezone": LONDON,
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": person.user_id, "name": person.name, "aadObjectId": person.directory_id},
        "conversation": {
            "conversationType": "personal",
            "tenantId": person.tenant_id,
            "id": person.conversation_id,
        },
        "recipient": {"id": BOT_ID, "name": BOT_NAME},
        "locale": "en-GB",
        "entities": [
            {"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Web", "timezone": LONDON}
        ],
        "channelData": {"tenant": {"id": person.tenant_id}},
        **fields,
    }


def said(text: str) -> dict[str, Any]:
    """A line of text."""
    return {"text": text, "textFormat": "plain", "attachments": []}


def installation(action: str, person: Person) -> dict[str, Any]:
    """The app was added to, or removed from, this person's Teams."""
    where = {"selectedChannel": {"id": person.conversation_id}}
    return {
        "action": action,
        "channelData": {"tenant": {"id": person.tenant_id}, "settings": where, "source": {"name": "message"}},
    }


def joined(person: Person) -> dict[str, Any]:
    """The chat was made, with the person and the bot in it."""
    return {
        "membersAdded": [{"id": person.user_id, "aadObjectId": person.directory_id}, {"id": BOT_ID}],
    }


def executed(action: dict[str, Any], message_id: str) -> dict[str, Any]:
    """A press on an Action.Execute."""
    kept = {key: action[key] for key in ("title", "id", "verb", "data") if action.get(key) is not None}
    return {
        "name": "adaptiveCard/action",
        "replyToId": message_id,
        "value": {"action": {"type": "Action.Execute", **kept}, "trigger": "manual"},
    }


def submitted(data: Any, message_id: str) -> dict[str, Any]:
    """A press on an Action.Submit in the chat: a message without text, whose value is what the card gathered.

    `msteams` in the data may ask for words to be said as well, as messageBack and imBack do.
    """
    asked = data.get("msteams", {}) if isinstance(data, dict) else {}
    kind = asked.get("type") if isinstance(asked, dict) else None
    if kind == "imBack":
        return said(str(asked.get("value", "")))
    if kind == "messageBack":
        return {**said(str(asked.get("text", ""))), "value": asked.get("value"), "replyToId": message_id}
    return {"value": data, "replyToId": message_id}


def shown_words(data: Any) -> str:
    """What a press on an Action.Submit leaves in the chat as the person's own line: mostly nothing."""
    asked = data.get("msteams", {}) if isinstance(data, dict) else {}
    if not isinstance(asked, dict):
        return ""
    return str(
        {"imBack": asked.get("value"), "messageBack": asked.get("displayText")}.get(asked.get("type", ""))
        or ""
    )


def opens_dialog(data: Any) -> bool:
    """Whether this Action.Submit asks for a Teams dialog."""
    asked = data.get("msteams") if isinstance(data, dict) else None
    return isinstance(asked, dict) and asked.get("type") == "task/fetch"


def dialog_fetch(data: Any, theme: str, message_id: str) -> dict[str, Any]:
    """A press that opens a dialog asks the bot for its first page."""
    return {
        "name": "task/fetch",
        "replyToId": message_id,
        "value": {"data": data, "context": {"theme": theme}},
    }


def dialog_submit(data: Any, theme: str) -> dict[str, Any]:
    """A press inside a dialog."""
    return {"name": "task/submit", "value": {"data": data, "context": {"theme": theme}}}
