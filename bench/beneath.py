"""The floor of a turn that stores something: its very statements, and nothing of what the bot does between them.

First the bot itself works every press on a copy of the data, while each statement that it gives to SQLAlchemy Core is
noted with its parameters, and the view that its card is made of. Then, on another copy, a press is answered so: the
token checked by the bot's own validator, the noted statements given in one transaction and their rows read, the card
built afresh, and the same bytes sent. No dialog, no rule, no choice among supporters; nothing is opened or sealed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from pydantic import SecretStr
from sqlalchemy import Engine, Executable, event

from bench.contenders import PRESSES, SCRATCH
from bench.counting import Counter
from bench.identity import MOMENT
from bench.serving import listening, until_told
from bot import codec
from bot.conversation import turn_of
from bot.identity import new_session
from bot.incoming import address_of, parse
from bot.logs import set_up
from bot.memory import settle
from bot.service import make_service
from bot.settings import Settings, read
from bot.tokens import ClientCredentials
from bot.validator import Keys, Unauthorised, Validator
from cards.limits import LIMITS_VERSION
from cards.offer import offer_card
from cards.reader import Reader
from cards.request import request_card
from cards.verbs import Verb
from dialogs.requester.status import open_lines
from dialogs.talk import Talk, message_of, reader_for
from peer_support.commands.answer_offer import AcceptOffer, accept_offer
from peer_support.commands.send_request import SendRequest, send_request
from peer_support.limits import version_for
from peer_support.people import Address
from peer_support.ports import Desk
from peer_support.views import OfferView, RequestView
from storage.engine import Patience, make_engine, read_address


@dataclass(frozen=True, slots=True)
class Noted:
    """What one press came to: the statements with their parameters, and what its card is made of."""

    asked: Sequence[tuple[Executable, Any]]
    view: RequestView | OfferView
    reader: Reader
    lines: tuple[str, ...]
    address: Address


async def note(settings: Settings, presses: Sequence[str]) -> Mapping[str, Noted]:
    """Work every press by the bot's own commands, on a copy that is then thrown away."""
    async with make_service(settings, lambda: MOMENT) as service:
        if not await service.backstage.open():
            sys.exit(service.backstage.why)
        desk = service.backstage.desk()
        if desk is None:
            sys.exit(service.backstage.why)
        async with desk.open_work():  # that the keys fit is looked at once, before anything is noted
            pass
        return {press: await _worked(press, desk) for press in presses}


async def _worked(press: str, desk: Desk) -> Noted:
    activity = json.loads(press)
    turn = turn_of(parse(activity, address_of(activity)), MOMENT)
    actor = turn.actor
    talk = Talk(turn, desk, reader_for(desk, actor.tenant_id, actor.locale, dialog=turn.in_dialog))
    asked: list[tuple[Executable, Any]] = []

    def noted(_conn: object, statement: Executable, many: Any, one: Any, _options: object) -> None:
        asked.append((statement, many or one))

    event.listen(Engine, "before_execute", noted)
    try:
        if turn.verb == Verb.FORM_SEND:
            version = version_for(LIMITS_VERSION, desk.forces.of_tenant(actor.tenant_id))
            sent = await send_request(SendRequest(talk.by, version), desk)
            return Noted(asked, sent.view, talk.chat_reader, open_lines(talk), actor.address)
        answered = await accept_offer(AcceptOffer(talk.by, talk.subject), desk)
        return Noted(asked, answered.view, talk.reader, (), actor.address)
    finally:
        event.remove(Engine, "before_execute", noted)


class Floor:
    """One handler over one engine. SQLite has one writer, here as in the bot."""

    def __init__(
        self,
        database: str,
        noted: Mapping[str, Noted],
        validator: Validator,
        session: ClientSession,
        token: str,
    ) -> None:
        url = read_address(database)
        self.engine = make_engine(url, Patience())
        self._writer = asyncio.Lock() if url.get_backend_name() == "sqlite" else None
        self._noted, self._validator, self._session = noted, validator, session
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def messages(self, request: web.Request) -> web.Response:
        """One press."""
        try:
            proof = await self._validator.verify(request.headers.get("Authorization"))
            body = await request.read()
            activity: dict[str, Any] = json.loads(body)
            proof.bind(activity)
        except Unauthorised:
            return web.Response(status=401)
        noted = self._noted[body.decode()]
        async with self._alone(), self.engine.begin() as conn:
            for statement, given in noted.asked:
                result = await conn.execute(statement, given)
                if result.returns_rows:
                    result.all()
        if isinstance(noted.view, OfferView):
            return _answer(codec.pressed_card(offer_card(noted.view, noted.reader, MOMENT)))
        await self._send(noted, noted.view)
        return _answer({})

    async def _send(self, noted: Noted, view: RequestView) -> None:
        card = request_card(
            view, noted.reader, MOMENT, sent=True, contacts_open=noted.lines, dialog_forms=True
        )
        body = codec.message_body(noted.address, message_of(card, noted.reader))
        url = f"{noted.address.service_url}v3/conversations/{noted.address.conversation_id}/activities"
        async with self._session.post(url, data=codec.to_bytes(body), headers=self._headers) as sent:
            await sent.read()

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        if self._writer is None:
            yield
            return
        async with self._writer:
            yield


def _answer(body: codec.Body) -> web.Response:
    return web.Response(body=codec.to_bytes(body), content_type="application/json", charset="utf-8")


async def main() -> None:
    """Note, then serve, until the bench hangs up."""
    settings, problems = read()
    if problems:
        sys.exit("\n".join(problem.sentence for problem in problems))
    set_up(level=settings.log_level)
    presses = json.loads(await asyncio.to_thread(Path(os.environ[PRESSES]).read_text, "utf-8"))
    noted = await note(settings.model_copy(update={"database_url": SecretStr(os.environ[SCRATCH])}), presses)
    password = settings.app_password.get_secret_value()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(new_session())
        tokens = ClientCredentials(
            session, url=settings.sign_in_url, app_id=settings.app_id, password=password
        )
        validator = Validator(Keys(session, settings.openid_metadata_url), settings.app_id)
        database = settings.database_url.get_secret_value()
        floor = Floor(database, noted, validator, session, await tokens.current())
        stack.push_async_callback(floor.engine.dispose)
        app = web.Application()
        app.router.add_post("/api/messages", floor.messages)
        settle()
        port = await stack.enter_async_context(listening(app))
        counting = await stack.enter_async_context(listening(Counter().app()))
        await until_told({"port": port, "counting": counting})


if __name__ == "__main__":
    asyncio.run(main())
