"""Between the wire and the SDK's classes by tables, because the SDK's own serialiser costs a turn more than the turn.

Also the bodies that Teams expects: a message, and the answers to presses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botbuilder.schema import Activity, Attachment, ChannelAccount, ConversationAccount

from cards.words import keys, say
from dialogs.turn import Message, Page
from peer_support.people import Address

CARD = "application/vnd.microsoft.card.adaptive"
TOLD = "application/vnd.microsoft.activity.message"
TITLE = say("dialog.title") if "dialog.title" in keys() else ""  # help now needs no catalogue

Body = dict[str, Any]

_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

_ACCOUNT = (("id", "id"), ("name", "name"), ("aadObjectId", "aad_object_id"), ("role", "role"))
_CONVERSATION = (("id", "id"), ("conversationType", "conversation_type"), ("tenantId", "tenant_id"))
_ATTACHMENT = (
    ("contentType", "content_type"),
    ("contentUrl", "content_url"),
    ("content", "content"),
    ("name", "name"),
)
_PLAIN = (
    ("type", "type"),
    ("id", "id"),
    ("serviceUrl", "service_url"),
    ("channelId", "channel_id"),
    ("locale", "locale"),
    ("text", "text"),
    ("textFormat", "text_format"),
    ("summary", "summary"),
    ("inputHint", "input_hint"),
    ("channelData", "channel_data"),
    ("action", "action"),
    ("replyToId", "reply_to_id"),
    ("value", "value"),
    ("name", "name"),
)
_NESTED = (
    ("from", "from_property", ChannelAccount, _ACCOUNT),
    ("recipient", "recipient", ChannelAccount, _ACCOUNT),
    ("conversation", "conversation", ConversationAccount, _CONVERSATION),
)
_LISTS = (
    ("membersAdded", "members_added", ChannelAccount, _ACCOUNT),
    ("membersRemoved", "members_removed", ChannelAccount, _ACCOUNT),
    ("attachments", "attachments", Attachment, _ATTACHMENT),
)


def decode(activity: Mapping[str, Any]) -> Activity:
    """The SDK's Activity of a parsed body. Parts of the wrong shape are left out: `incoming` has judged them."""
    found = {attribute: activity.get(key) for key, attribute in _PLAIN}
    for key, attribute, made, table in _NESTED:
        part = activity.get(key)
        found[attribute] = _make(made, table, part) if isinstance(part, Mapping) else None
    for key, attribute, made, table in _LISTS:
        parts = activity.get(key)
        if isinstance(parts, list):
            found[attribute] = [_make(made, table, part) for part in parts if isinstance(part, Mapping)]
    return Activity(**found)


def encode(activity: Activity) -> Body:
    """The wire's form of the SDK's Activity, for whatever the SDK's own pipeline sends."""
    body = {key: value for key, attribute in _PLAIN if (value := getattr(activity, attribute)) is not None}
    for key, attribute, _, table in _NESTED:
        if (part := getattr(activity, attribute)) is not None:
            body[key] = _plain(table, part)
    for key, attribute, _, table in _LISTS:
        if parts := getattr(activity, attribute):
            body[key] = [_plain(table, part) for part in parts]
    return body


def _make(made: Any, table: tuple[tuple[str, str], ...], part: Mapping[str, Any]) -> Any:
    return made(**{attribute: part.get(key) for key, attribute in table})


def _plain(table: tuple[tuple[str, str], ...], part: Any) -> Body:
    return {key: value for key, attribute in table if (value := getattr(part, attribute, None)) is not None}


def message_body(address: Address, message: Message) -> Body:
    """A card as a new message. The summary is what a toast shows; there is no text beside the card."""
    attachment = {"contentType": CARD, "content": message.card}
    return _addressed(address) | {"summary": message.summary, "attachments": [attachment]}


def plain_body(address: Address, message: Message) -> Body:
    """The same words without the card, for a channel that refuses the card."""
    return _addressed(address) | {"summary": message.summary, "text": message.text, "textFormat": "plain"}


def _addressed(address: Address) -> Body:
    return {
        "type": "message",
        "from": {"id": address.bot_id},
        "recipient": {"id": address.user_id},
        "conversation": {"id": address.conversation_id, "tenantId": address.tenant_id},
    }


def pressed_card(card: Mapping[str, Any]) -> Body:
    """The answer to a press in the chat: this card stands where the pressed one stood."""
    return {"statusCode": 200, "type": CARD, "value": card}


def pressed_told(words: str = "") -> Body:
    """The answer to a press in the chat that leaves the pressed card as it is."""
    return {"statusCode": 200, "type": TOLD, "value": words}


def dialog_page(page: Page) -> Body:
    """What a Teams dialog shows next."""
    card = {"contentType": CARD, "content": page.card}
    value = {"title": page.title, "height": page.height, "width": "medium", "card": card}
    return {"task": {"type": "continue", "value": value}}


def dialog_told(words: str) -> Body:
    """A line in place of a dialog, where there is no page to open."""
    return {"task": {"type": "message", "value": words}}


def to_bytes(body: Mapping[str, Any]) -> bytes:
    """Compact JSON."""
    return _COMPACT(body).encode("utf-8", "replace")
