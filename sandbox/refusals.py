"""How the connector says no: the status codes and error codes of Teams."""

from __future__ import annotations

import json
import math

from aiohttp import web


class Refused(Exception):
    """A call that Teams wouldn't take."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after

    def response(self) -> web.Response:
        """As the connector answers it."""
        body = {"error": {"code": self.code, "message": self.message}}
        headers = (
            {} if self.retry_after is None else {"Retry-After": str(max(1, math.ceil(self.retry_after)))}
        )
        return web.json_response(body, status=self.status, headers=headers)


def bad(message: str) -> Refused:
    """The call itself is malformed."""
    return Refused(400, "BadSyntax", message)


def no_conversation() -> Refused:
    """There is no such chat, or it is somebody else's."""
    return Refused(404, "ConversationNotFound", "Conversation not found.")


def no_activity() -> Refused:
    """There is no such message in this chat."""
    return Refused(404, "ActivityNotFoundInConversation", "No such activity in this conversation.")


def not_own() -> Refused:
    """A bot edits and deletes its own messages alone."""
    return Refused(403, "NotEnoughPermissions", "The bot can change its own messages alone.")


def not_installed() -> Refused:
    """The app isn't in this person's Teams."""
    return Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")


def blocked() -> Refused:
    """The person has blocked the bot."""
    return Refused(403, "ConversationBlockedByUser", "User blocked the conversation with the bot.")


def too_big(size: int, most: int) -> Refused:
    """The message is over what Teams takes."""
    return Refused(413, "MessageSizeTooBig", f"Message size {size} is over {most} bytes.")


def throttled(seconds: float) -> Refused:
    """Too many calls."""
    return Refused(429, "Throttled", "Too many requests.", retry_after=seconds)


def faulty(status: int) -> Refused:
    """Teams itself is unwell."""
    code = "PreconditionFailed" if status == 412 else "ServiceError"  # noqa: PLR2004
    return Refused(status, code, "The service couldn't handle the request.")


async def read_object(request: web.Request) -> dict[str, object]:
    """The request's JSON object. Raises Refused for anything else."""
    try:
        body = json.loads(await request.read())
    except web.HTTPRequestEntityTooLarge as fault:
        raise Refused(413, "MessageSizeTooBig", "The request is too big.") from fault
    except ValueError as fault:
        raise bad("The body isn't JSON.") from fault
    if not isinstance(body, dict):
        raise bad("The body isn't a JSON object.")
    return body
