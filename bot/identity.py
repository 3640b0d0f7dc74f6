"""Who the bot is and whom it trusts, put together in one place, so that no half of it can be forgotten."""

from __future__ import annotations

import aiohttp

from bot.authentication import Authentication
from bot.connector import Connector, Outbound
from bot.local import host_of, is_loopback
from bot.settings import Settings, cannot_start
from bot.tokens import ClientCredentials, NoTokens
from bot.validator import Keys, ThisMachine, Validator


class IdentityMissing(Exception):
    """The bot may not start. The one sentence says what is missing."""


def new_session() -> aiohttp.ClientSession:
    """The one session that everything outbound shares.

    Its sockets aren't counted: the lane and the outbox bound what is ordinary, and help now must never wait for them.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300), cookie_jar=aiohttp.DummyCookieJar()
    )


def identity(settings: Settings, session: aiohttp.ClientSession) -> tuple[Connector, Authentication]:
    """The connector and the check of who comes in, both by token or both local. IdentityMissing otherwise."""
    if why := cannot_start(settings):
        raise IdentityMissing(why)
    if settings.local:
        connector = Connector(session, NoTokens(), outbound=Outbound(loopback_only=True))
        return connector, Authentication(ThisMachine(), connector)
    tokens = ClientCredentials(
        session,
        url=settings.sign_in_url,
        app_id=settings.app_id,
        password=settings.app_password.get_secret_value().strip(),
    )
    stand_in = is_loopback(host_of(settings.openid_metadata_url))
    connector = Connector(session, tokens, outbound=Outbound(loopback_http=stand_in))
    return connector, Authentication(
        Validator(Keys(session, settings.openid_metadata_url), settings.app_id), connector
    )
