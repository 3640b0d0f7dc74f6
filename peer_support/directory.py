"""Ids of tenants and people as the directory writes them."""

from __future__ import annotations

import uuid


def is_directory_id(text: str) -> bool:
    """Whether a text is such an id: a GUID of 36 characters, without braces."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
