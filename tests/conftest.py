"""What all tests share: how properties are tried. How long a draw takes says something of the machine alone."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("house", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
