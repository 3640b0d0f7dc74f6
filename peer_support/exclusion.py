"""Not these people: whom a person never wants to be matched with. Private, and kept until they take it back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exclusion:
    """`owner_id` is the member who named them. The person named is kept by directory id, sealed and hashed at rest."""

    id: str
    owner_id: str
    tenant_id: str
    directory_id: str
