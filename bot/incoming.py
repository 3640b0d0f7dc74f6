"""What came in, as our own frozen value: the one place that reads an activity's fields, and trusts none of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from peer_support.people import Actor, Address

BODY_LIMIT = 256 * 1024
CHANNEL = "msteams"
SPEAKING = frozenset({"message", "messageUpdate", "invoke"})

_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_MENTION = re.compile(r"<at\b[^>]*>.*?</at>", re.IGNORECASE | re.DOTALL)
_UNCLEAN = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_ID_LENGTH = 1024
_OURS = frozenset({"verb", "v", "msteams"})


class BadActivity(ValueError):
    """The body isn't an activity that can be answered. Says which part is wrong, never what stood there."""


class Kind(StrEnum):
    """What a person did."""

    MESSAGE = "message"
    PRESS = "press"
    SUBMIT = "submit"
    DIALOG_OPEN = "dialog_open"
    DIALOG_SUBMIT = "dialog_submit"
    INSTALLED = "installed"
    LEFT = "left"
    OTHER = "other"


INVOKES = {
    "adaptiveCard/action": Kind.PRESS,
    "task/fetch": Kind.DIALOG_OPEN,
    "task/submit": Kind.DIALOG_SUBMIT,
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One activity. `key` is the same when the channel delivers it again; `pressed` is the message pressed."""

    kind: Kind
    activity_id: str
    key: str
    pressed: str | None
    actor: Actor
    verb: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    attachments: bool = False
    locale: str = "en-GB"


def read(body: bytes) -> dict[str, Any]:
    """The JSON object in a body, without lone surrogates and NULs, which no database takes."""
    try:
        activity = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        if _UNCLEAN.search(body):
            activity = _clean(activity)
    except (ValueError, RecursionError):
        raise BadActivity("the body is not JSON") from None
    if not isinstance(activity, dict):
        raise BadActivity("the body is not an activity")
    return activity


def address_of(activity: Mapping[str, Any]) -> Address:
    """Where an answer goes. The least that an activity must have, so that the crisis guard can answer it."""
    if not _string(activity, "type"):
        raise BadActivity("type is missing")
    if _string(activity, "channelId") != CHANNEL:
        raise BadActivity("channelId is not Teams")
    conversation = _object(activity, "conversation")
    address = Address(
        service_url=_string(activity, "serviceUrl"),
        conversation_id=_id(conversation, "id", "conversation.id"),
        tenant_id=_tenant(activity, conversation),
        user_id=_id(_object(activity, "from"), "id", "from.id"),
        bot_id=_id(_object(activity, "recipient"), "id", "recipient.id"),
    )
    if not (address.service_url and address.conversation_id and address.user_id and address.bot_id):
        raise BadActivity("serviceUrl, conversation, from or recipient is missing")
    return address


def brings(activity: Mapping[str, Any], address: Address) -> bool:
    """Whether a press came with anything beside its verb, such as what was typed on the pressed form."""
    try:
        _, fields = _asked(activity, _kind(activity, address))
    except BadActivity:
        return False
    return bool(fields)


def personal(activity: Mapping[str, Any]) -> bool:
    """Whether this is the person's own chat. In any other, nothing but help is ever said."""
    return _string(_object(activity, "conversation"), "conversationType", strict=False) in {"", "personal"}


def parse(activity: Mapping[str, Any], address: Address, *, local: bool = False) -> Incoming:
    """The activity as a value. BadActivity where a part has the wrong shape; OTHER where nothing is to be done."""
    directory_id = _directory_id(activity) or (address.user_id if local else "")
    kind = _kind(activity, address) if directory_id else Kind.OTHER
    verb, fields = _asked(activity, kind)
    locale = _string(activity, "locale")
    locale = locale if _LOCALE.fullmatch(locale) else "en-GB"
    activity_id = _string(activity, "id")
    pressed = _string(activity, "replyToId")
    return Incoming(
        kind=kind,
        activity_id=activity_id,
        key=_key(activity, address, activity_id),
        pressed=pressed if pressed and len(pressed) <= _ID_LENGTH else None,
        actor=Actor(address.tenant_id, directory_id, address, locale),
        verb=verb,
        fields=fields,
        text=_said(activity, address),
        attachments=_attached(activity),
        locale=locale,
    )


def _kind(activity: Mapping[str, Any], address: Address) -> Kind:
    match activity["type"]:
        case "message":
            return Kind.SUBMIT if isinstance(activity.get("value"), Mapping) else Kind.MESSAGE
        case "invoke":
            return INVOKES.get(_string(activity, "name"), Kind.OTHER)
        case "installationUpdate":
            action = _string(activity, "action")
            if action in {"add", "add-upgrade"}:
                return Kind.INSTALLED
            return Kind.LEFT if action == "remove" else Kind.OTHER
        case "conversationUpdate":
            named = {member.get("id") for member in _objects(activity, "membersAdded")}
            return Kind.INSTALLED if named & {address.user_id, address.bot_id} else Kind.OTHER
        case _:
            return Kind.OTHER


def _asked(activity: Mapping[str, Any], kind: Kind) -> tuple[str, dict[str, str]]:
    if kind is Kind.SUBMIT:
        data = _object(activity, "value")
        return _string(data, "verb", strict=False), _fields(data)
    if kind is Kind.PRESS:
        action = _object(_object(activity, "value", needed=True), "action", needed=True)
        data = _object(action, "data")
        return _string(action, "verb", strict=False) or _string(data, "verb", strict=False), _fields(data)
    if kind in {Kind.DIALOG_OPEN, Kind.DIALOG_SUBMIT}:
        data = _object(_object(activity, "value", needed=True), "data")
        return _string(data, "verb", strict=False), _fields(data)
    return "", {}


def _fields(data: Mapping[str, Any]) -> dict[str, str]:
    """The strings that came with a press. A field that is no plain value is left out, as if it weren't answered."""
    found: dict[str, str] = {}
    for name, value in data.items():
        if name in _OURS or (name == "type" and value == "task/fetch"):
            continue
        if isinstance(value, bool):
            found[name] = "true" if value else "false"
        elif isinstance(value, str | int | float):
            found[name] = str(value)
    return found


def _said(activity: Mapping[str, Any], address: Address) -> str:
    text = _string(activity, "text")
    for entity in _objects(activity, "entities"):
        mentioned = entity.get("mentioned")
        words = entity.get("text")
        named = isinstance(mentioned, Mapping) and mentioned.get("id") == address.bot_id
        if entity.get("type") == "mention" and named and isinstance(words, str) and words:
            text = text.replace(words, " ")
    text = _MENTION.sub(" ", text).replace("\xa0", " ").replace("&nbsp;", " ")
    return text.strip()


def _attached(activity: Mapping[str, Any]) -> bool:
    """Teams sends formatted text as an attachment too; that one is only the text again."""
    return any(
        _string(a, "contentType", strict=False) != "text/html" for a in _objects(activity, "attachments")
    )


def _directory_id(activity: Mapping[str, Any]) -> str:
    sender = _object(activity, "from")
    found = _string(sender, "aadObjectId", strict=False)
    if not found:
        for member in _objects(activity, "membersAdded"):
            if member.get("id") == sender.get("id"):
                found = _string(member, "aadObjectId", strict=False)
    return found.lower() if len(found) <= _ID_LENGTH else ""


def _tenant(activity: Mapping[str, Any], conversation: Mapping[str, Any]) -> str:
    data = activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    found = _string(tenant, "id", strict=False) if isinstance(tenant, dict) else ""
    return (found or _string(conversation, "tenantId", strict=False)).lower()


def _key(activity: Mapping[str, Any], address: Address, activity_id: str) -> str:
    """Hashed, so that a row that holds it tells nothing. An activity without an id is known by all that it says."""
    named = activity_id or json.dumps(activity, sort_keys=True)
    whole = json.dumps([CHANNEL, address.conversation_id, named])
    return hashlib.sha256(whole.encode()).hexdigest()


def _string(of: Mapping[str, Any], key: str, *, strict: bool = True) -> str:
    value = of.get(key)
    if isinstance(value, str):
        return value
    if value is not None and strict:
        raise BadActivity(f"{key} is not text")
    return ""


def _id(of: Mapping[str, Any], key: str, called: str) -> str:
    value = _string(of, key)
    if len(value) > _ID_LENGTH:
        raise BadActivity(f"{called} is too long")
    return value


def _object(of: Mapping[str, Any], key: str, *, needed: bool = False) -> Mapping[str, Any]:
    value = of.get(key)
    if isinstance(value, dict):  # as JSON gives it; the abstract kind costs ten times as much to tell
        return value
    if value is not None or needed:
        raise BadActivity(f"{key} is not an object")
    return {}


def _objects(of: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = of.get(key)
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _NOT_TEXT.sub("", value)
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)
