"""Nothing is told by colour alone: whoever sees none of it, or has it read out, is told the same."""

from __future__ import annotations

import pytest

from cards.crisis import render_all
from cards.reader import Reader
from cards.words import say
from peer_support.crisis.contacts import packaged
from tests.cards.checks import parts
from tests.cards.gallery import EXHIBITS, Exhibit

TO_MEND = say("form.mend.here", words="")
FOLDS = {say("fold.more"), say("fold.less")}


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.name)
def test_what_is_coloured_says_in_words_what_the_colour_says(exhibit: Exhibit):
    for part in parts(exhibit.make(Reader())):
        assert "isSubtle" not in part
        if part["type"].startswith("Action."):
            assert part["title"].strip()
        elif part.get("color") == "Attention":
            assert part["text"].startswith(TO_MEND)
        elif "color" in part:
            assert part["text"] in FOLDS


def test_a_fold_is_named_in_words_and_not_by_its_mark():
    folds = [
        part["selectAction"]["title"]
        for exhibit in EXHIBITS
        for part in parts(exhibit.make(Reader()))
        if "selectAction" in part
    ]
    assert folds
    assert all(title.endswith(say("fold.title", title="")) for title in folds)


def test_the_crisis_cards_use_no_colour_and_no_picture():
    for made in render_all(packaged()).values():
        for part in parts(made.card):
            assert not {"color", "style", "isSubtle", "backgroundImage", "url"} & part.keys()
