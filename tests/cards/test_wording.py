"""Words that are never said, in English and in Welsh: what hurts, what shames, what promises too much."""

from __future__ import annotations

import re

import pytest

from cards.crisis import packaged_message
from cards.words import keys, languages, say
from peer_support.crisis.contacts import packaged

EITHER = re.compile(
    r"!|%|[\U0001f000-\U0001faff\u2600-\u27bf]"
    r"|\b\d+ (?:in|out of|o bob) \d+\b|\bDTOs?\b",
    re.IGNORECASE,
)
BARRED = {
    "en": re.compile(
        r"\bcommit(?:s|ted|ting)?\b|\b(?:completely|fully|totally|hundred per ?cent) confidential|\banonym"
        r"|\bcalm (?:down|yourself)|\b(?:understand|know) (?:exactly )?how you(?:'re| are)? feel|so much to live for"
        r"|\b(?:stay|be) strong\b|cheer up|\b(?:one|two|three) in \w+\b|per ?cent|\bstatistic|\bdiagnos|\bsuffer"
        r"|\bhang(?:ed|ing)?\b|\boverdos|\bpills?\b|\brope\b|\bknife|\bligature|\bpoison|\bjump(?:ed|ing)? (?:off|from)"
        r"|\b(?:users?|clients?|tickets?|cases?|victims?|volunteers?|agents?|admins?)\b"
        r"|\burgently\b|\bkindly\b|\bregarding\b|\butilise|please note",
        re.IGNORECASE,
    ),
    "cy": re.compile(
        r"\b[cg]h?yflawn\w*|\b(?:cwbl|hollol|gwbl|chwbl) g?c?yfrinachol|\b(?:anhysbys|ddi-?enw|di-?enw)\w*"
        r"|\b(?:ymdawel\w*|pwyllwch|ymlaciwch)\b|cynhyrfu|\b(?:deall|gwybod) sut (?:rydych|ydych|dych|wyt)"
        r"|sut r?ydych chi'n teimlo|\b[cg]h?ymaint i fyw\b|byddwch yn gryf|codwch eich calon"
        r"|\bun o bob\b|\by cant\b|\bystadeg\w*|\bdiagnos|\bdd?ioddef\w*"
        r"|\b[cg]h?rogi\b|\bg?orddos|\b[td]h?abledi\b|\brhaff|\b[cg]h?yllell|\bg?wenwyn|\bneidio\b"
        r"|\bdd?efnydd(?:iwr|wyr)\b|\b[cg]h?leient\w*|\b[td]h?ocyn\b|\bachos(?:ion)?\b|\bg?wirfoddolw[ry]\w*"
        r"|\basiant\w*|\bg?weinyddw[ry]\w*",
        re.IGNORECASE,
    ),
}
NEVER_SAID = {
    "en": (
        "He committed suicide", "It is 100% confidential", "completely confidential", "This is anonymous", "Calm down",
        "I understand how you feel", "I know how you're feeling", "You have so much to live for", "One in four of us",
        "20 per cent", "1 in 4", "took an overdose", "Well done!", "Sent \U0001f44d", "every user", "Your ticket",
        "this case", "the victim", "a volunteer", "an agent", "the admin", "a DTO", "Please reply urgently",
    ),
    "cy": (
        "wedi cyflawni hunanladdiad", "a gyflawnodd hunanladdiad", "100% cyfrinachol", "yn gwbl gyfrinachol",
        "yn ddienw", "yn anhysbys", "Ymdawelwch", "Dwi'n deall sut rydych chi'n teimlo", "Dwi'n gwybod sut ydych chi",
        "Mae gennych gymaint i fyw amdano", "un o bob pedwar", "20 y cant", "gorddos", "llawer o dabledi", "crogi",
        "Da iawn!", "pob defnyddiwr", "y defnyddwyr", "eich tocyn", "yr achos hwn", "y dioddefwr", "gwirfoddolwr",
        "yr asiant", "y gweinyddwr", "1 o bob 4",
    ),
}  # fmt: skip


def barred(words: str, language: str) -> bool:
    """Whether a sentence says what is never said."""
    return bool(EITHER.search(words) or BARRED[language].search(words))


def test_there_is_a_list_for_each_language():
    assert set(BARRED) == set(NEVER_SAID) == languages()


@pytest.mark.parametrize(
    ("language", "words"), [(name, each) for name in NEVER_SAID for each in NEVER_SAID[name]]
)
def test_it_would_be_found(language: str, words: str):
    assert barred(words, language)


@pytest.mark.parametrize("language", sorted(languages()))
def test_nothing_of_it_is_said(language: str):
    assert not {key: said for key in keys(language) if barred(said := say(key, language), language)}


def test_nor_where_words_stand_outside_the_catalogues():
    assert not barred(packaged_message().text, "en")
    assert not [contact.id for contact in packaged() if barred(contact.label, "en")]


def test_how_soon_is_never_urgent():
    asked = [key for key in keys() if key.startswith(("form.soon", "review.", "offer.", "request."))]
    assert "form.soon.today" in asked
    assert not [key for key in asked if re.search(r"\burgen", say(key), re.IGNORECASE)]
