"""What the channel answers when it doesn't take a message, by what can be done about it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

DEFAULT_WAIT = 1.0
LONGEST_WAIT = 3600.0

_BLOCKED = frozenset({"ConversationBlockedByUser", "BotNotInConversationRoster"})
_STOPPED = frozenset({"BotDisabledByAdmin", "ForbiddenOperationException"})
_CARD_TROUBLE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
# The channel's own list of what is worth another try, beside 429. No other answer is.
_PASSING = frozenset(
    {
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


class ChannelError(Exception):
    """The channel didn't take it. Its words are a status and a code, never content."""


class Throttled(ChannelError):
    """Too many at once: again after `retry_after` seconds, not before."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"429, again in {retry_after:g} s")
        self.retry_after = retry_after


class Held(Throttled):
    """We ourselves held it back, for something urgent: the channel was never asked."""


class Unreachable(ChannelError):
    """This person can't be reached until they write or install again."""


class Stopped(ChannelError):
    """The bot itself was stopped for this tenant. Trying again helps nobody."""


class Unwell(ChannelError):
    """The channel, or the way to it, is unwell: worth another try later."""


class Failed(Unwell):
    """It broke at this, and by its own rules another try is worth nothing. Help now is tried again all the same."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status


class Refused(ChannelError):
    """The channel will never take this. `card`: plain words might do where the card didn't. `gone`: it is no more."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.card = status in _CARD_TROUBLE
        self.gone = status in _GONE


def error_of(
    status: int, headers: Mapping[str, str], found: Mapping[str, Any], *, gone_is_refused: bool
) -> ChannelError:
    """The error of a status and the code in its body. A message that is gone doesn't mean that its person is."""
    error = found.get("error")
    code = error.get("code") if isinstance(error, Mapping) else None
    code = code[:60] if isinstance(code, str) and code.isalnum() else ""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(retry_after(headers.get("Retry-After")))
    if status == HTTPStatus.FORBIDDEN and code in _STOPPED:
        return Stopped(f"403 {code}")
    if status == HTTPStatus.FORBIDDEN and code in _BLOCKED:
        return Unreachable(f"403 {code}")
    if status == HTTPStatus.NOT_FOUND and (code == "ConversationNotFound" or not gone_is_refused):
        return Unreachable(f"404 {code}")
    if status in _PASSING:
        return Unwell(f"{status} {code}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Failed(status, code)
    return Refused(status, code)


def retry_after(header: str | None) -> float:
    """Seconds from a Retry-After header, which may be a number or a date. One second where it says nothing."""
    try:
        seconds = float(header or "")
    except ValueError:
        try:
            seconds = (
                parsedate_to_datetime(header or "").astimezone(UTC) - datetime.now(UTC)
            ).total_seconds()
        except (ValueError, TypeError):
            return DEFAULT_WAIT
    return DEFAULT_WAIT if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_WAIT)
