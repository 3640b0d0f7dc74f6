"""Who may come in and how the SDK reaches out: its authentication and connector seams, filled with our own parts.

Both are replaced together: with the SDK's validator and our connector, the bot's own outbound token could be
replayed inbound to act as anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botbuilder.schema import Activity, ResourceResponse
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)

from bot import codec
from bot.connector import Connector, path_of
from bot.validator import Proof, Trust


class Conversations:
    """What the SDK's pipeline sends through, should a part of it send. The same session, codec and errors."""

    def __init__(self, connector: Connector, service_url: str) -> None:
        self._connector, self._service_url = connector, service_url

    async def send_to_conversation(self, conversation_id: str, activity: Activity) -> ResourceResponse:
        """A new message."""
        return await self._call("POST", path_of(conversation_id), activity)

    async def reply_to_activity(
        self, conversation_id: str, activity_id: str, activity: Activity
    ) -> ResourceResponse:
        """A message in answer to another."""
        return await self._call("POST", path_of(conversation_id, activity_id), activity)

    async def update_activity(
        self, conversation_id: str, activity_id: str, activity: Activity
    ) -> ResourceResponse:
        """A message in place of an earlier one."""
        return await self._call("PUT", path_of(conversation_id, activity_id), activity)

    async def delete_activity(self, conversation_id: str, activity_id: str) -> None:
        """Take a message away."""
        await self._connector.call("DELETE", self._service_url, path_of(conversation_id, activity_id))

    async def _call(self, method: str, path: str, activity: Activity) -> ResourceResponse:
        answer = await self._connector.call(method, self._service_url, path, codec.encode(activity))
        return ResourceResponse(id=answer.get("id"))


class TurnConnector:
    """What the SDK takes for its connector client: only conversations."""

    def __init__(self, connector: Connector, service_url: str) -> None:
        self.conversations = Conversations(connector, service_url)


class OneSession(ConnectorFactory):  # type: ignore[misc]  # the SDK has no types
    """Connectors over the one shared session, however many turns there are."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def create(self, service_url: str, audience: str) -> TurnConnector:  # noqa: ARG002 - the SDK's signature
        """A connector for this service URL. It holds nothing of its own."""
        return TurnConnector(self._connector, service_url)


class Authentication(BotFrameworkAuthentication):  # type: ignore[misc]  # the SDK has no types
    """The strict check on the SDK's seam. Streaming, skills and user tokens are off."""

    def __init__(self, trust: Trust, connector: Connector) -> None:
        self._trust = trust
        self._factory = OneSession(connector)
        self.local = trust.local

    def prepare(self) -> None:
        """Begin to get what a check will need, so that the first message needs no key server."""
        self._trust.prepare()

    async def verify(self, header: str | None) -> Proof:
        """The proof in an `Authorization` header, before a byte of the body is read. Unauthorised otherwise."""
        return await self._trust.verify(header)

    def admitted(self, activity: Mapping[str, Any]) -> AuthenticateRequestResult:
        """The SDK's record of an activity whose proof was bound to it."""
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity({"serviceurl": activity.get("serviceUrl")}, True)  # noqa: FBT003
        result.connector_factory = self._factory
        return result

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        """For a caller who goes by the SDK's own way: the same check, and PermissionError as the SDK expects."""
        plain = {"channelId": activity.channel_id, "serviceUrl": activity.service_url}
        (await self.verify(auth_header)).bind(plain)
        return self.admitted(plain)

    async def authenticate_streaming_request(
        self,
        auth_header: str,  # noqa: ARG002 - the SDK's signature
        channel_id_header: str,  # noqa: ARG002 - the SDK's signature
    ) -> AuthenticateRequestResult:
        """Refused: there is no streaming here."""
        raise PermissionError

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:  # noqa: ARG002 - the SDK's
        """The one factory."""
        return self._factory

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:  # noqa: ARG002 - the SDK's
        """None: the bot signs nobody in."""
        return
