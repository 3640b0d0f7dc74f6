"""SQLAlchemy and alembic behind the ports of `peer_support`. Sealing and time repair happen in the mappers."""

from storage.engine import Patience, read_address, sqlite_file
from storage.errors import (
    AddressUnreadable,
    AlreadyServing,
    ChainBroken,
    KeysUnreadable,
    SealBroken,
    StoreBusy,
    StoreError,
    StoreLocked,
    StoreRefused,
    StoreUnavailable,
)
from storage.health import Health
from storage.keys import KeyRing, LookupKey, local_keys
from storage.serving import SingleProcess
from storage.store import Store

__all__ = [
    "AddressUnreadable",
    "AlreadyServing",
    "ChainBroken",
    "Health",
    "KeyRing",
    "KeysUnreadable",
    "LookupKey",
    "Patience",
    "SealBroken",
    "SingleProcess",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreLocked",
    "StoreRefused",
    "StoreUnavailable",
    "local_keys",
    "read_address",
    "sqlite_file",
]
