"""What the import contracts can't say: the rules use the standard library, and the locks are whole."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
RULES = sorted((ROOT / "peer_support").rglob("*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    whole = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | whole}


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_rules_need_nothing_from_outside(path: Path) -> None:
    allowed = sys.stdlib_module_names | {"peer_support"}
    if "crisis" in path.parts:
        allowed = allowed | {"rapidfuzz"}
    assert imported(path) <= allowed


def test_the_locks_hold_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        text = (ROOT / name).read_text("utf-8")
        pinned = re.findall(r"^[a-z0-9][\w.\[\]-]*==", text, re.MULTILINE)
        assert pinned
        assert len(pinned) == len(re.findall(r"^\S.* \\\n    --hash=sha256:", text, re.MULTILINE))
        assert "://" not in text
        assert "index" not in text
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    text = "".join(
        (ROOT / name).read_text("utf-8") for name in ("requirements.lock", "requirements-dev.lock")
    )
    pinned = dict(re.findall(r"^([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([\w.]+)", text, re.MULTILINE))
    for wanted in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"]):
        requirement = Requirement(wanted)
        assert pinned[requirement.name] in requirement.specifier, f"{wanted}: make lock"
