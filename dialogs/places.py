"""Where Carry on may lead back to. What is none of these is a press that made one up, and leads nowhere."""

from __future__ import annotations

from cards.verbs import Verb

REVIEW, ELSEWHERE, PEOPLE, CONTACT = "review", "elsewhere", "people", "contact."
# Verbs that only look: Carry on may press them again, with the id that follows.
LOOKS = frozenset(
    {
        *(
            Verb.MENU,
            Verb.LEARN,
            Verb.PRIVACY,
            Verb.ASK,
            Verb.WITHDRAW,
            Verb.SWAP,
            Verb.CLOSE,
            Verb.HAND_BACK,
        ),
        *(Verb.WORRIED, Verb.DEBRIEF, Verb.MATCHES, Verb.PROFILE, Verb.DIGEST, Verb.STUCK, Verb.CHOOSE),
        Verb.CONTACT_ME,
    }
)


def known(place: str) -> str:
    """The place as it came, where it is one; nothing otherwise."""
    looks = place.partition(" ")[0] in LOOKS
    return place if looks or place.startswith(CONTACT) or place in (REVIEW, ELSEWHERE, PEOPLE) else ""
