"""The forces of this deployment. The forces file is the one list of tenants whose people may use the bot."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from peer_support.force import Force, LocalContact
from peer_support.forces_file import ForcesUnreadable, read_forces
from peer_support.policy import Policy
from peer_support.taxonomy import NATIONS

__all__ = ["Force", "Forces", "ForcesUnreadable", "LocalContact"]


@dataclass(frozen=True)
class Forces:
    """All forces of this deployment, in the order of the file."""

    all: tuple[Force, ...]

    @classmethod
    def load(cls, path: Path, base: Policy | None = None) -> Forces:
        """Read a forces file. `base` has the deployment's policy numbers, which a force may set otherwise.

        Raises ForcesUnreadable with everything that is wrong in it.
        """
        try:
            entries = tomllib.loads(path.read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise ForcesUnreadable([f"{path} can't be read: {fault}"]) from fault
        return cls(read_forces(entries, base or Policy()))

    @cached_property
    def by_id(self) -> Mapping[str, Force]:
        """Each force under its id."""
        return {force.id: force for force in self.all}

    @cached_property
    def _by_tenant(self) -> Mapping[str, tuple[Force, ...]]:
        tenants = {tenant for force in self.all for tenant in force.tenants}
        return {tenant: tuple(force for force in self.all if tenant in force.tenants) for tenant in tenants}

    def of_tenant(self, tenant_id: str) -> tuple[Force, ...]:
        """The forces that share a tenant; none where the tenant isn't ours. Several: the person is asked which."""
        return self._by_tenant.get(tenant_id.lower(), ())

    def allows(self, tenant_id: str) -> bool:
        """Whether people of this tenant may use the bot."""
        return tenant_id.lower() in self._by_tenant

    def nations_of(self, tenant_id: str) -> frozenset[str]:
        """Where a tenant's people are. Nobody's tenant may be anywhere, so all nations' lines are shown to them."""
        return frozenset(nation for force in self.of_tenant(tenant_id) for nation in force.nations) or NATIONS
