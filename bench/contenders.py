"""Who is compared, and what each of them does for one turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bench import throwaway
from bench.identity import APP_ID, APP_PASSWORD, APP_TENANT, KEYS, LOOKUP_KEY
from bench.processes import ROOT, python

FLOOR, HELD, OURS = "floor", "floor, card held", "this bot"
STOCK, AGENTS = "botbuilder", "microsoft-agents"
BENEATH = "the same statements"
SCRATCH, PRESSES = "BENCH_SCRATCH", "BENCH_PRESSES"  # told to the floor of turns that store something


@dataclass(frozen=True, slots=True)
class Contender:
    """One of them. Without a `command` it can't be run here, and `missing` says why."""

    name: str
    does: str
    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the channel is, and the files that contenders are told of it by."""

    service_url: str
    authority: str
    certificate: str
    bearer: str
    config: Path
    forces: Path

    def settings(self, database: str) -> dict[str, str]:
        """The bot's own settings, as anybody would set them."""
        given = {
            "APP_ID": APP_ID,
            "APP_PASSWORD": APP_PASSWORD,
            "APP_TENANT_ID": APP_TENANT,
            "OPENID_METADATA_URL": f"{self.service_url}openid",
            "TOKEN_URL": f"{self.service_url}token",
            "DATABASE_URL": database,
            "FORCES_FILE": str(self.forces),
            "KEYS": KEYS,
            "LOOKUP_KEY": LOOKUP_KEY,
        }
        return {f"PEER_SUPPORT_{name}": value for name, value in given.items()}


async def contenders(place: Place, database: str, *, others: bool) -> list[Contender]:
    """The floors and this bot, and the two SDKs. The successor's environment is made here, once."""
    told = {"BENCH_CONFIG": str(place.config)}
    sdk = told | {"REQUESTS_CA_BUNDLE": place.certificate}
    theirs = "the same card, made at start"
    own = [
        Contender(
            FLOOR,
            "bare aiohttp handler: token checked, card built afresh each time",
            python("bench.floor"),
            told,
        ),
        Contender(
            HELD,
            "the same handler with the card made at start",
            python("bench.floor", "--held"),
            told,
        ),
        Contender(
            OURS,
            "the whole bot, as served: token checked, every word read, card made at start",
            python("bench.ours"),
            place.settings(database),
        ),
    ]
    if not others:
        return own
    return [
        *own,
        Contender(
            f"{STOCK} {version('botbuilder-core')}",
            f"the CloudAdapter as shipped, an echo: {theirs}",
            python("bench.stock"),
            sdk,
        ),
        await _agents(sdk, theirs),
    ]


async def _agents(sdk: Mapping[str, str], theirs: str) -> Contender:
    name, does = (
        f"{AGENTS} {throwaway.PACKAGES[0].partition('==')[2]}",
        f"its CloudAdapter, an echo: {theirs}",
    )
    try:
        found = await throwaway.agents(ROOT)
    except throwaway.NotInstalled as why:
        return Contender(name, does, missing=str(why))
    return Contender(name, does, (str(found), "bench/agents_echo.py"), sdk)
