"""The floor: what any bot must do for help now, and nothing else.

The token is checked by the bot's own validator with the keys held, the real card is built afresh each time, or with
`--held` once at start, and it goes to the connector over one shared session with a token fetched once.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession, web

from bench.identity import APP_ID, APP_PASSWORD
from bench.serving import config, serve
from bot.identity import new_session
from bot.tokens import ClientCredentials
from bot.validator import Keys, Unauthorised, Validator
from cards.crisis import Variant, crisis_card
from cards.reader import Reader
from peer_support.crisis.contacts import packaged

CARD = "application/vnd.microsoft.card.adaptive"


def make_app(validator: Validator, session: ClientSession, token: str, *, held: bool) -> web.Application:
    """One handler."""
    reader = Reader("en", frozenset({"E"}))
    card_of = _card_of(reader, held=held)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def messages(request: web.Request) -> web.Response:
        try:
            proof = await validator.verify(request.headers.get("Authorization"))
            activity: dict[str, Any] = json.loads(await request.read())
            proof.bind(activity)
        except Unauthorised:
            return web.Response(status=401)
        card = card_of()
        if activity["type"] == "invoke":
            return _json({"statusCode": 200, "type": CARD, "value": card})
        body = {
            "type": "message",
            "from": activity["recipient"],
            "recipient": activity["from"],
            "conversation": activity["conversation"],
            "summary": reader.say("crisis.summary"),
            "attachments": [{"contentType": CARD, "content": card}],
        }
        url = f"{activity['serviceUrl']}v3/conversations/{activity['conversation']['id']}/activities"
        async with session.post(url, data=_bytes(body), headers=headers) as sent:
            await sent.read()
            return web.Response(status=200 if sent.ok else 502)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    return app


def _card_of(reader: Reader, *, held: bool) -> Callable[[], dict[str, Any]]:
    contacts = packaged()
    made = crisis_card(Variant.DANGER, reader, contacts)
    return (lambda: made) if held else (lambda: crisis_card(Variant.DANGER, reader, contacts))


def _bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def _json(body: dict[str, Any]) -> web.Response:
    return web.Response(body=_bytes(body), content_type="application/json", charset="utf-8")


async def main(*, held: bool) -> None:
    """Keys and token are fetched at once, so that no turn waits for them."""
    given = config()
    async with new_session() as session:
        keys = Keys(session, given["metadata_url"])
        tokens = ClientCredentials(session, url=given["token_url"], app_id=APP_ID, password=APP_PASSWORD)
        await serve(make_app(Validator(keys, APP_ID), session, await tokens.current(), held=held))


if __name__ == "__main__":
    asyncio.run(main(held="--held" in sys.argv))
