"""The single parts of the bench: what each holds the bot against, and when it says that a promise is missed."""

from __future__ import annotations

import tomllib
from importlib import import_module

from packaging.requirements import Requirement

from bench.endurance import GROWTH, Series
from bench.libraries import MODULES
from bench.processes import ROOT


def test_the_libraries_are_those_that_are_declared_and_no_more():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert {Requirement(each).name for each in declared} == set(MODULES)
    for module in MODULES.values():
        import_module(module)


def test_memory_that_grows_with_every_turn_is_told_from_memory_that_settles():
    turns = [1000 * look for look in range(1, 51)]
    warm = [90_000 + 2_000 * min(look, 8) for look in range(50)]
    settled = Series(turns, warm)
    assert settled.growth <= GROWTH
    assert abs(settled.slope) < 1
    leaking = Series(turns, [each + 150 * look for look, each in enumerate(warm)])
    assert leaking.growth > GROWTH
    assert 140 < leaking.slope < 160
