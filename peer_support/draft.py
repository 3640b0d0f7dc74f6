"""Answers in progress: kept on the server, sealed, for a day or until sent. The chat never holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """`answers` are the form's raw strings by field name. `request_id` is set while a sent request is being changed.

    While somebody has offered, it is that proposal's id, and `answers` are those of its contact page.
    """

    member_id: str
    answers: Mapping[str, str]
    saved_at: datetime
    request_id: str | None = None
