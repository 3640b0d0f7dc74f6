"""Times as an operator types them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from peer_support.hours import LONDON


def read_time(text: str, now: datetime) -> datetime:
    """A time as typed (London's, unless it says otherwise), or so long from now. ValueError where it is neither."""
    text = text.strip()
    if not text:
        return now
    if text.startswith("+") and text[-1:] in {"m", "h", "d"}:
        unit = {"m": "minutes", "h": "hours", "d": "days"}[text[-1]]
        return now + timedelta(**{unit: float(text[1:-1])})
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)
