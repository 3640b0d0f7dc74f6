"""A supporter's live matches, and a request's matches, are found without a look through those that are over."""

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
    op.create_index("ix_matches_request_id", "matches", ["request_id"])
