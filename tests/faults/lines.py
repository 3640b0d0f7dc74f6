"""The right contacts: what a crisis card must say in each nation, and what it must not, by safety's rule alone."""

from __future__ import annotations

from collections.abc import Mapping

NATIONS: Mapping[str, str] = {
    "E": "11111111-0000-4000-8000-000000000001",
    "S": "22222222-0000-4000-8000-000000000002",
    "NI": "33333333-0000-4000-8000-000000000003",
}
_EVERYWHERE = ("999", "ambulance", "A&E", "Samaritans 116 123", "SHOUT to 85258", "Nobody has been alerted")
_HERE = {
    "E": ("Police crisis line 0300 131 2789", "NHS 111"),
    "S": ("NHS 24 on 111",),
    "NI": ("Lifeline 0808 808 8000",),
}
_ELSEWHERE = {
    "E": ("NHS 24", "Lifeline"),
    "S": ("0300 131 2789", "Lifeline", "NHS 111,"),
    "NI": ("0300 131 2789", "NHS 24", " 111"),
}


def wrong_with(words: str, nation: str, *, all_nations: bool = False) -> list[str]:
    """What is missing from the words, or must not stand in them. Nothing where they are right."""
    if all_nations:
        needed = (*_EVERYWHERE, *(line for lines in _HERE.values() for line in lines))
        return [f"without {line}" for line in needed if line not in words]
    missing = [f"without {line}" for line in (*_EVERYWHERE, *_HERE[nation]) if line not in words]
    return missing + [f"with {line}" for line in _ELSEWHERE[nation] if line in words]
