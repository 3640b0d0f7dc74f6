"""Reads the entries of a forces file. Every fault is found in one go, each with the entry and the key it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import time
from difflib import get_close_matches
from typing import Any

from peer_support.directory import is_directory_id
from peer_support.force import BREAK_GLASS, FEATURES, Force, LocalContact
from peer_support.hours import HoursUnreadable, WeeklyHours
from peer_support.policy import Policy
from peer_support.taxonomy import FORCES, NATIONS, ForceFacts

_FACTS = ("name", "nations", "region")
_KEYS = frozenset(
    (
        "id",
        "tenants",
        "wellbeing",
        "covert_route",
        "local_lines",
        "waking",
        "policy",
        "features",
        "approvers",
        "fictional",
        *_FACTS,
    )
)
_NUMBERS = {each.name: each.type for each in fields(Policy)}
_CONTACT = {each.name for each in fields(LocalContact)}

Table = Mapping[str, object]


class ForcesUnreadable(ValueError):
    """The forces file can't be used. `faults` says what is wrong, one line each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def read_forces(entries: Table, base: Policy) -> tuple[Force, ...]:
    """The forces of a parsed file. Raises ForcesUnreadable where anything in it is wrong."""
    faults = [f"“{key}” is not known here; each force is a [[force]]" for key in entries if key != "force"]
    tables = entries.get("force")
    if not isinstance(tables, list) or not tables:
        raise ForcesUnreadable([*faults, "there is no [[force]]"])
    forces: list[Force] = []
    for place, table in enumerate(tables, start=1):
        if not isinstance(table, dict):
            faults.append(f"force {place}: write it as [[force]] with its keys below")
            continue
        entry = _Entry(table, place)
        force = entry.force(base)
        faults += entry.faults
        if force.id in {other.id for other in forces}:
            faults.append(f"{entry.title}: stands here twice")
        forces.append(force)
    faults += _approvers_elsewhere(forces)
    if faults:
        raise ForcesUnreadable(faults)
    return tuple(forces)


def _approvers_elsewhere(forces: Iterable[Force]) -> Iterable[str]:
    """An approver acts in their own chat with the bot, and stands outside the force: in another force's tenant."""
    forces = list(forces)
    known = {tenant for force in forces for tenant in force.tenants}
    for force in forces:
        for tenant, _ in sorted(force.approvers):
            if tenant in force.tenants:
                yield f"force “{force.id}”: approvers has someone of its own tenant; they must be out of force"
            elif tenant not in known:
                yield f"force “{force.id}”: approvers has “{tenant}”, which is no other force's tenant here"


class _Entry:
    """One [[force]] being read. What can't be read is noted in `faults`, and an empty value stands in for it."""

    def __init__(self, table: Table, place: int) -> None:
        self.faults: list[str] = []
        self._table = table
        self.title = f"force {place}"
        self._id = self._text(table, "id", "id")
        if self._id:
            self.title = f"force “{self._id}”"

    def force(self, base: Policy) -> Force:
        for key in sorted(self._table.keys() - _KEYS):
            self._fault(key, f"is not known; known are {', '.join(sorted(_KEYS))}")
        facts = self._facts()
        return Force(
            id=self._id,
            name=facts.name,
            nations=facts.nations,
            region=facts.region,
            tenants=self._tenants(),
            wellbeing=self._contact("wellbeing", self._table.get("wellbeing")),
            covert_route=self._contact("covert_route", self._table.get("covert_route")),
            local_lines=self._local_lines(),
            policy=self._policy(base),
            features=self._features(),
            approvers=self._approvers(),
            fictional=self._table.get("fictional") is True,
        )

    def _fault(self, key: str, problem: str) -> None:
        self.faults.append(f"{self.title}: {key} {problem}")

    def _text(self, table: Table, key: str, shown: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            self._fault(shown, "is missing" if value is None else "must be words in quotes")
            return ""
        return value.strip()

    def _texts(self, key: str) -> list[str]:
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._fault(key, 'must be a list such as ["one", "two"]')
            return []
        return [each.strip() for each in value]

    def _facts(self) -> ForceFacts:
        nobody = ForceFacts(self._id, "", frozenset(), "")
        packaged = FORCES.get(self._id)
        fictional = self._table.get("fictional", False)
        if not isinstance(fictional, bool):
            self._fault("fictional", "must be true or false")
            return nobody
        if not fictional:
            for key in _FACTS:
                if key in self._table:
                    self._fault(key, "comes from packaged facts, found by id; leave it out")
            if self._id and packaged is None:
                close = get_close_matches(self._id, FORCES, n=1)
                hint = f"; did you mean “{close[0]}”?" if close else ""
                self._fault("id", f"is not a known force{hint}")
            return packaged or nobody
        if packaged is not None:
            self._fault("fictional", f"can't stand with the id of a real force, {packaged.name}")
        nations = frozenset(self._texts("nations"))
        if not nations or not nations <= NATIONS:
            self._fault("nations", "must be some of E, W, S, NI")
        name, region = self._text(self._table, "name", "name"), self._text(self._table, "region", "region")
        return ForceFacts(self._id, name, nations, region)

    def _tenants(self) -> frozenset[str]:
        tenants = self._texts("tenants")
        if "tenants" not in self._table or self._table["tenants"] == []:
            self._fault("tenants", "must name at least one tenant")
        for tenant in tenants:
            if not is_directory_id(tenant):
                self._fault("tenants", f"has “{tenant}”, which is not a tenant id (a GUID of 36 characters)")
        return frozenset(tenant.lower() for tenant in tenants)

    def _contact(self, shown: str, value: object) -> LocalContact | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            self._fault(shown, 'must be like { label = "…", call = "…" }')
            return None
        known = {key: each for key, each in value.items() if key in _CONTACT and isinstance(each, str)}
        for key in sorted(value.keys() - known.keys()):
            self._fault(shown, f"has “{key}”, which is not words under {', '.join(sorted(_CONTACT))}")
        label = (
            self._text(value, "label", f"{shown}.label") if isinstance(value.get("label", ""), str) else ""
        )
        if not any(known.get(way, "").strip() for way in ("call", "email", "note")):
            self._fault(shown, "says no way to reach it: give call, email or note")
        return LocalContact(**{**known, "label": label})

    def _local_lines(self) -> tuple[LocalContact, ...]:
        value = self._table.get("local_lines", [])
        if not isinstance(value, list):
            self._fault("local_lines", "must be [[force.local_lines]]")
            return ()
        read = (self._contact(f"local_lines {place}", each) for place, each in enumerate(value, start=1))
        return tuple(contact for contact in read if contact)

    def _features(self) -> frozenset[str]:
        features = frozenset(self._texts("features"))
        for unknown in sorted(features - FEATURES):
            self._fault("features", f"has “{unknown}”; known are {', '.join(sorted(FEATURES))}")
        return features & FEATURES

    def _approvers(self) -> frozenset[tuple[str, str]]:
        value = self._table.get("approvers", [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self._fault("approvers", 'must be like [{ tenant = "…", directory_id = "…" }]')
            return frozenset()
        found = set()
        for each in value:
            ids = [each.get(key) for key in ("tenant", "directory_id")]
            if len(each) != len(ids) or not all(isinstance(id, str) and is_directory_id(id) for id in ids):
                self._fault(
                    "approvers", "needs a tenant and a directory_id in each, both GUIDs of 36 characters"
                )
                continue
            found.add((str(ids[0]).lower(), str(ids[1]).lower()))
        features = self._table.get("features")
        if found and not (isinstance(features, list) and BREAK_GLASS in features):
            self._fault("approvers", f'does nothing without features = ["{BREAK_GLASS}"]')
        return frozenset(found)

    def _policy(self, base: Policy) -> Policy:
        own = self._table.get("policy", {})
        if not isinstance(own, dict):
            self._fault("policy", "must be like { offer_open_hours = 3 }")
            return base
        policy = base
        for key, value in own.items():
            if key == "waking" or key not in _NUMBERS:
                hint = "set waking beside id" if key == "waking" else "is not a policy number"
                self._fault(f"policy.{key}", hint)
                continue
            policy = self._set(policy, key, f"policy.{key}", value)
        if "waking" in self._table:
            policy = self._set(policy, "waking", "waking", self._table["waking"])
        return policy

    def _set(self, policy: Policy, key: str, shown: str, value: object) -> Policy:
        """One policy value of the kind its field has: a count, a time of day, or weekly hours."""
        old = getattr(policy, key)
        read: Any  # of the kind that the field's default has
        if isinstance(old, WeeklyHours):
            try:
                read = WeeklyHours.parse(value if isinstance(value, str) else "")
            except HoursUnreadable as fault:
                self._fault(shown, f"can't be read: {fault}")
                return policy
        elif isinstance(old, int):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                self._fault(shown, "must be a whole number from 1 up")
                return policy
            read = value
        else:
            try:
                read = f"{time.fromisoformat(value if isinstance(value, str) else ''):%H:%M}"
            except ValueError:
                self._fault(shown, 'must be a time such as "08:30"')
                return policy
        return replace(policy, **{key: read})
