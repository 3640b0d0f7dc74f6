"""The channel's side, in a process of its own: its keys, the token service that takes 50 ms, and its connector.

The token service also speaks HTTPS, with a certificate made here: MSAL, which both SDKs use, speaks nothing else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import ssl
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bench.identity import APP_ID
from bench.serving import HOST, listening, until_told
from bot.validator import CHANNEL, ISSUER

TOKEN_SECONDS = 0.05
KEY_ID = "bench"


class Channel:
    """Everything that a bot meets outside itself. It takes every message, and keeps count and the last one."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.base = ""
        self.secure_base = ""
        self.sent = 0
        self.tokens = 0
        self.last = b""
        self.latency = 0.0
        self.record: list[tuple[float, str]] = []
        self.came: dict[str, float] = {}

    def app(self) -> web.Application:
        """Keys, token service and connector."""
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_get("/openid", self._metadata)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/token", self._token)
        conversation = "/v3/conversations/{conversation}/activities"
        app.router.add_post(conversation, self._take)
        app.router.add_post(conversation + "/{activity}", self._take)
        app.router.add_put(conversation + "/{activity}", self._take)
        app.router.add_get("/seen", self._seen)
        app.router.add_get("/record", self._recorded)
        app.router.add_get("/count", self._counted)
        app.router.add_post("/came", self._when_it_came)
        app.router.add_post("/latency", self._slow)
        return app

    def secure_app(self) -> web.Application:
        """The token service as MSAL looks for it."""
        app = web.Application()
        app.router.add_get("/adfs/.well-known/openid-configuration", self._authority)
        app.router.add_post("/adfs/oauth2/token", self._token)
        return app

    def bearer(self) -> str:
        """A good token of the channel's, for its own connector, an hour long."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": APP_ID, "serviceurl": self.base, "nbf": now - 10, "exp": now + 3600}
        return jwt.encode(claims, self.key, "RS256", {"kid": KEY_ID})

    async def _metadata(self, _request: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.base}keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return web.json_response(
            {"keys": [{**public, "kid": KEY_ID, "use": "sig", "endorsements": [CHANNEL]}]}
        )

    async def _authority(self, _request: web.Request) -> web.Response:
        adfs = f"{self.secure_base}adfs/oauth2"
        return web.json_response(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{adfs}/authorize",
                "token_endpoint": f"{adfs}/token",
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(TOKEN_SECONDS)
        self.tokens += 1
        return web.json_response(
            {"token_type": "Bearer", "expires_in": 3600, "access_token": f"t{self.tokens}"}
        )

    async def _take(self, request: web.Request) -> web.Response:
        if not request.headers.get("Authorization", "").startswith("Bearer t"):
            return web.json_response({"error": {"code": "Unauthorised"}}, status=401)
        self.last = await request.read()
        self.came[request.match_info["conversation"]] = time.monotonic()
        self.sent += 1
        sent = self.sent
        if self.latency:
            self.record.append((time.monotonic(), request.match_info["conversation"]))
            await asyncio.sleep(self.latency)
        return web.json_response({"id": f"1:{sent}"}, status=201)

    async def _slow(self, request: web.Request) -> web.Response:
        """From now on each message takes so long to be answered, and when it came is written down."""
        self.latency, self.record = float(request.query["seconds"]), []
        return web.Response()

    async def _recorded(self, _request: web.Request) -> web.Response:
        return web.json_response(self.record)

    async def _when_it_came(self, request: web.Request) -> web.Response:
        """When the last message of each of these conversations was here whole; null where none was."""
        return web.json_response([self.came.get(each) for each in await request.json()])

    async def _counted(self, _request: web.Request) -> web.Response:
        """How many are written down: the record itself takes so long to give that others' moments would be late."""
        return web.json_response(len(self.record))

    async def _seen(self, _request: web.Request) -> web.Response:
        last = json.loads(self.last) if self.last else None
        return web.json_response({"sent": self.sent, "tokens": self.tokens, "last": last})


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine's own address, good for a day, and its key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "channel.crt", folder / "channel.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


async def main(folder: Path) -> None:
    """Both addresses, the certificate to trust, and a token to come in with."""
    public, private = certificate(folder)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(public, private)
    channel = Channel()
    async with listening(channel.app()) as port, listening(channel.secure_app(), tls) as secure_port:
        channel.base = f"http://{HOST}:{port}/"
        channel.secure_base = f"https://{HOST}:{secure_port}/"
        await until_told(
            {
                "service_url": channel.base,
                "authority": f"{channel.secure_base}adfs",
                "certificate": str(public),
                "bearer": channel.bearer(),
            }
        )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
