"""The catalogue: every key that is used exists, every key that exists is used, and the words keep the house's voice."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from cards.plain import toast
from cards.reader import ALL_NATIONS, Reader
from cards.times import day
from cards.words import keys, say
from peer_support.crisis.contacts import packaged
from tests.cards.gallery import EXHIBITS, NIGHT

ROOMS = ("bot", "cards", "dialogs", "peer_support")
WITH_PATTERNS = ("bot", "dialogs", "cards/crisis.py", "cards/more_support.py")
ROOT = Path(__file__).parents[2]
BARRED = re.compile(
    r"\b(users?|clients?|tickets?|cases?|victims?|volunteers?|agents?|admins?|DTO|urgently|committed|anonymous"
    r"|anonymously|calm down|suffer\w*|100%|please note|utilise|regarding|kindly)\b",
    re.IGNORECASE,
)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
NUMBER = re.compile(r"\b0\d{2,3} ?\d{3} ?\d{3,4}\b")


class Listening(Reader):
    """A reader that remembers which keys were said to it, and with what."""

    heard: ClassVar[dict[str, set[frozenset[str]]]] = {}

    def say(self, key: str, /, **values: object) -> str:
        self.heard.setdefault(key, set()).add(frozenset(values))
        return super().say(key, **values)


@pytest.fixture(scope="module")
def heard() -> dict[str, set[frozenset[str]]]:
    for nations in (ALL_NATIONS, frozenset({"E"}), frozenset({"NI"})):
        for exhibit in EXHIBITS:
            exhibit.make(Listening(nations=nations))
    for exhibit in EXHIBITS:
        exhibit.make(Listening("cy"))
    toast(Listening())
    for days in range(365):
        day(NIGHT + timedelta(days=days), Listening())
    return Listening.heard


def _sources(names: tuple[str, ...]) -> list[ast.AST]:
    files = [
        file
        for name in names
        for file in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))
    ]
    return [node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))]


def _literals() -> set[str]:
    return {
        node.value
        for node in _sources(ROOMS)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _patterns() -> list[re.Pattern[str]]:
    found = []
    for node in _sources(WITH_PATTERNS):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            pieces = [
                re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-zA-Z_0-9.]+"
                for p in node.values
            ]
            found.append(re.compile("".join(pieces)))
    return found


def test_every_key_is_used(heard):
    literals, patterns = _literals(), _patterns()
    literals |= {f"{name}.{part}" for name in literals for part in ("heading", "text")}
    unused = {
        key
        for key in keys() - heard.keys() - literals
        if not any(pattern.fullmatch(key) for pattern in patterns)
    }
    assert not unused


def test_placeholders_match(heard):
    for key, ways in heard.items():
        wanted = set(re.findall(r"{(\w+)}", say(key)))
        for given in ways:
            assert wanted <= given, key


def test_no_key_stands_twice():
    lines = (ROOT / "cards/words/en.po").read_text("utf-8").splitlines()
    ids = [line for line in lines if line.startswith("msgid ")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("key", sorted(keys()))
def test_voice(key: str):
    words = say(key)
    assert "!" not in words
    assert not EMOJI.search(words)
    assert not BARRED.search(words), words
    assert words.strip()
    assert "  " not in words


def test_every_number_is_in_the_contacts_data():
    known = {re.sub(r"\D", "", contact.call) for contact in packaged()}
    for key in keys():
        for number in NUMBER.findall(say(key)):
            assert re.sub(r"\D", "", number) in known, key
