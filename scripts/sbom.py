"""The bill of materials: the packages that the bot runs on, as installed here, with the hashes that the lock allows.

`python -m scripts.sbom [FILE]`; needs no network. It refuses where what is installed isn't what the lock says.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
_PIN = re.compile(
    r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)[^\n]*((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)",
    re.MULTILINE,
)
_HASH = re.compile(r"sha256:([0-9a-f]{64})")
Lock = Mapping[str, tuple[str, tuple[str, ...]]]


class Unlike(Exception):
    """What is installed isn't what the lock says, so a list of it would be wrong."""


def read_lock(text: str) -> Lock:
    """Of each package its version and the hashes of its files."""
    return {
        canonicalize_name(name): (version, tuple(_HASH.findall(hashes)))
        for name, version, hashes in _PIN.findall(text)
    }


def make_bom(project: Mapping[str, object], lock: Lock) -> Bom:
    """The project and everything that it needs here, each with what it needs in turn."""
    name, version = str(project["name"]), str(project["version"])
    bom, found = Bom(), dict[str, Component]()
    root = Component(name=name, version=version, type=ComponentType.APPLICATION, bom_ref=name)
    bom.metadata.component = root
    wanted = [str(each) for each in project["dependencies"]]  # type: ignore[attr-defined]
    bom.register_dependency(
        root, [_component(each, bom, lock, found) for each in _needed(wanted, frozenset())]
    )
    return bom


def _component(needed: Requirement, bom: Bom, lock: Lock, found: dict[str, Component]) -> Component:
    name = canonicalize_name(needed.name)
    key = f"{name}[{','.join(sorted(needed.extras))}]" if needed.extras else name
    if key in found:
        return found[key]
    installed = _installed(name)
    version, hashes = lock.get(name, ("", ()))
    if installed.version != version:
        raise Unlike(
            f"{name} {installed.version} is installed, and the lock says {version or 'nothing'}: make setup"
        )
    component = found.get(name) or _described(name, installed, hashes)
    found[name] = found[key] = component
    if component not in bom.components:
        bom.components.add(component)
    needs = [_component(each, bom, lock, found) for each in _needed(installed.requires or (), needed.extras)]
    bom.register_dependency(component, needs)
    return component


def _described(name: str, installed: Distribution, hashes: tuple[str, ...]) -> Component:
    about = installed.metadata.json
    purl = PackageURL("pypi", name=name, version=installed.version)
    component = Component(name=name, version=installed.version, purl=purl, bom_ref=str(purl))
    component.description = str(about.get("summary", ""))
    if licence := str(about.get("license_expression") or about.get("license") or "").partition("\n")[0]:
        component.licenses.add(DisjunctiveLicense(name=licence))
    files = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in hashes]
    kind = ExternalReferenceType.DISTRIBUTION
    component.external_references.add(ExternalReference(type=kind, url=XsUri(str(purl)), hashes=files))
    return component


def _needed(lines: object, extras: object) -> Iterator[Requirement]:
    """Those whose conditions hold here, with these extras or none."""
    for line in lines:  # type: ignore[attr-defined]
        need = Requirement(line)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras)):  # type: ignore[misc]
            yield need


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise Unlike(f"{name} isn't installed: make setup") from None


def main() -> int:
    """Write it where asked, or show it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    try:
        bom = make_bom(project, read_lock((ROOT / "requirements.lock").read_text("utf-8")))
    except Unlike as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    text = JsonV1Dot6(bom).output_as_string(indent=2) + "\n"
    if len(sys.argv) == 1:
        sys.stdout.write(text)
        return 0
    file = Path(sys.argv[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    sys.stdout.write(f"Wrote {file}: {len(bom.components)} packages.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
