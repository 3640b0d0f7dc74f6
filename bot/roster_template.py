"""A roster to fill in. Its one person is made up, and their tenant is nobody's, so that the row can't be imported."""

from __future__ import annotations

import csv
import io

from peer_support.roster import HEADER

EXAMPLE = {
    "tenant_id": "00000000-0000-0000-0000-000000000000",
    "directory_id": "00000000-0000-0000-0000-000000000001",
    "name": "Robin Example (made up: replace this row)",
    "email": "robin.example@police.example",
    "role": "supporter",
    "force": "example-force",
    "grade": "constable",
    "roles": "response;training",
    "experiences": "sleep_shift;trauma_incident",
    "cleared_experiences": "",
    "languages": "en;cy",
    "team": "Response B",
    "line_manager": "00000000-0000-0000-0000-000000000002",
    "bio": "Ten years of nights. Happy to walk and talk.",
    "max_active": "2",
    "hours": "Mon-Fri 08:00-20:00; Sat 10:00-14:00",
    "selected_on": "2026-01-12",
    "trained_on": "2026-02-16",
    "refresher_due": "2028-02-16",
    "signed_off_by": "Ash Example",
    "status": "active",
}


def _template() -> str:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerow(EXAMPLE)
    return lines.getvalue()


TEMPLATE = _template()
