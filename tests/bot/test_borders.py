"""The Bot Framework stands in bot/ alone, so that a move to its successor is a rename in one folder."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SDK = {"botbuilder", "botframework"}
SOURCES = sorted(
    path
    for room in ("bot", "cards", "dialogs", "peer_support", "sandbox", "storage")
    for path in (ROOT / room).rglob("*.py")
)
SEAMS = {"adapter.py", "authentication.py", "codec.py", "visit.py"}


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_sdk_is_imported_at_its_seams_alone(path):
    if imported(path) & SDK:
        assert path.parent == ROOT / "bot"
        assert path.name in SEAMS


def test_the_search_finds_what_it_looks_for():
    assert {path.name for path in SOURCES if imported(path) & SDK} == SEAMS
