"""botbuilder's own CloudAdapter, as shipped, with an echo: it answers everything with the same card, made at start."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, MessageFactory, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Attachment

from bench.identity import APP_ID, APP_PASSWORD, APP_TENANT
from bench.serving import config, serve
from bot.validator import ISSUER

CARD = "application/vnd.microsoft.card.adaptive"


class Echo(ActivityHandler):  # type: ignore[misc]  # the SDK has no types
    """One card, whatever is said."""

    def __init__(self, card: dict[str, Any], summary: str) -> None:
        self._card, self._summary = card, summary

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """The card as a message."""
        message = MessageFactory.attachment(Attachment(content_type=CARD, content=self._card))
        message.summary = self._summary
        await turn_context.send_activity(message)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:  # noqa: ARG002 - the SDK's signature
        """The card in the answer to a press."""
        body = {"statusCode": int(HTTPStatus.OK), "type": CARD, "value": self._card}
        return InvokeResponse(status=int(HTTPStatus.OK), body=body)


async def main() -> None:
    """With real authentication both ways, against the bench's own services."""
    given = config()
    settings = SimpleNamespace(
        APP_ID=APP_ID,
        APP_PASSWORD=APP_PASSWORD,
        APP_TYPE="SingleTenant",
        APP_TENANTID=APP_TENANT,
        VALIDATE_AUTHORITY=True,
        TO_CHANNEL_FROM_BOT_LOGIN_URL=given["authority"],
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE="https://api.botframework.com",
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER=ISSUER,
        OAUTH_URL="https://api.botframework.com",
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=given["metadata_url"],
        TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL=given["metadata_url"],
    )
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(settings))
    echo = Echo(given["card"], given["summary"])

    async def messages(request: web.Request) -> web.Response:
        answer: web.Response = await adapter.process(request, echo)
        return answer

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    await serve(app)


if __name__ == "__main__":
    asyncio.run(main())
