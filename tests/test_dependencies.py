"""What the bot is made of is listed whole, and what is known against it is never said to be nothing unasked."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts.known_faults import Ran, look
from scripts.sbom import Unlike, make_bom, read_lock

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = read_lock((ROOT / "requirements.lock").read_text("utf-8"))


def test_every_package_that_runs_is_listed_with_its_hashes():
    text = JsonV1Dot6(make_bom(PROJECT, LOCK)).output_as_string()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bom = json.loads(text)
    listed = {part["name"]: part for part in bom["components"]}
    assert {re.match(r"[\w-]+", each)[0] for each in PROJECT["dependencies"]} <= listed.keys()  # type: ignore[index]
    assert {"cffi", "multidict", "pyjwt"} <= listed.keys(), "what those need in turn"
    assert not {"pytest", "ruff", "pip-audit"} & listed.keys()
    for name, part in listed.items():
        version, hashes = LOCK[name]
        assert (part["version"], part["purl"]) == (version, f"pkg:pypi/{name}@{version}")
        assert {each["content"] for each in part["externalReferences"][0]["hashes"]} == set(hashes)
    known = {each["ref"] for each in bom["dependencies"]}
    assert all(set(each.get("dependsOn", ())) <= known for each in bom["dependencies"])


def test_the_lock_is_read_whole():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert len(LOCK) == len(re.findall(r"^[a-z0-9][\w.\[\],-]*==", text, re.MULTILINE))
    assert sum(len(hashes) for _, hashes in LOCK.values()) == text.count("--hash=sha256:")


def test_what_is_installed_otherwise_than_locked_is_not_listed():
    with pytest.raises(Unlike, match=r"aiohttp .* is installed, and the lock says 0\.1"):
        make_bom(PROJECT, {**LOCK, "aiohttp": ("0.1", ())})
    with pytest.raises(Unlike, match="isn't installed"):
        make_bom(PROJECT | {"dependencies": ["no-such-package"]}, LOCK)


CLEAN = {"name": "yarl", "version": "1", "vulns": []}
FAULTY = {"name": "aiohttp", "version": "3", "vulns": [{"id": "GHSA-1", "fix_versions": ["4"]}]}
MISSED = {"name": "cffi", "skip_reason": "Dependency not found and could not be audited"}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([CLEAN], 0, "Nothing is known against the 1 packages."),
        ([CLEAN, FAULTY], 1, "aiohttp 3: GHSA-1, mended in 4"),
        ([CLEAN, MISSED], 3, "Not known for 1 of 2 packages"),
        ([FAULTY, MISSED], 1, "Not known for 1 of 2 packages"),
        ([], 3, "Not known"),
    ],
)
def test_what_is_known_is_told_apart_from_what_is_not_known(packages: list[object], code: int, said: str):
    lines: list[str] = []
    assert look(Path("x"), lines.append, lambda _: Ran(json.dumps({"dependencies": packages}), "")) == code
    assert said in "\n".join(lines)


def test_a_source_that_is_not_reached_is_not_nothing_known():
    def late(_lock: Path) -> Ran:
        raise subprocess.TimeoutExpired("pip-audit", 1)

    for run in (lambda _: Ran("", "Traceback\nConnectionError: no route"), lambda _: Ran("[]", ""), late):
        lines: list[str] = []
        assert look(Path("x"), lines.append, run) == 3
        assert lines[0].startswith("Not known")


@pytest.mark.xdist_group("kept")
def test_a_group_of_tests_is_kept_in_one_process(request: pytest.FixtureRequest):
    """What they start is started once. A pytest whose groups fall apart says nothing of it."""
    asked = bool(request.config.getoption("loadgroup", default=False))
    assert request.node.nodeid.endswith("@kept") is asked
