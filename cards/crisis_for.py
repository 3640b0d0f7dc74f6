"""Which crisis card some words ask for."""

from __future__ import annotations

from collections.abc import Sequence

from cards.crisis import Variant
from peer_support.crisis.abuse import Abuse, speaks_of_abuse
from peer_support.crisis.ladder import Tier, tier
from peer_support.crisis.self_harm import speaks_of_self_harm

_VARIANTS = {
    Tier.SOFT: Variant.SOFT,
    Tier.THIRD: Variant.SOMEONE_ELSE,
    Tier.PASSIVE: Variant.SUICIDE,
    Tier.ACTIVE: Variant.SUICIDE,
    Tier.DANGER: Variant.DANGER,
}

_HARM = {Abuse.AT_HOME: Variant.DOMESTIC_ABUSE, Abuse.SEXUAL: Variant.SEXUAL_HARM}


def asked_for(words: Sequence[str]) -> tuple[Tier, Variant | None]:
    """The highest tier that any of them has, and its card; None where there is nothing to answer.

    Self-harm alone has a card of its own. One word of dying beside it, and it is the other card. Danger from somebody
    at home, and sexual harm, have theirs: danger first there too, and how to ring 999 without speaking.
    """
    found = [(tier(each), each) for each in words if each]
    highest = max((each for each, _ in found), key=lambda each: each.rank, default=Tier.NONE)
    if highest is Tier.ACTIVE and all(speaks_of_self_harm(text) for each, text in found if each is highest):
        return highest, Variant.SELF_HARM
    if highest is Tier.DANGER:
        kinds = {speaks_of_abuse(text) for each, text in found if each is highest}
        return highest, next(
            (_HARM[kind] for kind in (Abuse.SEXUAL, Abuse.AT_HOME) if kinds == {kind}), Variant.DANGER
        )
    return highest, _VARIANTS.get(highest)
