from __future__ import annotations

import gc
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from structlog.testing import capture_logs

import bot.guard
from bot.guard import Guard
from cards.crisis import packaged_message
from cards.verbs import Verb
from peer_support.crisis import contacts, ladder
from peer_support.crisis import voice as voice_room
from peer_support.crisis.ladder import Tier
from peer_support.people import Address

VOICE_FILE = Path(voice_room.__file__).with_name("voice.bin")
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
ENGLAND = "00000000-0000-0000-0000-0000000000e1"


def nations_of(tenant_id: str) -> frozenset[str]:
    return {ENGLAND: frozenset({"E"})}[tenant_id]


def guard(**options: Any) -> Guard:
    return Guard(options.pop("nations_of", nations_of), now=lambda: NOW, **options)


def says(text: str | None = None, **more: Any) -> dict[str, Any]:
    words = {} if text is None else {"text": text}
    return {
        "type": "message",
        "locale": "en-GB",
        "channelData": {"tenant": {"id": ENGLAND}},
        **words,
        **more,
    }


def presses(verb: str, **data: str) -> dict[str, Any]:
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": {"v": 1, **data}}}
    return says(None, type="invoke", name="adaptiveCard/action", value=value)


def submits(verb: str, **data: str) -> dict[str, Any]:
    return says(None, value={"verb": verb, "v": 1, **data})


def in_dialog(verb: str, **data: str) -> dict[str, Any]:
    return says(None, type="invoke", name="task/submit", value={"data": {"verb": verb, **data}})


GUARD = guard()


@pytest.mark.parametrize("text", ["help now", "HELP NOW!!", "hlep me", "999", "cymorth rŵan", "code zero"])
def test_help_now_by_text(text: str) -> None:
    given = GUARD.answer(says(text))
    assert given is not None
    assert (given.variant, given.tier) == ("danger", Tier.NONE)
    assert "0300 131 2789" in given.message.text


QUOTED = "Hello. You can use this chat to ask for a peer supporter. " * 9


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        (f"{QUOTED}\r\n\r\nhelp now", "Help now"),
        ("help me\n\nthis is about last night, sorry to be a bother", "Help now"),
        ("Help now.\nHelp now.\nHelp now.\nHelp now.\n", "Help now"),
        (f"{QUOTED}\ncymorth nawr", "Help nawr"),
    ],
)
def test_help_now_on_a_line_of_its_own(text: str, heading: str) -> None:
    given = GUARD.answer(says(text))
    assert given is not None
    assert given.variant == "danger"
    assert given.message.text.startswith(heading)


@pytest.mark.parametrize("way", [presses, submits, in_dialog])
@pytest.mark.parametrize("verb", ["help_now", "Help_Now", "help now", "helpnow"])
def test_help_now_by_button_with_whatever_was_typed_in_the_form(way: Any, verb: str) -> None:
    given = GUARD.answer(way(verb, note="nothing much"))
    assert given is not None
    assert given.variant == "danger"


def test_help_now_where_the_value_came_as_text() -> None:
    given = GUARD.answer(says(None, value=json.dumps({"verb": "help_now", "v": 1})))
    assert given is not None
    assert given.variant == "danger"


@pytest.mark.parametrize(
    ("subject", "shows"), [("S", "NHS 24"), ("NI", "Lifeline"), ("W", "Wales"), ("E-S", "NHS 24")]
)
def test_a_nations_button_shows_that_nation(subject: str, shows: str) -> None:
    for way in (presses, submits):
        given = GUARD.answer(way("help_now", id=subject))
        assert given is not None
        assert shows in given.message.text


@pytest.mark.parametrize("subject", ["", "X", "E-X", "e", "-", "request-17"])
def test_any_other_id_leaves_the_readers_own_nation(subject: str) -> None:
    given = GUARD.answer(submits("help_now", id=subject))
    assert given is not None
    assert given.message == GUARD.whenever(says("x")).message


@pytest.mark.parametrize(
    ("text", "variant", "tier"),
    [
        ("I'm going to kill myself tonight", "danger", Tier.DANGER),
        ("I keep thinking about killing myself", "suicide", Tier.ACTIVE),
        ("they'd be better off without me", "suicide", Tier.PASSIVE),
        ("I'm worried my colleague will kill himself", "someone_else", Tier.THIRD),
        ("mae fy ffrind eisiau marw", "someone_else", Tier.THIRD),
    ],
)
def test_free_text_is_answered_by_the_fitting_card(text: str, variant: str, tier: Tier) -> None:
    seen: list[Tier] = []
    given = guard(seen=seen.append).answer(says(text))
    assert given is not None
    assert (given.variant, given.tier, seen) == (variant, tier, [tier])


@pytest.mark.parametrize(
    "text", ["hello", "request", "help", "killed in an RTC", "", "carry on", "my matches"]
)
def test_anything_else_is_for_the_dialogs(text: str) -> None:
    seen: list[Tier] = []
    assert guard(seen=seen.append).answer(says(text)) is None
    assert seen == []


def test_soft_words_are_counted_and_left_to_the_dialogs() -> None:
    seen: list[Tier] = []
    assert guard(seen=seen.append).answer(says("I'm at breaking point")) is None
    assert seen == [Tier.SOFT]


def test_soft_words_in_an_edit_are_answered_here_for_it_goes_no_further() -> None:
    given = GUARD.answer(says("I'm at breaking point", type="messageUpdate"))
    assert given is not None
    assert (given.variant, given.tier) == ("soft", Tier.SOFT)
    assert GUARD.answer(says("hello", type="messageUpdate")) is None


@pytest.mark.parametrize("way", [presses, submits, in_dialog])
def test_what_is_typed_in_a_form_never_stops_the_act(way: Any) -> None:
    for words in ("I want to kill myself", "help now"):
        assert GUARD.answer(way("form.review", note=words)) is None


def test_no_other_verb_is_taken_for_help_now() -> None:
    answered = {verb for verb in Verb if GUARD.answer(submits(verb)) is not None}
    assert answered == {Verb.HELP_NOW, Verb.MORE_SUPPORT}


@pytest.mark.parametrize(
    "value",
    [
        "I want to kill myself",
        {"say": ["I want to kill myself"]},
        {"a": {"b": [{"c": "help now"}]}},
        ["help now"],
    ],
)
def test_words_in_a_value_that_names_no_act_are_read(value: object) -> None:
    assert GUARD.answer(says(None, value=value)) is not None


@pytest.mark.parametrize("way", [presses, submits, in_dialog])
def test_more_support_by_button(way: Any) -> None:
    given = GUARD.answer(way("more_support", id="S"))
    assert given is not None
    assert given.variant == "more_support"
    assert "Breathing Space: 0800 83 85 87. Open now." in given.message.text
    assert "CALM: 0800 58 58 58. Closed now, opens 17:00." in given.message.text


def test_more_support_by_text() -> None:
    given = GUARD.answer(says("More support."))
    assert given is not None
    assert given.variant == "more_support"


IMAGE = {"contentType": "image/png", "contentUrl": "https://example.invalid/a.png"}
VOICE = {"contentType": "audio/ogg", "contentUrl": "https://example.invalid/a.ogg"}
PREVIEW = {"contentType": "application/vnd.microsoft.card.thumbnail", "content": {}}
RENDERING = {"contentType": "text/html", "content": "<p>hello there</p>"}
PICTURE = {"contentType": "text/html", "content": '<p><img src="https://example.invalid/a" alt=""></p>'}


@pytest.mark.parametrize(
    ("activity", "variant"),
    [
        (says(None, attachments=[IMAGE]), "cant_open"),
        (says("  ", attachments=[IMAGE, PICTURE]), "cant_open"),
        (says("", attachments=[PICTURE]), "cant_open"),
        (says("", attachments=[RENDERING, IMAGE]), "cant_open"),
        (says("hello there", attachments=[RENDERING]), None),
        (says("", attachments=[RENDERING]), None),
        (says("hello", attachments=[IMAGE]), "read_not_opened"),
        (says("listen please", attachments=[RENDERING, VOICE]), "read_not_opened"),
        (says("I can't cope", attachments=[VOICE]), "read_not_opened"),
        (says("I want to die", attachments=[IMAGE]), "suicide"),
        (says("hello", attachments=[PREVIEW]), None),
        (says("hello", attachments=[{}]), "read_not_opened"),
        (says("help now", attachments=[IMAGE]), "danger"),
        (says("", attachments=[{"contentType": "text/html", "content": "<p>help now</p>"}]), "danger"),
        (says("hello", attachments="nonsense"), None),
        (says("", attachments=[]), None),
    ],
)
def test_what_cannot_be_read(activity: dict[str, Any], variant: str | None) -> None:
    given = GUARD.answer(activity)
    assert (given and given.variant) == variant


def test_a_call_among_many_words_in_a_value_is_heard() -> None:
    many = [f"line {number}" for number in range(300)]
    for call, variant in (("help now", "danger"), ("I want to die", "suicide"), ("nothing much", None)):
        given = GUARD.answer(says(None, value={"x": [*many, call, *many]}))
        assert (given and given.variant) == variant


def test_help_only_and_whenever() -> None:
    only = GUARD.help_only(says("hello"))
    assert only.message.text.startswith("I can't take requests just now\n\nNothing you sent was kept.")
    assert "116 123" in only.message.text
    assert GUARD.whenever(says("hello")).variant == "danger"


def broken(*_: object) -> Any:
    raise OSError("broken")


def test_where_the_nations_are_not_known_all_are_shown() -> None:
    everywhere = guard(nations_of=lambda _: frozenset({"E", "W", "S", "NI"})).whenever(says("x")).message
    odd: list[Any] = [broken, lambda _: frozenset(), lambda _: {"X"}, lambda _: None, lambda _: 3]
    for answers in odd:
        assert guard(nations_of=answers).whenever(says("x")).message == everywhere
    for strange in ({}, {"channelData": None}, {"channelData": {"tenant": 3}}, {"locale": 7}, [], None):
        assert GUARD.whenever(strange).message == everywhere


@pytest.mark.parametrize("locale", ["fr-FR", "xx", "", None, 3])
def test_a_language_without_words_is_answered_in_english(locale: object) -> None:
    given = GUARD.answer(says("help now", locale=locale))
    assert given is not None
    assert "Help now" in given.message.text


@pytest.mark.parametrize("place", ["asked_for", "asks_for_help_now", "_hear", "folded"])
def test_any_fault_inside_shows_the_crisis_card(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    built = guard()
    monkeypatch.setattr(bot.guard, place, broken)
    given = built.answer(says("good morning"))
    assert given is not None
    assert given.variant == "danger"


def test_a_broken_lexicon_shows_the_crisis_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "_lexicon", broken)
    with capture_logs() as lines:
        built = guard()
    assert [line["event"] for line in lines] == ["ladder_broken"]
    given = built.answer(says("good morning"))
    assert given is not None
    assert given.variant == "danger"


@pytest.mark.parametrize(
    "packed", [b"", b"not a voice", (PACKED := VOICE_FILE.read_bytes())[:-1], PACKED[:99]]
)
def test_without_its_second_voice_the_patterns_hear_alone(
    monkeypatch: pytest.MonkeyPatch, packed: bytes
) -> None:
    """A card for every word would be a card that nobody reads; the fault is logged once, and the file tried once."""
    tries = []

    def torn(name: str) -> bytes:
        tries.append(name)
        return packed

    monkeypatch.setattr(voice_room, "_packaged", torn)
    voice_room.voice.cache_clear()
    try:
        with capture_logs() as lines:
            built = guard()
            heard = [
                built.answer(says(words)) for words in ("good morning", "swap my rest day", "I want to die")
            ]
        assert [line["event"] for line in lines] == ["second_voice_unreadable"]
        assert [given and given.variant for given in heard] == [None, None, "suicide"]
        assert tries.count("voice.bin") == 1
    finally:
        voice_room.voice.cache_clear()


def test_a_second_voice_that_is_missing_is_no_fault_of_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_room, "_packaged", broken)
    voice_room.voice.cache_clear()
    try:
        given = guard().answer(says("hello there"))
        assert given is None
    finally:
        voice_room.voice.cache_clear()


@pytest.mark.parametrize(
    ("text", "variant", "number"),
    [
        ("he hits me", "domestic_abuse", "0808 2000 247"),
        ("my husband hits me when the kids are in bed", "domestic_abuse", "0808 2000 247"),
        ("my wife raped me", "sexual_harm", "116 123"),
        ("my sgt is abusing me", "danger", "116 123"),
        ("my husband hits me and I want to die", "danger", "116 123"),
        ("he's got a knife and he's outside", "danger", "116 123"),
    ],
)
def test_danger_from_somebody_brings_the_lines_for_it(text: str, variant: str, number: str) -> None:
    given = GUARD.answer(says(text))
    assert given is not None
    assert (given.variant, given.tier) == (variant, Tier.DANGER)
    assert number in given.message.text
    assert "999" in given.message.text


def test_without_contacts_or_words_the_packaged_words_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((bot.guard, "packaged"), (bot.guard, "render_all")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, broken)
            built = guard()
        for activity in (says("help now"), submits("help_now")):
            given = built.answer(activity)
            assert given is not None
            assert given.message.text == packaged_message().text
    with monkeypatch.context() as patch:
        patch.setattr(bot.guard, "packaged", broken)
        given = guard().answer(submits("more_support"))
    assert given is not None
    assert "116 123" in given.message.text


def test_a_count_that_fails_loses_no_answer() -> None:
    given = guard(seen=broken).answer(says("I want to die"))
    assert given is not None
    assert given.variant == "suicide"


def test_the_same_card_each_time_however_often() -> None:
    first = GUARD.answer(says("help now"))
    before = json.dumps(first.message.card) if first else ""
    for _ in range(50):
        assert GUARD.answer(says("help now")) == first
    assert first is not None
    assert json.dumps(first.message.card) == before


def test_it_is_no_part_of_what_may_be_broken() -> None:
    """Storage and the database's packages must not be needed for it."""
    code = "import sys, bot.guard; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - our own code
    loaded = set(done.stdout.split())
    assert "peer_support" in loaded
    assert not loaded & {"storage", "sqlalchemy", "alembic", "botbuilder", "aiohttp", "cryptography"}


@pytest.mark.parametrize(("unreadable", "english"), [("cy", True), ("en", False)])
def test_a_catalogue_that_cannot_be_read_stops_nothing(unreadable: str, *, english: bool) -> None:
    reads = (
        "from babel.messages import pofile\n"
        "read = pofile.read_po\n"
        "def read_po(lines, locale):\n"
        f"    if locale == {unreadable!r}: raise OSError('unreadable')\n"
        "    return read(lines, locale=locale)\n"
        "pofile.read_po = read_po\n"
        "import bot.service\n"
        "from bot.guard import Guard\n"
        "guard = Guard(lambda _: frozenset({'E'}))\n"
        "for words in ('help nawr', 'more support', {'verb': 'help_now', 'id': 'cy'}):\n"
        "    said = {'text': words} if isinstance(words, str) else {'value': words}\n"
        "    print(guard.answer({'type': 'message', 'locale': 'cy', **said}).message.text)\n"
    )
    ran = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", reads], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert ran.stdout.count("116 123") >= 3
    assert ("More support" in ran.stdout) is english
    assert "catalogue_unreadable" in ran.stdout


AT_REST = 0.00134  # seconds of the loop below, where nothing else runs


def taken(activity: dict[str, Any], rounds: int) -> list[float]:
    """This thread's own seconds for each round, the shortest first: no other process and no collector counts."""
    times = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            began = thread_time()
            GUARD.answer(activity)
            times.append(thread_time() - began)
    finally:
        gc.enable()
    return sorted(times)


ORDINARY = (
    "Been on nights all week, dead on my feet, and attended a suicide on the railway on Tuesday. "
    "My sergeant says the file has to be in by the end of the shift and my back is killing me. "
    "I'd like to talk to someone outside my force about it, no rush, next week is fine. "
)


def slowed() -> float:
    """How much slower this machine now runs plain Python than with nothing else to do, by the best of many tries."""
    times = []
    for _ in range(40):
        began = thread_time()
        sum(number * number for number in range(20_000))
        times.append(thread_time() - began)
    return max(1.0, min(times) / AT_REST)


def test_500_characters_take_under_one_and_a_half_milliseconds_of_the_threads_own_time() -> None:
    """The shortest of many rounds, in time that this thread ran, gc off.

    Neighbours on the same cores slow a thread's own time too: by so much as a plain loop beside it is slowed.
    """
    text = (ORDINARY * 3)[:500]
    assert GUARD.answer(says(text)) is None
    best = min(taken(says(text), 100)[0] / slowed() for _ in range(5))
    assert best < 0.0015, best


@pytest.mark.parametrize(
    "activity",
    [
        says("i want to " * 2800),
        says("kill end life die jump pills himself cut be here point " * 500),
        says("<a x=" * 5600),
        says("ﷺ" * 9000),
        says(None, value=["help"] * 7000),
        says(None, value={"x": ["kill end life die"] * 1500}),
        says(None, value={"x": [f"kill end {number}" for number in range(1900)]}),
        says(None, attachments=[{"contentType": "text/html", "content": "<p>" * 9000}]),
    ],
    ids=range(8),
)
def test_a_hostile_activity_of_28_kilobytes_is_bounded(activity: dict[str, Any]) -> None:
    """In time that this thread ran, the shortest of a few rounds."""
    assert taken(activity, 3)[0] < 0.6


def test_a_deep_value_is_bounded() -> None:
    value: Any = "help now"
    for _ in range(5000):
        value = [value]
    assert GUARD.answer(says(None, value=value)) is None


def test_an_activity_says_nothing_of_who_sent_it() -> None:
    address = Address("https://example.invalid", "conversation", ENGLAND, "somebody", "bot")
    given = GUARD.answer(says("help now", **{"from": {"id": address.user_id, "name": "Jo Evans"}}))
    assert given is not None
    assert "Jo" not in given.message.text


def test_the_contacts_are_read_once_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    built = guard()
    monkeypatch.setattr(contacts, "packaged", broken)
    assert built.answer(says("help now")) == GUARD.answer(says("help now"))
