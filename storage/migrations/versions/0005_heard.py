"""How often the ladder answered: week, tier and lexicon version, for the whole service. The language somebody chose."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "tier", "version", name="pk_heard"),
        sqlite_with_rowid=False,
    )
    op.add_column("members", sa.Column("language", sa.String(), nullable=True))
