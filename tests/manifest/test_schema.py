"""The package against Teams' own schemas, as Microsoft publishes them."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from referencing import Registry

from manifest.choices import Choices
from tests.manifest.packages import BOTH, CHOICES, built

SCHEMAS = Path(__file__).parents[2] / "node_modules/@microsoft/app-manifest/build/json-schemas/teams"
NOTHING_FETCHED: Registry[Any] = Registry()


def faults(instance: object, version: str, kind: str = "") -> list[str]:
    schema = json.loads((SCHEMAS / f"v{version}/MicrosoftTeams.{kind}schema.json").read_text("utf-8-sig"))
    Draft4Validator.check_schema(schema)
    found = Draft4Validator(schema, registry=NOTHING_FETCHED).iter_errors(instance)
    return [f"{fault.json_path}: {fault.message}" for fault in found]


OWN = replace(
    BOTH,
    name="Ask a colleague",
    full_name="Ask a colleague in Northmoor",
    short_description="For all of us.",
    full_description="For all of us.\n\nType hi.",
    developer="Northmoor Police",
    website="https://www.northmoor.police.uk/colleagues",
    teams_app_id="2b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9",
    accent="#5A2A6B",
    version="2.10.3",
)


@pytest.mark.parametrize("choices", [CHOICES, BOTH, OWN], ids=["English", "Welsh too", "a force's own"])
def test_the_manifest_is_right_by_its_own_schema(choices: Choices) -> None:
    manifest = json.loads(built(choices).files["manifest.json"])
    assert faults(manifest, manifest["manifestVersion"]) == []
    assert manifest["$schema"].endswith(f"/v{manifest['manifestVersion']}/MicrosoftTeams.schema.json")


def test_nothing_in_it_is_newer_than_slow_tenants_know() -> None:
    manifest = json.loads(built().files["manifest.json"])
    assert faults({**manifest, "manifestVersion": "1.19"}, "1.19") == []


def test_the_language_file_is_right_by_its_own_schema() -> None:
    package = built()
    held = json.loads(package.files["cy.json"])
    assert faults(held, package.manifest["manifestVersion"], "Localization.") == []
    assert f"/v{package.manifest['manifestVersion']}/" in held["$schema"]


def test_the_schema_finds_faults_here() -> None:
    manifest = deepcopy(dict(built().manifest))
    manifest["bots"][0]["scopes"] = ["everyone"]
    manifest["name"]["short"] = "x" * 31
    del manifest["developer"]["privacyUrl"]
    assert len(faults(manifest, "1.22")) == 3
    assert faults({"name.short": "x", "nonsense": "y"}, "1.22", "Localization.")
