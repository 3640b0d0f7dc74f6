"""Whether the store can serve: what `/readyz` and `check` tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Health:
    """`why` is a sentence for the operator where something is wrong. It holds nothing of any row."""

    reachable: bool = False
    migrated: bool = False
    keys_fit: bool = False
    why: str = ""

    @property
    def ready(self) -> bool:
        """Whether turns can be worked."""
        return self.reachable and self.migrated and self.keys_fit
