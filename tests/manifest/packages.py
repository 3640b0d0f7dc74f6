"""A package to build, and ways of mending one by hand."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

from dialogs.typed import meaning
from manifest.build import Package, build
from manifest.choices import Choices
from peer_support.crisis.help_now import asks_for_help_now

APP_ID = "1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9"
CHOICES = Choices(app_id=APP_ID, domain="bot.example.police.uk")
BOTH = replace(CHOICES, languages=("en", "cy"))


def reads(title: str) -> bool:
    return asks_for_help_now(title) or meaning(title) is not None


@cache
def built(choices: Choices = BOTH) -> Package:
    return build(choices, reads)


def zipped(files: dict[str, bytes]) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


def mended(change: Callable[[dict[str, Any]], object], name: str = "manifest.json") -> bytes:
    """A package of which somebody changed one file by hand."""
    files = dict(built().files)
    held = json.loads(files[name])
    change(held)
    files[name] = json.dumps(held).encode()
    return zipped(files)
