"""What help now, and the turns that store something, came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.contenders import BENEATH, FLOOR, HELD, OURS, Contender
from bench.databases import Database
from bench.findings import Part, Promise, Section, Taken, spread, times
from bench.load import AT_ONCE, STORING_AT_ONCE, Sample
from bench.rounds import ACCEPT, BUTTON, SEND, TEXT, Results, of

HELP, REQUESTS = "help", "requests"
TARGET = 1.5
MOST_STATEMENTS = 12
_ACTS = {TEXT: "`help now`, typed", BUTTON: "Help now, pressed"}
_TURNS = {SEND: "Send request", ACCEPT: "Accept"}
_CPU = (
    "CPU is the user and system time of the contender's whole process by the kernel's own clock. The channel and "
    "whoever sends the activities are processes of their own."
)
_SIGNED = (
    "Each activity carries a signed token, which is checked. Typed, the card goes to the connector with a token from a "
    "service that takes 50 ms; pressed, it is in the answer itself. All give the same card, which is looked at before "
    "the rounds; that every card arrived is counted in each."
)
_FLOORS = (
    "The bot makes its cards at start and holds them, whatever else breaks. One floor builds the card afresh each "
    "time; so that this gives the bot no start, the other holds it made, as the bot does. The promise is for both."
)
_ALIKE = "with durable settings, each round on a fresh copy of the same data"
_TURN_ALONE = (
    "The turn alone: its notices are written, and the outbox's sending them afterwards isn't counted; nor is the "
    "database server's CPU; nor are BEGIN and COMMIT, as statements."
)
_SAME_STATEMENTS = (
    "The same statements: the floor beneath those turns. The bot first works each press on another copy of the data, "
    "while the statements that it gives to SQLAlchemy Core are noted with their parameters. The floor then answers the "
    "press: token checked by the same validator, those statements in one transaction, every row read, the card built "
    "afresh, the same bytes sent. It opens and seals nothing, chooses nobody, and makes no statement: they were made "
    "and hashed before. That both ask the same, and answer at the same length, is looked at in every round."
)


@dataclass(frozen=True, slots=True)
class Run:
    """What came of the rounds of help now, or of those of the turns that store something."""

    entered: Sequence[Contender]
    databases: Sequence[tuple[Database, int]]
    results: Results
    seconds: float

    def ratios(self, name: str, act: str, to: str = FLOOR) -> list[float]:
        """CPU against a floor's, round by round."""
        floor, theirs = self.results.samples[to, act], self.results.samples[name, act]
        return [each.cpu_ms / low.cpu_ms for each, low in zip(theirs, floor, strict=True)]


def help_now(run: Run, taken: Taken) -> Section:
    """Help now beside both floors and two SDKs."""
    head = ("contender", "CPU ms a turn", "x floor", "x floor that holds its card", "turns/s", "what it does")
    return Section(
        HELP,
        "Help now",
        (
            f"{run.seconds:g} s an act in each round, {AT_ONCE} activities under way at once. {_CPU}",
            _SIGNED,
            _FLOORS,
            "The two SDKs fetch their token over HTTPS, the only way that MSAL knows.",
        ),
        [Part(words, head, [_row(run, each, act) for each in run.entered]) for act, words in _ACTS.items()],
        [
            times(run.ratios(OURS, act, to), f"{words}, CPU against {of}", TARGET)
            for act, words in _ACTS.items()
            for to, of in ((FLOOR, "the bare floor"), (HELD, "the floor that holds its card"))
        ],
        taken,
    )


def requests(run: Run, taken: Taken) -> Section:
    """A request sent, an offer accepted, beside the statements that they come to."""
    kinds = [database for database, _ in run.databases]
    rows = [_turn(run, kind, act, who) for act in _TURNS for kind in kinds for who in (BENEATH, OURS)]
    head = ("turn", "database", "contender", "CPU ms a turn", "x floor", "turns/s", "statements a turn")
    supporters = max((count for _, count in run.databases), default=0)
    return Section(
        REQUESTS,
        "A request sent, an offer accepted",
        (
            f"{STORING_AT_ONCE} activities under way at once, {_ALIKE} ({supporters} supporters, all free). {_CPU}",
            _TURN_ALONE,
            _SAME_STATEMENTS,
        ),
        [Part("The turns that store something", head, rows)],
        [
            times(_beneath(run, kind, act), f"{words}, {kind.name}, CPU against {BENEATH}", TARGET)
            for act, words in _TURNS.items()
            for kind in kinds
        ]
        + [
            few(run.results.statements[kind.name, act], words, kind)
            for act, words in _TURNS.items()
            for kind in kinds
        ],
        taken,
    )


def few(counts: Sequence[float], words: str, kind: Database) -> Promise:
    """At most so many statements, in every round."""
    return Promise(
        f"{words}, {kind.name}: at most {MOST_STATEMENTS} statements",
        spread(counts),
        max(counts) <= MOST_STATEMENTS,
    )


def _beneath(run: Run, kind: Database, act: str) -> list[float]:
    return run.ratios(kind.name, act, of(BENEATH, kind.name))


def _turn(run: Run, kind: Database, act: str, who: str) -> tuple[str, ...]:
    name = of(who, kind.name)
    samples = run.results.samples[name, act]
    return (
        _TURNS[act],
        f"{kind.name} {kind.version}",
        who,
        spread([each.cpu_ms for each in samples]),
        "1" if who == BENEATH else spread(_beneath(run, kind, act)),
        spread([each.per_second for each in samples]),
        spread(run.results.statements[name, act]),
    )


def _row(run: Run, each: Contender, act: str) -> tuple[str, ...]:
    note = run.results.notes.get((each.name, act))
    if note is not None:
        return (each.name, "not measured", "", "", "", note)
    samples: list[Sample] = run.results.samples[each.name, act]
    return (
        each.name,
        spread([sample.cpu_ms for sample in samples]),
        "1" if each.name == FLOOR else spread(run.ratios(each.name, act)),
        "1" if each.name == HELD else spread(run.ratios(each.name, act, HELD)),
        spread([sample.per_second for sample in samples]),
        each.does,
    )
