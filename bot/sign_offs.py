"""Who signs before real people use the bot, what each signature covers, and whether that has changed since."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from bot.settings import Settings
from cards.words import ENGLISH, WELSH, keys, say
from peer_support.crisis.ladder import version as lexicon_version

SIGNED_FILE = "signed.toml"
_MARKS = 12


@dataclass(frozen=True, slots=True)
class SignOff:
    """One who signs. `words` are the first parts of the catalogue's keys that they read; none means all of them."""

    id: str
    who: str
    what: str
    words: tuple[str, ...] = ()
    language: str = ENGLISH
    lexicon: bool = False
    keeping: bool = False

    def reads(self, settings: Settings) -> Iterator[tuple[str, str]]:
        """What they sign, as (name, words), in one order."""
        for key in sorted(keys(self.language)):
            if not self.words or key.startswith(self.words):
                yield key, say(key, self.language)
        if self.lexicon:
            yield "lexicon", lexicon_version()
        if self.keeping:
            for name, number in sorted(asdict(settings.policy()).items()):
                yield f"policy.{name}", json.dumps(number, default=str)

    def mark(self, settings: Settings) -> str:
        """A short mark of all that they sign: another one as soon as a word or a number of it changes."""
        whole = json.dumps(list(self.reads(settings)), ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()[:_MARKS]


SIGN_OFFS = (
    SignOff(
        "clinical-lead",
        "Clinical lead",
        "the crisis cards, the help lines' words, and what the bot listens for",
        ("crisis.", "help.", "footer.", "more_support.", "worried."),
        lexicon=True,
    ),
    SignOff(
        "dpo",
        "Data protection officer",
        "the privacy words and how long things are kept (docs/dpia.md)",
        ("privacy.", "page.privacy."),
        keeping=True,
    ),
    SignOff(
        "legal",
        "Legal adviser",
        "the limits of confidentiality and the terms",
        ("limits.", "page.terms."),
    ),
    SignOff(
        "staff-associations",
        "Staff associations",
        "the limits of confidentiality and the first words people read",
        ("limits.", "welcome."),
    ),
    SignOff("welsh", "First-language Welsh reader", "every Welsh word", language=WELSH),
    SignOff(
        "accessibility",
        "Accessibility lead",
        "the accessibility statement (docs/accessibility.md)",
        ("page.accessibility.",),
    ),
)
BY_ID = {each.id: each for each in SIGN_OFFS}


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as it was given."""

    by: str
    on: date
    mark: str


def read_signed(path: Path) -> dict[str, Signed]:
    """The signatures on file, by who signs. ValueError, in a sentence, where the file is broken."""
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise ValueError(f"{path.name} can't be read ({type(fault).__name__}).") from None
    found = {}
    for name, row in rows.items():
        given = row if isinstance(row, dict) else {}
        by, on, mark = given.get("by"), given.get("on"), given.get("mark")
        if name not in BY_ID or not isinstance(by, str) or not isinstance(mark, str) or type(on) is not date:
            raise ValueError(f"{path.name}: [{name}] needs by, on and mark, and a name that signs here.")
        found[name] = Signed(by, on, mark)
    return found


def write_signed(path: Path, signed: dict[str, Signed]) -> None:
    """All of it anew, in one move, so that a stop halfway leaves the old file."""
    lines = ["# Who signed what. Written by `python -m bot sign`; see docs/go-live.md."]
    for name, each in sorted(signed.items()):
        by = json.dumps(each.by, ensure_ascii=False)
        lines += ["", f"[{name}]", f"by = {by}", f"on = {each.on.isoformat()}", f'mark = "{each.mark}"']
    beside = path.with_name(f".{path.name}.new")
    beside.write_text("\n".join([*lines, ""]), "utf-8")
    beside.replace(path)


def standing(each: SignOff, signed: dict[str, Signed], settings: Settings) -> tuple[bool, str]:
    """Whether a signature stands, and the words that say so."""
    given = signed.get(each.id)
    if given is None:
        return False, f"not signed yet: {each.what}"
    told = f"{given.by}, {given.on.isoformat()}"
    if given.mark != each.mark(settings):
        return False, f"changed since it was signed ({told}): {each.what}"
    return True, f"signed by {told}"
