"""Which of two cards answers the same tier: hurting oneself without a word of dying has a card of its own."""

from __future__ import annotations

import re

from peer_support.crisis.lexicon import lexicon
from peer_support.crisis.normal import clauses

_HURT = re.compile(
    r"\b(?:self[ -]?harm\w*|self[ -]?injur\w*|injur\w+ my ?self|harm\w* my ?self|hurt\w* my ?self|cut\w* my ?self"
    r"|burn\w* my ?self|hit\w* my ?self|punch\w* my ?self|scratch\w* my ?self|bit\w* my ?self"
    r"|cut\w*(?! (?:me |him |her )?(?:down|off))|razors?|blades?|slic\w+|scars?|scabs?|wounds?|lighter"
    r"|burn\w* (?:my|the inside)|(?:my|own) (?:arms?|wrists?|legs?|thighs?|skin|stomach)|bleeds?"
    r"|hunan[ -]?niweid\w*|niweidio|torri)\b"
)
_DIE = re.compile(
    r"\b(?:die|dying|dead|death|kill\w*|suicid\w*|hang(?:ing)?|overdos\w*|end (?:it|things|my life)|ending|not be here"
    r"|alive|live|unalive\w*|kms|marw|lladd|hunanladd\w*|byw|goodbye|note|notes|letters?|jump\w*|bridge|gun)\b"
)


def speaks_of_self_harm(text: str) -> bool:
    """Whether words that ask for help with tier 2 are about hurting oneself, and about nothing further."""
    plain = " ".join(clause for clause, _ in clauses(text, lexicon()))
    return bool(_HURT.search(plain)) and not _DIE.search(plain)
