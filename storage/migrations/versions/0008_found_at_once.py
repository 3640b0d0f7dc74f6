"""What is asked for often is found at once: a supporter's live matches, what refers to a match, what is due."""

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
    op.drop_index("ix_notices_waiting_since", "notices")
    op.create_index(
        "ix_notices_due",
        "notices",
        ["not_before", "id"],
        sqlite_where=sa.text("sent_at IS NULL AND dead_at IS NULL AND dropped IS 0"),
        postgresql_where=sa.text("sent_at IS NULL AND dead_at IS NULL AND dropped IS FALSE"),
    )
