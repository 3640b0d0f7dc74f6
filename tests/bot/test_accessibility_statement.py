"""The statement in the documents and the bot's own page are one statement."""

from __future__ import annotations

import re
from pathlib import Path

from bot.pages.words import accessibility
from cards.reader import Reader
from cards.words import keys, say
from peer_support.policy import Policy
from tests.bot.test_pages import Facts, words

ROOT = Path(__file__).parents[2]
STATEMENT = (ROOT / "docs" / "accessibility.md").read_text("utf-8")
SENTENCES = sorted(
    key for key in keys() if key.startswith("page.accessibility.") and not key.endswith((".nav", ".title"))
)


def test_each_sentence_of_the_page_stands_in_the_document():
    assert len(SENTENCES) > 15
    assert not [key for key in SENTENCES if say(key) not in STATEMENT]


def test_and_on_the_page():
    shown = words("".join(accessibility(Facts(Policy(), (), ()), Reader())))
    assert not [key for key in SENTENCES if say(key) not in shown]


def test_each_check_that_the_document_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", STATEMENT)
    assert len(named) > 8
    for file, test in named:
        assert f"def {test}" in (ROOT / file).read_text("utf-8")
