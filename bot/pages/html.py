"""The page around the words: landmarks, one first heading, a way past the menu, and help at the foot of each page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib import resources
from string import Template

from cards.crisis import line_elements, packaged_message
from cards.reader import Reader
from peer_support.crisis.contacts import Contact

_HERE = resources.files(__package__)
_LAYOUT = Template(_HERE.joinpath("layout.html").read_text("utf-8"))
# What stands beside the pages: where, its kind, and itself.
BESIDE = (
    ("/page.css", "text/css", _HERE.joinpath("page.css").read_text("utf-8")),
    ("/page.svg", "image/svg+xml", _HERE.joinpath("icon.svg").read_text("utf-8")),
)
# Where each page stands; the names are also those of its words.
PLACES: Mapping[str, str] = {
    "home": "/",
    "privacy": "/privacy",
    "terms": "/terms",
    "accessibility": "/accessibility",
}


def whole_page(name: str, main: Iterable[str], reader: Reader, contacts: Sequence[Contact]) -> str:
    """A page, with what `main` holds already escaped."""
    site, title = reader.say("page.site"), reader.say(f"page.{name}.title")
    return _LAYOUT.substitute(
        lang="en-GB" if reader.spoken == "en" else reader.spoken,
        title=escape(site if name == "home" else f"{title} - {site}"),
        skip=escape(reader.say("page.skip")),
        site=escape(site),
        nav_label=escape(reader.say("page.nav")),
        nav="".join(_links(name, reader)),
        main="\n".join([f"<h1>{escape(title)}</h1>", *main]),
        help="\n".join(_help(reader, contacts)),
        about_pages=escape(reader.say("page.about_pages")),
    )


def heading(words: str) -> str:
    """A heading inside a page."""
    return f"<h2>{escape(words)}</h2>"


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph; `kind` is a class of the style sheet."""
    return f'<p class="{kind}">{escape(words)}</p>' if kind else f"<p>{escape(words)}</p>"


def listed(lines: Iterable[str]) -> str:
    """A list without an order."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def described(pairs: Iterable[tuple[str, str]]) -> str:
    """Each thing and what there is to say of it."""
    rows = (f"<div><dt>{escape(what)}</dt><dd>{escape(words)}</dd></div>" for what, words in pairs)
    return f"<dl>{''.join(rows)}</dl>"


def _links(current: str, reader: Reader) -> list[str]:
    links = []
    for name, place in PLACES.items():
        here = ' aria-current="page"' if name == current else ""
        links.append(f'<li><a href="{place}"{here}>{escape(reader.say(f"page.{name}.nav"))}</a></li>')
    return [*links, f'<li><a href="#help">{escape(reader.say("page.help.nav"))}</a></li>']


def _help(reader: Reader, contacts: Sequence[Contact]) -> list[str]:
    """Who to ring now, for every nation. Without the contacts data the packaged words stand here."""
    title = heading(reader.say("page.help.heading"))
    emergency = next((each for each in contacts if each.id == "emergency"), None)
    shout = next((each for each in contacts if each.id == "shout"), None)
    if emergency is None or shout is None:
        return [title, listed(packaged_message().text.split("\n\n")[1:-1])]
    lines = [element["text"] for element in line_elements(reader, contacts)]
    deaf = reader.say("crisis.deaf", shout=shout.text, relay=emergency.deaf)
    return [
        title,
        _dialled(paragraph(reader.say("crisis.danger", call=emergency.call)), contacts),
        paragraph(reader.say("crisis.talk")),
        _dialled(listed(lines), contacts),
        paragraph(deaf),
    ]


def _dialled(html: str, contacts: Sequence[Contact]) -> str:
    """The same words, with each number to be pressed on a phone. They stay words to be read and copied."""
    numbers = sorted({escape(each.call) for each in contacts if each.call}, key=len, reverse=True)
    pattern = rf"(?<!\d)(?:{'|'.join(map(re.escape, numbers))})(?!\d)"
    return re.sub(pattern, lambda found: _dial(found[0]), html)


def _dial(number: str) -> str:
    return f'<a href="tel:{re.sub(r"[^0-9+]", "", number)}">{number}</a>'
