"""Who everybody is in the bench: one bot, one fictional force, and made-up people."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from peer_support.hours import LONDON

APP_ID = "9d0c3a52-0000-4000-8000-00000000b0b0"
APP_PASSWORD = "not-a-secret"  # noqa: S105 - the bench's own token service takes any
APP_TENANT = "99999999-0000-4000-8000-000000000009"
TENANT = "11111111-0000-4000-8000-000000000001"
BOT_ID = "28:bot"
KEYS = "k1:" + base64.b64encode(bytes(range(32))).decode()
LOOKUP_KEY = base64.b64encode(bytes(range(32, 64))).decode()
MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=LONDON).astimezone(UTC)
FORCES = f"""
[[force]]
id = "northmoor"
fictional = true
name = "Northmoor Police"
nations = ["E"]
region = "yorkshire_humber"
tenants = ["{TENANT}"]
"""


@dataclass(frozen=True, slots=True)
class Person:
    """One person by number, so that two processes mean the same one."""

    number: int

    @property
    def directory_id(self) -> str:
        return str(UUID(int=0xA0000000000040008000000000000000 + self.number))

    @property
    def user_id(self) -> str:
        return f"29:{self.number}"

    @property
    def conversation_id(self) -> str:
        return f"a:{self.number}"


def activity(person: Person, service_url: str, key: str, **parts: Any) -> bytes:
    """What Teams sends when this person does something."""
    whole = {
        "id": f"f:{person.number}:{key}",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": person.user_id, "name": "Jo Evans", "aadObjectId": person.directory_id},
        "recipient": {"id": BOT_ID, "name": "Peer support"},
        "conversation": {
            "id": person.conversation_id,
            "conversationType": "personal",
            "tenantId": TENANT,
        },
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "en-GB",
    }
    return json.dumps(whole | parts).encode()


def help_by_text(person: Person, service_url: str) -> bytes:
    """`help now`, typed."""
    return activity(person, service_url, "text", type="message", text="help now", textFormat="plain")


def help_by_button(person: Person, service_url: str) -> bytes:
    """Help now, pressed on a card in the chat."""
    action = {"type": "Action.Execute", "verb": "help_now", "data": {"v": 1}}
    return activity(
        person,
        service_url,
        "button",
        type="invoke",
        name="adaptiveCard/action",
        value={"action": action},
        replyToId="1:1",
    )


def sends_request(person: Person, service_url: str) -> bytes:
    """Send request, pressed on the review in its dialog."""
    data = {"verb": "form.send", "v": 1}
    return activity(
        person, service_url, "send", type="invoke", name="task/submit", value={"data": data}, replyToId="1:1"
    )


def accepts_offer(person: Person, service_url: str, offer_id: str) -> bytes:
    """Accept, pressed on an offer in the chat."""
    action = {"type": "Action.Execute", "verb": "offer.accept", "data": {"v": 1, "id": offer_id}}
    return activity(
        person,
        service_url,
        "accept",
        type="invoke",
        name="adaptiveCard/action",
        value={"action": action},
        replyToId="1:1",
    )
