"""The whole of it, as `make faults` runs it: each fault with its database, its replicas and how time passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from peer_support.hours import LONDON
from tests.ordeal import breaking
from tests.ordeal.ordeals import A_WHILE, Breaks, Hours, anew, recovered
from tests.scenarios.town import TUESDAY_TEN

PATIENT = {"PEER_SUPPORT_DATABASE_PATIENCE": "3"}  # as it is set unless somebody sets it otherwise
HOUR_BY_HOUR: Hours = (0.9, 1.0)
DAY_BY_DAY: Hours = (9, 30)
FRIDAY_BEFORE_WINTER = datetime(2026, 10, 23, 15, 0, tzinfo=LONDON)
FRIDAY_BEFORE_SUMMER = datetime(2027, 3, 26, 15, 0, tzinfo=LONDON)


@dataclass(frozen=True, slots=True)
class Ordeal:
    """`share` is how many of the asked-for journeys it has. `waves` ends it before that, where time is what counts."""

    name: str
    breaks: Breaks = breaking.nothing
    sqlite: bool = False
    by_line: bool = False
    replicas: int = 2
    share: float = 0.2
    waves: int = 2000
    hours: Hours = A_WHILE
    then: Breaks = recovered
    begins: datetime = TUESDAY_TEN
    apart: float = 0.0
    by_history: bool = True
    steady: bool = False
    own_disk: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


PLAN = (
    Ordeal("Nothing breaks"),
    Ordeal("A replica is killed with -9, again and again", breaking.killed, share=1, then=anew),
    Ordeal("PostgreSQL crashes and is started again", breaking.restarted, settings=PATIENT),
    Ordeal(
        "PostgreSQL says nothing (black hole), for seconds, again and again",
        breaking.at_times(breaking.black_holed),
        by_line=True,
        settings=PATIENT,
    ),
    Ordeal("PostgreSQL is slow", breaking.slow, by_line=True, settings=PATIENT),
    Ordeal("PostgreSQL has no connection left", breaking.without_connections, settings=PATIENT),
    Ordeal("The channel throttles (429), every third call", breaking.throttled),
    Ordeal("The channel is unwell (502, 503, 504), every third call", breaking.unwell),
    Ordeal("The channel hangs up, every third call", breaking.reset),
    Ordeal("The channel answers late, every third call", breaking.slow_answers),
    Ordeal("The channel's answer is lost after it took the message, every tenth", breaking.lost_answers),
    Ordeal("All of the channel's at once, and replicas are killed", breaking.storm, then=anew),
    Ordeal("Two replicas tick, a day or so at a time", hours=DAY_BY_DAY),
    Ordeal("Three replicas tick, a day or so at a time", hours=DAY_BY_DAY, replicas=3),
    Ordeal("The clock is set forward and back by hours", breaking.clock_jumps, by_history=False),
    Ordeal("Two replicas' clocks are two hours apart", apart=7200, by_history=False),
    Ordeal(
        "The clocks go back, hour by hour",
        begins=FRIDAY_BEFORE_WINTER,
        hours=HOUR_BY_HOUR,
        waves=96,
        steady=True,
    ),
    Ordeal(
        "The clocks go forward, hour by hour",
        begins=FRIDAY_BEFORE_SUMMER,
        hours=HOUR_BY_HOUR,
        waves=96,
        steady=True,
    ),
    Ordeal(
        "SQLite is locked by another, for seconds, again and again",
        breaking.at_times(breaking.locked),
        sqlite=True,
        replicas=1,
        settings=PATIENT,
    ),
    Ordeal("SQLite's disk is full", breaking.full, sqlite=True, replicas=1, own_disk=True),
)
