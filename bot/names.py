"""People's names from the channel, asked for when one may be shown, and never kept."""

from __future__ import annotations

import structlog

from bot.connector import ChannelError, Connector
from peer_support.people import Address
from peer_support.ports import PersonName

log = structlog.get_logger()


class ChannelNames:
    """`peer_support.ports.Names` over the channel's member look-up."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def of(self, address: Address) -> PersonName | None:
        """The name as the channel knows it now; None where it can't be had."""
        try:
            found = await self._connector.member_name(address)
        except ChannelError as fault:
            log.warning("name_not_found", error=type(fault).__name__)
            return None
        return PersonName(full=found.name, given=found.given_name, email=found.email)


class NoNames:
    """For commands that write to nobody."""

    async def of(self, address: Address) -> PersonName | None:  # noqa: ARG002 - nobody is asked
        """None."""
        return None
