"""A stand-in for the key server and the token service: makes tokens, good and bad, and counts who asks."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Self

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa

APP_ID = "9d0c3a52-0000-4000-8000-00000000b0b0"
ISSUER = "https://api.botframework.com"


class FakeOpenId:
    """`async with FakeOpenId() as openid`. `metadata_url` and `token_url` are for the settings."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[rsa.RSAPrivateKey, list[str]]] = {}
        self.newest = ""
        self.key_fetches = 0
        self.token_fetches = 0
        self.forms: list[dict[str, str]] = []
        self.unwell = False
        self.token_lasts: Any = 3600
        self.token_answer: Any = None
        self.keys_answer: Any = None
        self.keys_url: str | None = None
        self.asked = asyncio.Event()  # for its keys, by anybody
        self._server = TestServer(self._app(), host="127.0.0.1")
        self.rotate()

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def metadata_url(self) -> str:
        return str(self._server.make_url("/openid"))

    @property
    def token_url(self) -> str:
        return str(self._server.make_url("/token"))

    def rotate(self, *, keep: bool = False, endorsements: list[str] | None = None) -> str:
        """A new key signs from now on; the old ones are listed no longer unless kept."""
        if not keep:
            self.keys.clear()
        self.newest = f"key-{time.monotonic_ns()}"
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.keys[self.newest] = (private, ["msteams"] if endorsements is None else endorsements)
        return self.newest

    def token(self, service_url: str, *, headers: dict[str, Any] | None = None, **claims: Any) -> str:
        """A good token, but for what is given. A claim of None is left out."""
        now = int(time.time())
        made = {
            "iss": ISSUER,
            "aud": APP_ID,
            "serviceurl": service_url,
            "nbf": now - 10,
            "exp": now + 3600,
        } | claims
        kept = {name: value for name, value in made.items() if value is not None}
        return jwt.encode(kept, self.keys[self.newest][0], "RS256", {"kid": self.newest} | (headers or {}))

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/openid", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/token", self._token)
        return app

    async def _metadata(self, _request: web.Request) -> web.Response:
        if self.unwell:
            return web.Response(status=503)
        return web.json_response(
            {"issuer": ISSUER, "jwks_uri": self.keys_url or str(self._server.make_url("/keys"))}
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        self.key_fetches += 1
        self.asked.set()
        if self.keys_answer is not None:
            return web.json_response(self.keys_answer)
        listed = []
        for key_id, (private, endorsements) in self.keys.items():
            public = jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
            listed.append({**public, "kid": key_id, "use": "sig", "endorsements": endorsements})
        return web.json_response({"keys": listed})

    async def _token(self, request: web.Request) -> web.Response:
        self.token_fetches += 1
        self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        if self.unwell:
            return web.Response(status=503)
        if self.token_answer is not None:
            return web.json_response(self.token_answer)
        answer = {
            "token_type": "Bearer",
            "expires_in": self.token_lasts,
            "access_token": f"t{self.token_fetches}",
        }
        return web.json_response(answer)
