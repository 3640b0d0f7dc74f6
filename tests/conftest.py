"""What all tests share: how properties are tried, and that no test leaves its log to the next."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

# How long a draw takes says something of the machine alone.
settings.register_profile("house", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """Nine thousand collected tests stay until the end: looking through them for garbage was an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Put the log back as it was: a command sets it up anew, onto a stream that is closed when its test ends."""
    root = logging.getLogger()
    configured, before = structlog.is_configured(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    yield
    if configured:
        structlog.configure(**before)
    else:
        structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
