"""A line to a server, for faults: it carries, carries slowly, says nothing more (a black hole), or is cut."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Line:
    """A TCP proxy of our own on this machine. Reach the server at `port` instead of its own."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.port = 0
        self.slowly = 0.0  # seconds that each piece is on its way
        self._carries = asyncio.Event()
        self._carries.set()
        self._refuses = False
        self._calls: set[asyncio.StreamWriter] = set()

    def fall_silent(self) -> None:
        """From now on it takes calls and says nothing, on old ones and new: a black hole."""
        self._carries.clear()

    def break_off(self) -> None:
        """Every call is cut, and each new one at once: the server is gone."""
        self._refuses = True
        for call in list(self._calls):
            call.transport.abort()

    def mend(self) -> None:
        """It carries again."""
        self._refuses = False
        self.slowly = 0.0
        self._carries.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One call, until either side hangs up."""
        if self._refuses:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:  # the server itself is away
            writer.transport.abort()
            return
        self._calls |= {writer, far_writer}
        ways = asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        try:
            await ways
        except (ConnectionError, asyncio.CancelledError):
            ways.cancel()
        finally:
            self._calls -= {writer, far_writer}
            for end in (far_writer, writer):
                with contextlib.suppress(ConnectionError, RuntimeError):
                    end.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            await self._carries.wait()
            if self.slowly:
                await asyncio.sleep(self.slowly)
            sink.write(data)
            await sink.drain()
        sink.close()


@asynccontextmanager
async def a_line(to: int) -> AsyncIterator[Line]:
    """A line to a port of this machine, gone in the end."""
    line = Line(to)
    serving = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.port = serving.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        line.mend()
        serving.close()
