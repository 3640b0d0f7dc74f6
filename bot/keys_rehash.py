"""`keys rehash`: the look-up key changed with every process stopped. The new key is kept before anything is changed."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from bot.backstage import key_file, load_keys
from bot.settings import Settings
from bot.terminal import REFUSED, WRONG, err, stop_with
from storage.errors import AlreadyServing
from storage.keys import KeyFile, Keys, LookupKey
from storage.rehash import Rehash
from storage.serving import SingleProcess


async def change_lookup(settings: Settings, settled_in: float, *, give_up: bool) -> int:
    """Begin or go on, and finish. `settled_in` is how long a process may not have seen yet that it must not write."""
    ring, old = load_keys(settings)
    file = key_file(settings)
    following = _following(settings, file, give_up=give_up)
    address = settings.database_url.get_secret_value()
    change = Rehash(address, ring, old, following)
    with ExitStack() as held:
        try:
            held.enter_context(SingleProcess(address))
        except AlreadyServing as fault:
            stop_with(str(fault), REFUSED)
        if give_up:
            await change.give_up()
            _forget(file, following=None)
            _say("Given up. The look-up key is the one it was, and the bot may be started.")
            return 0
        if await change.is_done():
            _say("The database is at the new look-up key.")
        elif not await _finish(change, settled_in):
            _say(
                "Stopped; no row was changed. The bot only gives help until you run this again, or with --give-up."
            )
            return WRONG
    _forget(file, following)
    if file is None:
        _say(
            "Now set PEER_SUPPORT_LOOKUP_KEY to what PEER_SUPPORT_NEXT_LOOKUP_KEY is, unset that one, and start the "
            "bot. Until then it only gives help."
        )
    else:
        _say(f"{file.path} holds the new key. Start the bot with it. Old backups still need the old one.")
    return 0


async def _finish(change: Rehash, settled_in: float) -> bool:
    try:
        await change.begin()
    except AlreadyServing as fault:
        stop_with(str(fault), REFUSED)
    try:
        with err.status("Waiting until nobody can be writing") as status:
            await asyncio.sleep(settled_in)
            done = await change.finish(lambda count: status.update(f"Hashed anew: {count}"))
    except asyncio.CancelledError:  # ctrl-C
        return False
    _say(f"Hashed anew: {done}.")
    return True


def _following(settings: Settings, file: KeyFile | None, *, give_up: bool) -> LookupKey:
    """The key to change to, kept by somebody already: a crash in between must not lose it."""
    if file is None:
        given = settings.next_lookup_key.get_secret_value()
        if not given and not give_up:
            stop_with(
                "Set PEER_SUPPORT_NEXT_LOOKUP_KEY to a new key first, such as `openssl rand -base64 32` makes, and "
                "keep it where the others are.",
                REFUSED,
            )
        return LookupKey.parse(given) if given else LookupKey.new()
    keys = file.read()
    following = keys.next_lookup or LookupKey.new()
    if keys.next_lookup is None and not give_up:
        file.replace(Keys(keys.ring, keys.lookup, following))
    return following


def _forget(file: KeyFile | None, following: LookupKey | None) -> None:
    if file is not None:
        keys = file.read()
        file.replace(Keys(keys.ring, following or keys.lookup))


def _say(words: str) -> None:
    err.print(words, markup=False, highlight=False, soft_wrap=True)
