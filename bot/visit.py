"""One activity's turn through the SDK's ActivityHandler: ask for the reply, put it on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ActivityTypes

from bot import codec
from bot.incoming import Incoming, Kind
from bot.post import Post
from dialogs.turn import Message, Page, Reply

log = structlog.get_logger()

Handle = Callable[[Incoming], Awaitable[Reply]]
Busy = Callable[[Incoming], Message]
PATIENCE = 12.0
DIALOGS = frozenset({Kind.DIALOG_OPEN, Kind.DIALOG_SUBMIT})
CHAT = frozenset({Kind.MESSAGE, Kind.SUBMIT})


class Visit(ActivityHandler):  # type: ignore[misc]  # the SDK has no types
    """Made for one activity. A handler that fails or hangs is answered for, kindly."""

    def __init__(self, incoming: Incoming, handle: Handle, busy: Busy, post: Post) -> None:
        self._incoming, self._handle, self._busy, self._post = incoming, handle, busy, post

    async def on_message_activity(self, turn_context: TurnContext) -> None:  # noqa: ARG002 - the SDK's signature
        """Typed words, or a button's Action.Submit."""
        reply = await self._reply()
        await self._say(reply if isinstance(reply, Reply) else Reply(messages=(reply,)))

    async def on_installation_update(self, turn_context: TurnContext) -> None:  # noqa: ARG002 - the SDK's signature
        """Installed, or removed. Where the handler failed nothing is said: nobody asked anything."""
        reply = await self._reply()
        if isinstance(reply, Reply) and self._incoming.kind is not Kind.LEFT:
            await self._say(reply)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """The other way in which an installation is told."""
        await self.on_installation_update(turn_context)

    async def on_invoke_activity(self, turn_context: TurnContext) -> None:
        """A press. Its answer goes by the adapter, because the turn context would copy the whole card."""
        reply = await self._reply()
        body = (
            invoke_body(self._incoming, reply)
            if isinstance(reply, Reply)
            else busy_body(self._incoming, reply)
        )
        if isinstance(reply, Reply):
            await self._say(reply)
        response = InvokeResponse(status=int(HTTPStatus.OK), body=body)
        answer = Activity(type=ActivityTypes.invoke_response, value=response)
        await turn_context.adapter.send_activities(turn_context, [answer])

    async def _reply(self) -> Reply | Message:
        """The handler's reply, or the kind words where it has none."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._handle(self._incoming)
        except Exception as fault:  # noqa: BLE001 - whatever it was, the person is answered
            log.error(
                "turn_failed",
                error=type(fault).__name__,
                cause=getattr(fault, "cause", ""),
                kind=self._incoming.kind,
                at=_where(fault),
            )
            return self._busy(self._incoming)

    async def _say(self, reply: Reply) -> None:
        address = self._incoming.actor.address
        if reply.instead is not None and self._incoming.kind is not Kind.PRESS:
            await self._post.replace(address, self._incoming.pressed, reply.instead)
        await self._post.deliver(address, reply.messages)


def invoke_body(incoming: Incoming, reply: Reply) -> codec.Body:
    """The answer in the press's own HTTP response."""
    if incoming.kind is Kind.PRESS:
        return codec.pressed_told() if reply.instead is None else codec.pressed_card(reply.instead.card)
    if reply.page is not None:
        return codec.dialog_page(reply.page)
    said = [message for message in (reply.instead, *reply.messages) if message is not None]
    if incoming.kind is Kind.DIALOG_OPEN and said:
        return codec.dialog_told(said[0].text)
    return {}


def busy_body(incoming: Incoming, message: Message) -> codec.Body:
    """The kind answer to a press that couldn't be worked: the pressed card stays, so that nothing typed is lost."""
    if incoming.kind in DIALOGS:
        return codec.dialog_page(Page(codec.TITLE, message.card))
    return codec.pressed_told(message.text)


def _where(fault: BaseException) -> str:
    """The innermost line, by file and number: enough to find the fault, and never what a person wrote."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
