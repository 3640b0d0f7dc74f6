"""What a person reads before a first request: is this right for me, and the limits of confidentiality."""

from __future__ import annotations

from cards import labels
from cards.frame import Card, Element, button, frame, heading, lead, named, opener, text
from cards.reader import Reader, in_one_language
from cards.verbs import Verb
from peer_support.views import LimitsView

LIMITS_VERSION = "2026-11"


@in_one_language
def limits_card(view: LimitsView, reader: Reader, *, dialog_forms: bool) -> Card:
    """Read, never agreed to: Continue says only that it was shown."""
    body = [heading(reader.say("limits.heading")), *limits_words(reader, view.nations, view.opened_by)]
    onward = opener(
        reader, "continue", Verb.LIMITS_READ, style="positive", dialog=dialog_forms and view.asking
    )
    return frame(body, reader, [onward, button(reader, "not_now", Verb.MENU)], here=Verb.ASK)


def limits_words(reader: Reader, nations: frozenset[str], opened_by: tuple[str, ...] = ()) -> list[Element]:
    """One text for each nation: in Northern Ireland the law may ask more of a supporter.

    Where forces may open a name, they are named: whoever reads this was told before they asked.
    """
    body: list[Element] = []
    opened = opening_words(reader, opened_by)
    for part in ("name", "between", "scrutiny", "teams", "right", "trauma"):
        body += [lead(reader.say(f"limits.{part}.lead")), text(reader.say(f"limits.{part}"), spacing="None")]
        if part == "between" and "NI" in nations:
            body.append(text(reader.say("limits.between.ni"), spacing="Small"))
        if part == "between" and opened:
            body += [lead(reader.say("limits.opened.lead")), text(opened, spacing="None")]
    return body


def opening_words(reader: Reader, opened_by: tuple[str, ...]) -> str:
    """That a coordinator of these forces may be shown a name; nothing where no force turned it on."""
    forces = labels.together([named(name) for name in opened_by], reader)
    return reader.say("limits.opened", forces=forces) if forces else ""
