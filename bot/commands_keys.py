"""`keys`: making, adding, turning and checking the keys. They are shown only where there is no file to put them in."""

from __future__ import annotations

import asyncio
import re
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import ticks
from bot.backstage import key_file, load_keys, open_store
from bot.keys_rehash import change_lookup
from bot.settings import Settings
from bot.terminal import REFUSED, WRONG, err, run, settings_now, stop_with
from storage.keys import KeyFile, KeyRing, Keys, LookupKey, SealingKey
from storage.presence import LEASE_SECONDS
from storage.rotation import Standing, Stopped, Turned

app = typer.Typer(
    no_args_is_help=True, help="The keys that seal what names somebody, and by which people are found."
)
SETTLED_IN = LEASE_SECONDS + 10  # by then every process has looked whether its keys may still seal
KeyId = Annotated[
    str, typer.Argument(metavar="ID", help="A key's id, as it stands in front of it in the ring.")
]


@app.command()
def new(
    file: Annotated[Path | None, typer.Argument(help="Where to write them; shown here without one.")] = None,
) -> None:
    """Make both keys for a new database. Keep them where the database's backups aren't."""
    settings = settings_now()
    file = file or settings.keys_file
    set_already = settings.keys.get_secret_value() or settings.lookup_key.get_secret_value()
    if set_already or (settings.keys_file is not None and settings.keys_file.exists()):
        stop_with(
            "There are keys already. `keys add` adds one; new ones would open nothing that is stored.",
            REFUSED,
        )
    made = Keys(KeyRing.new(), LookupKey.new())
    if file is None:
        for name, value in made.lines().items():
            typer.echo(f"PEER_SUPPORT_{name}={value}")
        return
    try:
        if not KeyFile(file).make(made):
            stop_with(f"{file} is there already, and was left as it is.")
    except OSError as fault:
        stop_with(f"{file} can't be written: {fault.strerror or fault}.")
    say(f"Wrote {file}, for its owner alone. Set PEER_SUPPORT_KEYS_FILE to it.")


@app.command()
def add(
    name: Annotated[
        str, typer.Option("--id", metavar="ID", help="What to call it; the next number without it.")
    ] = "",
) -> None:
    """Add a fresh key at the ring's end: it opens, and seals nothing yet."""
    settings = settings_now()
    run(_add(settings, name))


async def _add(settings: Settings, name: str) -> int:
    ring, _ = load_keys(settings)
    numbers = [int(key.id[1:]) for key in ring.keys if re.fullmatch(r"k\d{1,6}", key.id)]
    fresh = KeyRing.new(name or f"k{max(numbers, default=0) + 1}").keys[0]
    _keep(settings, KeyRing.parse(KeyRing((*ring.keys, fresh)).text()))
    say(
        f"“{fresh.id}” is in the ring, last. Restart every process with this ring, then: keys first {fresh.id}"
    )
    return 0


@app.command()
def first(key_id: KeyId) -> None:
    """Put a key at the ring's front: from the next start on it seals."""
    run(_first(settings_now(), key_id))


async def _first(settings: Settings, key_id: str) -> int:
    ring, _ = load_keys(settings)
    chosen = _of(ring, key_id)
    _keep(settings, KeyRing((chosen, *(key for key in ring.keys if key != chosen))))
    say(f"“{key_id}” is first. Restart every process with this ring, then: keys rotate")
    return 0


@app.command()
def drop(key_id: KeyId) -> None:
    """Take a key out of the ring. Refused while any row still needs it."""
    run(_drop(settings_now(), key_id))


async def _drop(settings: Settings, key_id: str) -> int:
    ring, _ = load_keys(settings)
    gone = _of(ring, key_id)
    if len(ring.keys) == 1:
        stop_with(f"“{key_id}” is the only key. Nothing would open.", REFUSED)
    standing = await _standing(settings)
    if key_id in standing.needed or standing.counts.get(key_id):
        stop_with(f"Rows still need “{key_id}”. Put another first and turn them: keys rotate", REFUSED)
    if key_id in standing.serving:
        stop_with(f"A process still seals with “{key_id}”. Restart it with another first.", REFUSED)
    _keep(settings, KeyRing(tuple(key for key in ring.keys if key != gone)))
    say(
        f"“{key_id}” is out. Restart every process with this ring. Old backups still need it: keep it as long as them."
    )
    return 0


@app.command()
def check() -> None:
    """Say which keys there are, what needs them, and which processes use them. Never what they are."""
    run(_check(settings_now()))


async def _check(settings: Settings) -> int:
    standing = await _standing(settings)
    ids = sorted(standing.in_ring | standing.needed | standing.closed | set(standing.counts))
    for key_id in ids:
        say(f"{key_id:12} {_how(key_id, standing)}")
    used = ", ".join(f"{standing.serving.count(each)} with {each}" for each in sorted(set(standing.serving)))
    say(f"processes    {len(standing.serving)} serve now{': ' + used if used else ''}")
    say("look-up key  fits")
    lost = sorted(set(standing.counts) - standing.in_ring)
    if lost:
        say(f"Rows are sealed with {', '.join(lost)}, which isn't in the ring: put it back.")
    return WRONG if lost else 0


def _how(key_id: str, standing: Standing) -> str:
    if key_id == standing.seals_with:
        words = ["seals"]
    else:
        words = ["opens" if key_id in standing.in_ring else "not in the ring"]
    words.append(f"{standing.counts.get(key_id, 0)} texts")
    if key_id in standing.closed and key_id in standing.in_ring:
        words.append("must stay" if key_id in standing.needed else "may be taken out")
    return ", ".join(words)


@app.command()
def rotate() -> None:
    """Seal everything anew with the ring's first key, while the service runs. Ctrl-C stops it; run again to go on."""
    run(_rotate(settings_now()))


async def _rotate(settings: Settings) -> int:
    store = await open_store(settings)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=err) as progress:
            task = progress.add_task("Sealing anew", total=None)

            def on_batch(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)
                _stop_if(stop)

            async def wait() -> None:
                progress.update(task, description="Waiting until the old key seals nothing")
                await asyncio.wait({asyncio.create_task(stop.wait())}, timeout=SETTLED_IN)
                _stop_if(stop)

            turned = await store.rotation.run(ticks.now, on_batch, wait)
    except Stopped:
        say("Stopped. What was sealed anew stays so, and every key is still needed. Run it again to go on.")
        return WRONG
    finally:
        await store.close()
    return tell(turned)


def _stop_if(stop: asyncio.Event) -> None:
    if stop.is_set():
        raise Stopped


def tell(turned: Turned) -> int:
    """Say what the run came to, and which key may go. Nothing is claimed while any row or process needs it."""
    if turned.others:
        say(
            f"{turned.others} of the processes that serve now don't seal with “{turned.newest}”. Put it first in their "
            "ring and restart them, then run this again. One that was killed counts for a minute."
        )
        return WRONG
    say(f"Sealed anew with “{turned.newest}”: {turned.sealed_anew}.")
    for place, count in turned.broken.items():
        say(
            f"{count} sealed texts in {place} don't open. They were changed or moved by somebody, and were left."
        )
    for key_id, count in turned.needed.items():
        if count:
            say(f"“{key_id}” must stay in the ring: {count} texts still need it.")
    for key_id in turned.free:
        say(f"Nothing needs “{key_id}” any more. It may be taken out: keys drop {key_id}")
    if not (turned.free or turned.needed):
        say("No other key is needed.")
    return WRONG if turned.broken or any(turned.needed.values()) else 0


@app.command()
def rehash(
    *,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Leave the key as it was, after a change cut off.")
    ] = False,
) -> None:
    """Change the look-up key, with every process stopped. Until it is done the bot only gives help."""
    run(change_lookup(settings_now(), SETTLED_IN, give_up=give_up))


async def _standing(settings: Settings) -> Standing:
    store = await open_store(settings)
    try:
        return await store.rotation.standing()
    finally:
        await store.close()


def _of(ring: KeyRing, key_id: str) -> SealingKey:
    found = next((key for key in ring.keys if key.id == key_id), None)
    if found is None:
        stop_with(f"“{key_id}” isn't in the ring. It has: {', '.join(key.id for key in ring.keys)}.", REFUSED)
    return found


def _keep(settings: Settings, ring: KeyRing) -> None:
    """Into the key file; where the keys stand in the environment only its owner can change them."""
    file = key_file(settings)
    if file is None:
        typer.echo(f"PEER_SUPPORT_KEYS={ring.text()}")
        return
    keys = file.read()
    file.replace(Keys(ring, keys.lookup, keys.next_lookup))
    say(f"Wrote {file.path}.")


def say(words: str) -> None:
    """For the operator; beside the keys themselves, which go to standard output."""
    err.print(words, markup=False, highlight=False, soft_wrap=True)
