"""`ladder-log`: how often the ladder answered, by week and tier. Nothing else of it is kept anywhere."""

from __future__ import annotations

import sys

from bot import ticks
from bot.backstage import Backstage
from bot.names import NoNames
from bot.settings import Settings
from bot.terminal import desk_of, run, settings_now
from peer_support.commands.ladder_log import heard_by_week

HIDDEN = "under 10"


def ladder_log() -> None:
    """Print week, tier, how often (to the nearest 5; not under 10) and the lexicon, for weeks that are over."""
    run(_print(settings_now()))


async def _print(settings: Settings) -> int:
    backstage = Backstage(settings, NoNames())
    try:
        desk = await desk_of(backstage)
        for week, tier, count, versions in await heard_by_week(desk, ticks.now()):
            shown = HIDDEN if count is None else str(count)
            sys.stdout.write("\t".join([week, tier, shown, ",".join(versions)]) + "\n")
        return 0
    finally:
        await backstage.close()
