"""What is picked from a list or switched on isn't words: no choice that any card offers is heard as a call for help."""

from __future__ import annotations

from cards.reader import Reader
from dialogs.heard import heard
from tests.cards.checks import parts
from tests.cards.gallery import EXHIBITS


def test_no_choice_on_any_card_is_heard():
    picked = set()
    for exhibit in EXHIBITS:
        for part in parts(exhibit.make(Reader())):
            if part["type"] == "Input.Toggle":
                picked |= {(part["id"], part["valueOn"]), (part["id"], part["valueOff"])}
            picked |= {(part["id"], choice["value"]) for choice in part.get("choices", ())}
    assert {"force_wish", "how", "risk", "reason"} <= {name for name, _ in picked}
    assert [each for each in sorted(picked) if heard(dict([each])) is not None] == []


def test_what_is_typed_beside_them_is():
    assert heard({"risk": "life", "why": "he says he has the tablets in his hand"}) is not None
