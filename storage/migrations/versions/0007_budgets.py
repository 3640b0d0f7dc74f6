"""Whose turn it is to be sent to, and how much each tenant may still be sent, shared by all senders."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("short_until", sa.BigInteger(), nullable=False),
        sa.Column("long_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_chats_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", name="pk_chats"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "budgets",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("taken_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_budgets"),
        sqlite_with_rowid=False,
    )
    waiting = sa.text("sent_at IS NULL AND dead_at IS NULL")
    op.drop_index("ix_notices_not_before", "notices")
    for name, columns in (
        ("ix_notices_waiting_of", ["recipient_id", "not_before", "id"]),
        ("ix_notices_waiting_since", ["not_before", "id"]),
    ):
        op.create_index(name, "notices", columns, postgresql_where=waiting, sqlite_where=waiting)
