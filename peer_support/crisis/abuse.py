"""Which harm by somebody else words speak of: the lines for abuse at home, or for sexual harm, stand on its card."""

from __future__ import annotations

import re
from enum import Enum, auto

from peer_support.crisis.lexicon import lexicon
from peer_support.crisis.normal import clauses

_HOME = (
    r"(?:husband|wife|partner|boyfriend|girlfriend|ex|dad|father|step ?dad|mum|mam|mother|brother|uncle|son|fiancee?"
    r"|fella|missus|hubby|other half|in laws?|family)"
)
_AT_HOME = re.compile(
    rf"\b(?:(?:he|she|hes|shes|hed|shed|{_HOME})\b(?: \w+){{0,5}}? (?:abus\w+|hit|hits|hitting|beats?|beating|punch\w*"
    r"|slap\w*|kick\w*|chok\w+|strangl\w+|throttl\w+|burn(?:s|t|ed|ing)|batter\w*|push\w*|shov\w+|grab\w*|hurt\w*"
    r"|threaten\w*|stalk\w*|track\w*|follow\w*|controls?|controlling|locks?|locked) (?:\w+ ){0,3}?(?:me|my|us)\b"
    rf"|(?:scared|afraid|frightened|terrified) of (?:my (?:\w+ )?{_HOME}|him|her)\b"
    rf"|{_HOME} (?:\w+ ){{0,4}}?(?:violent|abusive|controlling)"
    r"|(?:he|she) (?:\w+ ){0,2}?(?:wont|doesnt|never) (?:ever )?lets? me|black and blue|domestic (?:abuse|violence))\b"
)
_SEXUAL = re.compile(
    r"\b(?:rap(?:e|ed|es|ing|ist)|sexual(?:ly)? (?:\w+ )?(?:assault\w*|abus\w+|harm\w*|touch\w*)|grop(?:e|ed|es|ing)"
    r"|molest\w*|forc\w+ (?:himself|herself|themselves|me to have sex)|indecent(?:ly)? \w+|treisio|threisio)\b"
)
_DIE = re.compile(
    r"\b(?:kill(?:ing)? my ?self|suicid\w*|want to die|end (?:it|my life)|overdos\w*|lladd fy hun)\b"
)


class Abuse(Enum):
    """Whose lines are wanted."""

    AT_HOME = auto()
    SEXUAL = auto()


def speaks_of_abuse(text: str) -> Abuse | None:
    """Whether words that ask for help are of harm by somebody else; None where the writer's own life is in them."""
    plain = " ".join(clause.strip() for clause, _ in clauses(text, lexicon()))
    if _DIE.search(plain):
        return None
    if _SEXUAL.search(plain):
        return Abuse.SEXUAL
    return Abuse.AT_HOME if _AT_HOME.search(plain) else None
