from __future__ import annotations

from tests.fakes.databases import postgresql

__all__ = ["postgresql"]
