from __future__ import annotations

from bot.tongues import Tongues


def test_it_knows_what_a_chat_was_last_answered_in():
    tongues = Tongues()
    assert tongues.of("a") is None
    tongues.speaks("a", "cy")
    tongues.speaks("b", "en")
    assert (tongues.of("a"), tongues.of("b")) == ("cy", "en")
    tongues.speaks("a", "en")
    assert tongues.of("a") == "en"


def test_it_forgets_whoever_spoke_longest_ago_and_never_holds_more():
    tongues = Tongues(most=2)
    for chat in ("a", "b", "a", "c"):
        tongues.speaks(chat, "cy")
    assert [tongues.of(chat) for chat in "abc"] == ["cy", None, "cy"]


def test_it_holds_nobodys_id():
    tongues = Tongues()
    tongues.speaks("a:conversation-of-jo", "cy")
    assert "conversation-of-jo" not in repr(vars(tongues))
