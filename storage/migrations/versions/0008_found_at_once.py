"""What a row is needed for by others is found at once: a supporter's live matches, and what a purge must ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live = sa.text("state = 'live'")
    op.create_index(
        "ix_matches_live_of", "matches", ["supporter_id"], postgresql_where=live, sqlite_where=live
    )
    for column in ("request_id", "proposal_id", "requester_id"):
        op.create_index(f"ix_matches_{column}", "matches", [column])
