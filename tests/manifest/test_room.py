"""The room itself: the standard library alone, and packaged with what it reads."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from tests.test_rooms import ROOT, imported


@pytest.mark.parametrize("path", sorted((ROOT / "manifest").glob("*.py")), ids=lambda path: path.name)
def test_the_builder_needs_nothing_from_outside(path: Path) -> None:
    assert imported(path) <= sys.stdlib_module_names | {"manifest"}


def test_it_is_packaged() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "manifest" in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
