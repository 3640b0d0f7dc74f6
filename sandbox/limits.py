"""How often a bot may call per conversation, as Teams counts it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]
Windows = tuple[tuple[int, float], ...]

SENDS: Windows = ((7, 1), (8, 2), (60, 30), (1800, 3600))
MEMBERS: Windows = ((14, 1), (16, 2), (120, 30), (3600, 3600))


@dataclass(slots=True)
class Limits:
    """Sliding windows of calls, one for each key. A refused call doesn't count."""

    clock: Clock
    _calls: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, key: str, windows: Windows) -> float:
        """Seconds until the next call is allowed; 0 when this one is, and then it is counted."""
        now = self.clock()
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - windows[-1][1]:
            calls.popleft()
        waits = [calls[-most] + span - now for most, span in windows if len(calls) >= most]
        longest = max(waits, default=0.0)
        if longest > 0:
            return longest
        calls.append(now)
        return 0.0
