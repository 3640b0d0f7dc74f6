"""The chat holds nothing of a person's own data; the privacy card and page say what the table of keeping says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.pages.words import Facts
from bot.pages.words import privacy as privacy_page
from cards.correct import about_card, delete_card, number_card
from cards.kept import PARTS, kept_words
from cards.my_data import my_data_door_card
from cards.reader import Reader
from peer_support.crisis.contacts import packaged
from peer_support.keeping import KEPT
from peer_support.policy import Policy
from peer_support.rights import AboutView
from tests.cards.gallery_own_data import CONTACT, HELD, MANY, ROSTERED

SECRETS = ("Okafor", "Sam Price", "Nights, please", "07700", "t-1", "d-1", "Northmoor", "onstable")
OWN = Policy(
    draft_hours=5,
    note_kept_days=7,
    identity_kept_days=77,
    names_shown_days=33,
    roster_kept_months=3,
    member_kept_months=9,
    statistics_kept_months=15,
    audit_kept_months=21,
)
_SPAN = re.compile(r"\d+ (?:hour|day|month)s?")


@pytest.mark.parametrize("dialog_forms", [True, False])
@pytest.mark.parametrize("view", [HELD, ROSTERED, MANY])
def test_the_chat_is_told_only_how_much_there_is(view, dialog_forms):
    said = str(my_data_door_card(view, Reader(), dialog_forms=dialog_forms))
    assert not [secret for secret in SECRETS if secret in said]
    assert not [secret for secret in SECRETS if secret in str(delete_card(view, OWN, Reader()))]


def test_a_form_in_the_chat_shows_nothing_of_what_was_given():
    remembered = AboutView({"about_work": "Response", "about_grade": "sergeant"})
    shown = str([part for part in about_card(remembered, Reader(), chat=True)["body"] if "value" in part])
    assert "Response" not in shown
    assert "sergeant" not in shown
    assert "07700" not in str(number_card(CONTACT, Reader(), chat=True))
    assert "07700" in str(number_card(CONTACT, Reader(), chat=False))


@pytest.mark.parametrize("policy", [Policy(), OWN])
def test_the_card_says_what_the_table_says(policy):
    lines = [part["text"] for part in kept_words(Reader(), [policy])[1:]]
    said = dict(zip(PARTS, lines, strict=True))
    rows = [kept for kept in KEPT if kept.card]
    assert {kept.card for kept in rows} == set(PARTS)
    for kept in rows:
        assert set(_SPAN.findall(kept.ends(policy))) <= set(_SPAN.findall(said[kept.card])), kept.what


@pytest.mark.parametrize("policy", [Policy(), OWN])
def test_the_page_says_what_the_table_says(policy):
    reader = Reader()
    html = "".join(privacy_page(Facts(policy, (), packaged()), reader))
    told = dict(re.findall(r"<dt>([^<]*)</dt><dd>(.*?)</dd>", html))
    rows = [kept for kept in KEPT if kept.page]
    for kept in rows:
        words = told[reader.say(f"page.privacy.kept.{kept.page}").replace("'", "&#x27;")]
        assert set(_SPAN.findall(kept.ends(policy))) <= set(_SPAN.findall(words)), kept.what


def test_what_stays_after_a_deletion_is_told_with_its_end():
    said = str(delete_card(replace(ROSTERED, requests=()), OWN, Reader()))
    assert {"33 days", "30 days", "21 months", "15 months", "3 months"} <= set(_SPAN.findall(said))
    assert "coordinator" in said
    assert "Your request ends" not in said
    assert "Your request ends" in str(delete_card(HELD, OWN, Reader()))
