"""What a person reads before a first request: is this right for me, and the limits of confidentiality."""

from __future__ import annotations

from cards.frame import Card, Element, button, frame, heading, lead, opener, text
from cards.reader import Reader
from cards.verbs import Verb
from peer_support.views import LimitsView

LIMITS_VERSION = "2026-11"


def limits_card(view: LimitsView, reader: Reader, *, dialog_forms: bool) -> Card:
    """Read, never agreed to: Continue says only that it was shown."""
    body = [heading(reader.say("limits.heading")), *limits_words(reader, view.nations)]
    onward = opener(
        reader, "continue", Verb.LIMITS_READ, style="positive", dialog=dialog_forms and view.asking
    )
    return frame(body, reader, [onward, button(reader, "not_now", Verb.MENU)])


def limits_words(reader: Reader, nations: frozenset[str]) -> list[Element]:
    """One text for each nation: in Northern Ireland the law may ask more of a supporter."""
    body: list[Element] = []
    for part in ("name", "between", "scrutiny", "teams", "right", "trauma"):
        body += [lead(reader.say(f"limits.{part}.lead")), text(reader.say(f"limits.{part}"), spacing="None")]
        if part == "between" and "NI" in nations:
            body.append(text(reader.say("limits.between.ni"), spacing="Small"))
    return body
