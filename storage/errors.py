"""What may go wrong here, each as one clear sentence that holds no key, no password and nobody's words."""

from __future__ import annotations


class StoreError(Exception):
    """Any trouble with the store. Nothing of the unit of work it ended was kept.

    `cause` is the database's own code for it, for the log: it holds no row and no words.
    """

    def __init__(self, said: str = "", *, cause: str = "") -> None:
        super().__init__(said)
        self.cause = cause


class StoreUnavailable(StoreError):
    """The database can't be reached, is too busy, or didn't answer in time."""


class StoreBusy(StoreUnavailable):
    """Two units waited for each other, and this one was given up. Begun again, it finds its way free."""


class StoreRefused(StoreError):
    """The database refused a row: a fault in our own code, never in what a person typed."""


class StoreLocked(StoreError):
    """The keys aren't those the rows were sealed with, so the store stays shut and nothing is written."""


class SealBroken(StoreError):
    """A sealed text doesn't open: it was changed, moved from another row, or its key is gone."""


class ChainBroken(StoreError):
    """The audit's chain has no end that our keys signed: somebody else wrote there, so nothing is sealed onto it."""


class KeysUnreadable(StoreError):
    """The keys as given can't be used. Says how they should look, never what they are."""


class AddressUnreadable(StoreError):
    """The database's address can't be used. Says what it should look like, never its password."""


class AlreadyServing(StoreError):
    """Another process serves on this SQLite file: one file, one serving process."""
