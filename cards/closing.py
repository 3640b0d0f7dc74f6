"""After it has closed: three questions for the one who asked, and how it left the one who listened."""

from __future__ import annotations

from cards.fields import pick_one
from cards.frame import Action, Card, Element, button, frame, lead, small, text
from cards.reader import Reader
from cards.request import coordinator_lines
from cards.said import menu, said, said_card
from cards.verbs import Verb
from peer_support.feedback import Answer
from peer_support.views import CoordinatorContact

QUESTIONS = ("listened", "easy", "otherwise")
_POLICE_LINE_NATIONS = frozenset({"E", "W"})


def closed_card(reader: Reader, *, by_me: bool, match_id: str = "") -> Card:
    """It has closed. Three questions, all optional, whose answers are kept apart. `match_id` says only that one may."""
    answers = [(answer.value, reader.say(f"feedback.{answer}")) for answer in Answer]
    body = said("closed.by_me" if by_me else "closed", reader)
    body += [lead(reader.say("feedback.lead")), small(reader.say("feedback.apart"))]
    body += [pick_one(question, reader.say(f"feedback.{question}"), answers) for question in QUESTIONS]
    return frame(body, reader, [button(reader, "feedback", Verb.FEEDBACK, match_id), menu(reader)])


def feedback_thanks_card(reader: Reader) -> Card:
    """Thanks, and nothing more is asked."""
    return said_card("feedback.thanks", reader, button(reader, "ask", Verb.ASK))


def supporter_closed_card(reader: Reader, match_id: str) -> Card:
    """After their own close: how did it leave you? With lines that are for supporters too."""
    return after_card("supporter_closed", reader, match_id)


def match_ended_card(reader: Reader, match_id: str) -> Card:
    """The one ending after an introduction: the same words whoever ended it, and why. How did it leave you?"""
    return after_card("match_ended", reader, match_id)


def after_card(key: str, reader: Reader, match_id: str = "") -> Card:
    """However it ended: I'm fine, I'd like a debrief, or I'm worried, and the lines that are for supporters too."""
    actions = [
        button(reader, "fine", Verb.IM_FINE, match_id),
        button(reader, "debrief", Verb.DEBRIEF, match_id),
        button(reader, "im_worried", Verb.WORRIED, match_id),
    ]
    return frame([*said(key, reader), *_for_you(reader)], reader, actions)


def debrief_card(reader: Reader, coordinators: tuple[CoordinatorContact, ...], match_id: str = "") -> Card:
    """Whom to ask for a debrief. The supporter does the asking, so nobody is told by the bot."""
    body = [*said("debrief", reader), *coordinator_lines(coordinators, reader), *_for_you(reader)]
    return frame(body, reader, [menu(reader)], here=f"{Verb.DEBRIEF} {match_id}".strip())


def fine_card(reader: Reader) -> Card:
    """Good; and the door stays open."""
    return said_card("fine", reader, _debrief(reader))


def _for_you(reader: Reader) -> list[Element]:
    lines = [text(reader.say("for_you"))]
    if reader.nations & _POLICE_LINE_NATIONS:
        lines.append(text(reader.say("for_you.police_line")))
    return lines


def _debrief(reader: Reader) -> Action:
    return button(reader, "debrief", Verb.DEBRIEF)
