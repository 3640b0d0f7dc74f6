"""The SDK's successor, microsoft-agents, with the same echo, in an environment of its own: so it imports no room.

One thing in it is set otherwise than shipped: where the channel's keys are, which it holds as a constant.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web
from microsoft_agents.activity import Attachment, InvokeResponse
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
from microsoft_agents.hosting.core import ActivityHandler, AgentAuthConfiguration, MessageFactory, TurnContext
from microsoft_agents.hosting.core.authorization import _entra_issuers

CARD = "application/vnd.microsoft.card.adaptive"
ISSUER = "https://api.botframework.com"


class Echo(ActivityHandler):  # type: ignore[misc]  # it isn't installed where types are checked
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


async def main(given: dict[str, Any]) -> None:
    """With real authentication both ways, against the bench's own services."""
    _entra_issuers.BOTFRAMEWORK_JWKS_URIS[ISSUER] = given["keys_url"]
    identity = AgentAuthConfiguration(
        client_id=given["app_id"],
        tenant_id=given["app_tenant"],
        client_secret=given["app_password"],
        authority=given["authority"],
    )
    connections = MsalConnectionManager(connections_configurations={"SERVICE_CONNECTION": identity})
    adapter, echo = CloudAdapter(connection_manager=connections), Echo(given["card"], given["summary"])

    async def messages(request: web.Request) -> web.Response:
        answer: web.Response = await adapter.process(request, echo)
        return answer

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = identity
    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(json.dumps({"port": runner.addresses[0][1]}) + "\n")
    sys.stdout.flush()
    told = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    await told.read()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(os.environ["BENCH_CONFIG"]).read_text("utf-8"))))
