"""What stands behind the turns: forces, keys, store. While any of it is missing the bot serves help alone."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from random import SystemRandom

import structlog

from bot.settings import Settings
from peer_support.crisis.contacts import CONFIRMED_FILE, Confirmed, Contact, confirm, packaged
from peer_support.forces import Forces
from peer_support.forces_file import ForcesUnreadable
from peer_support.ids import new_id
from peer_support.ports import Desk, Names
from storage.engine import Patience, read_address, sqlite_file
from storage.errors import KeysUnreadable, StoreError, StoreUnavailable
from storage.health import Health
from storage.keys import KeyFile, KeyRing, LookupKey, beside, local_keys
from storage.store import Store

log = structlog.get_logger()
BEAT_SECONDS = 15.0
DEMO = Path(__file__).parent / "demo"


def forces_file(settings: Settings) -> Path | None:
    """The one list of tenants. Local mode without a file uses the demo's."""
    return settings.forces_file or (DEMO / "forces.toml" if settings.local else None)


def load_forces(settings: Settings) -> Forces:
    """ForcesUnreadable where there is no file, or it is broken."""
    path = forces_file(settings)
    if path is None:
        raise ForcesUnreadable(["PEER_SUPPORT_FORCES_FILE isn't set, so no force may use the bot yet."])
    return Forces.load(path, settings.policy())


def load_contacts(settings: Settings) -> Confirmed:
    """The packaged help lines, with the checks that stand in the small file beside the forces file."""
    path = forces_file(settings)
    return confirm(packaged(), path.with_name(CONFIRMED_FILE)) if path is not None else Confirmed(packaged())


def key_file(settings: Settings) -> KeyFile | None:
    """The file that holds the keys; None where they stand in the environment."""
    if settings.keys_file is not None:
        return KeyFile(settings.keys_file)
    if settings.keys.get_secret_value() or settings.lookup_key.get_secret_value():
        return None
    database = sqlite_file(read_address(settings.database_url.get_secret_value()))
    return beside(database) if settings.local and database is not None else None


def load_keys(settings: Settings) -> tuple[KeyRing, LookupKey]:
    """The keys of the environment or of their file; in local mode without any, those beside the database.

    KeysUnreadable otherwise.
    """
    ring, lookup = settings.keys.get_secret_value(), settings.lookup_key.get_secret_value()
    if settings.keys_file is not None:
        if ring or lookup:
            raise KeysUnreadable(
                "PEER_SUPPORT_KEYS_FILE is set, and so are keys in the environment: unset one of the two."
            )
        keys = KeyFile(settings.keys_file).read()
        return keys.ring, keys.lookup
    if ring and lookup:
        return KeyRing.parse(ring), LookupKey.parse(lookup)
    if ring or lookup:
        missing = "PEER_SUPPORT_LOOKUP_KEY" if ring else "PEER_SUPPORT_KEYS"
        raise KeysUnreadable(f"{missing} isn't set; both keys are needed.")
    database = sqlite_file(read_address(settings.database_url.get_secret_value()))
    if settings.local and database is not None:
        return local_keys(database)
    raise KeysUnreadable("PEER_SUPPORT_KEYS and PEER_SUPPORT_LOOKUP_KEY aren't set.")


async def open_store(settings: Settings) -> Store:
    """The store, opened with its keys. StoreError, in one sentence, where it can't be."""
    try:
        keys, lookup = load_keys(settings)
        patience = Patience(settings.database_patience)
        return await Store.open(settings.database_url.get_secret_value(), keys, lookup, patience)
    except OSError as fault:
        raise StoreUnavailable(
            f"The database's folder can't be used: {fault.strerror or 'no reason'}."
        ) from fault


def _contacts(settings: Settings) -> tuple[Contact, ...]:
    try:
        return load_contacts(settings).contacts
    except Exception as fault:  # noqa: BLE001 - the guard has words of its own for this
        log.error("contacts_unreadable", error=type(fault).__name__)
        return ()


class Backstage:
    """Opened as soon as it can be, and tried again until then. `why` says what is missing, for the operator."""

    def __init__(self, settings: Settings, names: Names) -> None:
        self._settings, self._names = settings, names
        self.contacts = _contacts(settings)
        self.store: Store | None = None
        self.forces: Forces | None = None
        self.why = "not opened yet"
        self._desk: Desk | None = None
        self._id, self._beaten = new_id(), -BEAT_SECONDS
        try:
            self.forces = load_forces(settings)
        except ForcesUnreadable as fault:
            self.why = str(fault)
            log.error("forces_unreadable")

    def desk(self) -> Desk | None:
        """The desk that turns are worked at; None in help-only mode."""
        return self._desk

    def allowed(self, tenant_id: str) -> bool:
        """Whether a tenant may use the bot. With no list of forces, none may, and everybody is shown help."""
        return self.forces is not None and self.forces.allows(tenant_id)

    def nations_of(self, tenant_id: str) -> frozenset[str]:
        """Where a tenant's people are. LookupError where no list of forces can be read."""
        if self.forces is None:
            raise LookupError("no forces")
        return self.forces.nations_of(tenant_id)

    async def open(self) -> bool:
        """Try to open what isn't open yet. True once turns can be worked."""
        if self._desk is not None:
            if self.store is not None and self.store.unlocked:
                return True
            await self._shut()
        if self.forces is None:
            return False
        try:
            store = self.store or await open_store(self._settings)
            self.store = store
            if self._settings.local and not (await store.ready()).migrated:
                await store.migrate()
            health = await store.ready()
        except (StoreError, OSError) as fault:
            self._not_yet(str(fault))
            return False
        if not health.ready:
            self._not_yet(health.why)
            await store.close()
            self.store = None
            return False
        self._desk = Desk(
            open_work=store.work,
            forces=self.forces,
            names=self._names,
            chance=SystemRandom(),
            forms=self._settings.forms,
            contacts=self.contacts,
            scrub=store.scrub,
            pages=self._settings.pages,
        )
        self.why = ""
        log.info("store_opened")
        return True

    async def beat(self) -> None:
        """Say now and then that this process serves, so that nobody changes the look-up key meanwhile."""
        if self._desk is None or self.store is None or time.monotonic() - self._beaten < BEAT_SECONDS:
            return
        try:
            await self.store.beat(self._id)
        except StoreError as fault:
            log.warning("beat_failed", error=type(fault).__name__)
        else:
            self._beaten = time.monotonic()

    async def health(self) -> Health:
        """How the store stands now."""
        return await self.store.ready() if self.store is not None else Health(why=self.why)

    async def close(self) -> None:
        """Let the store go."""
        if self.store is not None and self._beaten > -BEAT_SECONDS:
            with contextlib.suppress(StoreError):
                await self.store.leave(self._id)
        await self._shut()

    async def _shut(self) -> None:
        """Its keys fit no more, or the process ends."""
        self._desk, store, self.store = None, self.store, None
        if store is not None:
            await store.close()

    def _not_yet(self, why: str) -> None:
        if why != self.why:
            log.error("help_only_mode", reason="store_not_open")
        self.why = why
