"""A long answer of the database a few rows at a time, so that reading it never holds up everybody else's turns."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping, Select

from peer_support.lots import LOT, in_lots
from storage.unit import Unit

AT_A_TIME = 256


async def rows_in_lots(
    unit: Unit, statement: Select[Any], **given: Any
) -> AsyncGenerator[Sequence[RowMapping], None]:
    """Every row. A short answer comes whole, by one plain statement; a long one is drawn as it is read."""
    few = await unit.all(_few(statement, AT_A_TIME), **given)
    if len(few) < AT_A_TIME:
        async for some in in_lots(few):
            yield some
        return
    answer = await unit.conn.stream(statement, given, execution_options={"yield_per": LOT})
    try:
        async for some in answer.mappings().partitions():
            yield some
    finally:
        await answer.close()


@lru_cache(maxsize=8)  # made once for each statement, which are few and made once themselves
def _few(statement: Select[Any], count: int) -> Select[Any]:
    return statement.limit(count)
