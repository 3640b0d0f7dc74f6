"""What comes to the door and isn't let in, as data: by the status that it gets. Whatever it is, nothing is sent.

Each row makes its own header or changes the activity; `door` is the bot signed in on both sides.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.incoming import BODY_LIMIT
from tests.bot.doorway import Doorway
from tests.fakes.openid import APP_ID, FakeOpenId

HOUR = 3600
ELSEWHERE = "https://smba.trafficmanager.net/uk/"
Made = Callable[[Doorway, FakeOpenId], str]


@dataclass(frozen=True, slots=True)
class Knock:
    """One try. `token` makes the header's token, good where it isn't given; `part` is laid over the activity.

    `body` stands in for the whole activity. `headers` go over those that Teams sends.
    """

    what: str
    status: int
    token: Made | None = None
    part: Mapping[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def claims(**given: Any) -> Made:
    """A token that is good but for these claims; a claim of None is left out."""
    return lambda door, _: _ours(door).token(**({"service_url": door.teams.service_url} | given))


def _ours(door: Doorway) -> FakeOpenId:
    assert door.openid is not None
    return door.openid


def _good_claims(door: Doorway) -> dict[str, Any]:
    token = _ours(door).token(door.teams.service_url)
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def _head(door: Doorway) -> dict[str, str]:
    return {"kid": _ours(door).newest}


def _by_hand(door: Doorway, algorithm: str, sign: Callable[[bytes], bytes]) -> str:
    """What a library would refuse to make."""
    head = json.dumps({"alg": algorithm, **_head(door)}).encode()
    body = _ours(door).token(door.teams.service_url).split(".")[1]
    said = f"{_plain(head)}.{body}"
    return f"{said}.{_plain(sign(said.encode()))}"


def _plain(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def _unsigned(door: Doorway, _: FakeOpenId) -> str:
    return _by_hand(door, "none", lambda _: b"")


def _with_public_key(door: Doorway, _: FakeOpenId) -> str:
    """The public key, which everybody may read, as if it were a shared secret."""
    public = _ours(door).keys[_ours(door).newest][0].public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return _by_hand(door, "HS256", lambda said: hmac.digest(secret, said, "sha256"))


def _with(algorithm: str, *, named: bool = True) -> Made:
    def made(door: Doorway, _: FakeOpenId) -> str:
        key = _ours(door).keys[_ours(door).newest][0]
        return jwt.encode(_good_claims(door), key, algorithm, _head(door) if named else None)

    return made


def _unendorsed(door: Doorway, _: FakeOpenId) -> str:
    """Another of the channel's own keys, which isn't for Teams. The good one stays the newest."""
    return jwt.encode(_good_claims(door), _ours(door).keys[UNENDORSED][0], "RS256", {"kid": UNENDORSED})


UNENDORSED = "key-of-another-channel"
NOW = int(time.time())

TOKENS = (
    Knock("no token", 401, headers={"Authorization": ""}),
    Knock("a scheme and no token", 401, headers={"Authorization": "Bearer"}),
    Knock("a scheme and spaces", 401, headers={"Authorization": "bearer  "}),
    Knock("a header that is no text", 401, headers={"Authorization": "\u00e9"}),
    Knock("another scheme", 401, headers={"Authorization": "Basic YTpi"}),
    Knock("no token at all, only letters", 401, lambda *_: "x"),
    Knock("three parts that say nothing", 401, lambda *_: "a.b.c"),
    Knock("a very long one", 401, lambda *_: "A" * 4000),
    Knock("wrong audience", 401, claims(aud="another-app")),
    Knock("audience as a list", 401, claims(aud=[APP_ID])),
    Knock("audience as a list with others", 401, claims(aud=[APP_ID, "another"])),
    Knock("no audience", 401, claims(aud=None)),
    Knock("empty audience", 401, claims(aud="")),
    Knock("wrong issuer", 401, claims(iss="https://sts.windows.net/x/")),
    Knock("no issuer", 401, claims(iss=None)),
    Knock("expired", 401, claims(exp=NOW - HOUR)),
    Knock("no exp", 401, claims(exp=None)),
    Knock("an exp that is no time", 401, claims(exp="soon")),
    Knock("not yet valid", 401, claims(nbf=NOW + HOUR)),
    Knock("no nbf", 401, claims(nbf=None)),
    Knock("made in an hour", 401, claims(iat=NOW + HOUR)),
    Knock("alg none", 401, _unsigned),
    Knock("HS256 with the public key", 401, _with_public_key),
    Knock("another algorithm of the same key", 401, _with("RS512")),
    Knock("no key id", 401, _with("RS256", named=False)),
    Knock("bad signature", 401, lambda door, _: _ours(door).token(door.teams.service_url)[:-8] + "AAAAAAAA"),
    Knock("unknown key", 401, lambda door, stranger: stranger.token(door.teams.service_url)),
    Knock(
        "a stranger's key under a known id",
        401,
        lambda door, stranger: stranger.token(door.teams.service_url, headers=_head(door)),
    ),
    Knock(
        "a key from an address in the token",
        401,
        lambda door, stranger: stranger.token(door.teams.service_url, headers={"jku": stranger.metadata_url}),
    ),
    Knock("a key id that is a path", 401, claims(headers={"kid": "../../etc"})),
    Knock("unendorsed key", 401, _unendorsed),
    Knock("the bot's own token", 401, claims(iss="https://login.microsoftonline.com/t/v2.0")),
    Knock("the bot's own token, as it was given", 401, lambda *_: "t1"),
    Knock("no service URL in the token", 401, claims(serviceurl=None)),
    Knock("a service URL that is no text", 401, claims(serviceurl=5)),
    Knock("another service URL in the token", 401, claims(serviceurl=ELSEWHERE)),
    Knock("another service URL in the activity", 401, part={"serviceUrl": ELSEWHERE}),
    Knock("no service URL in the activity", 401, part={"serviceUrl": None}),
    Knock("another channel", 401, part={"channelId": "emulator"}),
    Knock("no channel", 401, part={"channelId": None}),
)
BODIES = (
    Knock("an empty body", 400, body=b""),
    Knock("no JSON", 400, body=b"{"),
    Knock("no object", 400, body=b"[]"),
    Knock("nothing", 400, body=b"null"),
    Knock("no text", 400, body=b"\xff\xfe"),
    Knock("too deep", 400, body=b"[" * 100_000),
    Knock("a number that is none", 400, body=b'{"type": NaN}'),
    Knock("too large", 413, body=b"x" * (BODY_LIMIT + 1)),
    Knock("no JSON by its header", 415, headers={"Content-Type": "text/plain"}),
    Knock("packed", 415, headers={"Content-Encoding": "gzip"}),
    Knock("no type", 400, part={"type": None}),
    Knock("no conversation", 400, part={"conversation": None}),
    Knock("nobody", 400, part={"from": None}),
    Knock("a reply to a list", 400, part={"replyToId": []}),
    Knock("an invoke without a name", 400, part={"type": "invoke"}),
    Knock("an invoke that isn't ours", 400, part={"type": "invoke", "name": "composeExtension/query"}),
    Knock("a press of nothing", 400, part={"type": "invoke", "name": "adaptiveCard/action", "value": {}}),
)
