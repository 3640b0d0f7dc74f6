"""What a monitor and the dead letters' list look for, found without reading every row."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, table, column, condition in (
        ("ix_requests_open_since", "requests", "created_at", "state = 'open'"),
        ("ix_notices_dead", "notices", "dead_at", "dead_at IS NOT NULL"),
    ):
        only = sa.text(condition)
        op.create_index(name, table, [column], postgresql_where=only, sqlite_where=only)
