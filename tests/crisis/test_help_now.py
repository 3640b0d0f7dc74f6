from __future__ import annotations

import pytest

from peer_support.crisis.help_now import asks_for_help_now

ASKS = """help now|helpnow|HELP NOW!!|help me|i need help|crisis|emergency|sos|999|code zero|argyfwng|help nawr
|cymorth nawr|help rŵan|cymorth rŵan|hlep now|help nwo|hepl me|i ned help|I need hlep|crysis|emergancy|emergency!!!
|S.O.S|9 9 9|999!!|codezero|Code Zero|cymorth rwan|argyfwn|HELPPPP NOW|please help me|i need help please|helpme
|HELP   ME|help-now|help_now|need help now|I’m in crisis|emrgency|I need help!|CYMORTH RŴAN
|please somebody help me|I need someone now|🆘|sos 🆘|on the roof 🆘|I need to talk to someone now
|<at>Peer support</at> help now|<p>help now</p>|help&nbsp;now|help\u200bnow|dwi angen help|help, now
|sos sos|help help|help now help now HELP NOW|HELPPPPP|helppp|need help asap|can you help me now please|who can i call
|helpwch fi nawr"""
ASKS_NOT = """|help|Help?|HELP!|999 job last night|thanks that was helpful|helpline|helper|helped|hello|status|request
|how can you help|crisis negotiation course next week|emergency services day|I don't need help|no help needed|code
|help desk|help him|home now|hey now|i need her|help menu|does help now do anything if I press it|999 call
|I went to a 999 job and cannot sleep|helping|my matches|withdraw|zero|soso|99|what does the sos button do"""


def phrases(text: str) -> list[str]:
    return [phrase.strip("\n") for phrase in text.split("|")]


@pytest.mark.parametrize("text", phrases(ASKS))
def test_asks(text: str) -> None:
    assert asks_for_help_now(text)


def test_asks_in_wide_letters() -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter != " " else letter for letter in "help now")
    assert asks_for_help_now(wide)


@pytest.mark.parametrize("text", phrases(ASKS_NOT))
def test_does_not_ask(text: str) -> None:
    assert not asks_for_help_now(text)


@pytest.mark.parametrize("text", ["help now " * 3000, "!" * 28_000, "h" * 28_000, "ﷺ" * 9000, "<" * 28_000])
def test_a_long_message_is_never_a_whole_call(text: str) -> None:
    assert not asks_for_help_now(text)
