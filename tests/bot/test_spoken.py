from __future__ import annotations

from bot.spoken import Spoken


def test_it_knows_what_a_chat_was_last_answered_in():
    spoken = Spoken()
    assert spoken.of("a") is None
    spoken.note("a", "cy")
    spoken.note("b", "en")
    assert (spoken.of("a"), spoken.of("b")) == ("cy", "en")
    spoken.note("a", "en")
    assert spoken.of("a") == "en"


def test_it_forgets_whoever_spoke_longest_ago_and_never_holds_more():
    spoken = Spoken(most=2)
    for chat in ("a", "b", "a", "c"):
        spoken.note(chat, "cy")
    assert [spoken.of(chat) for chat in "abc"] == ["cy", None, "cy"]


def test_it_holds_nobodys_id():
    spoken = Spoken()
    spoken.note("a:conversation-of-jo", "cy")
    assert "conversation-of-jo" not in repr(vars(spoken))
