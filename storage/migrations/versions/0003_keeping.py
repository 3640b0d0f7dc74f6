"""What is kept until when: when somebody last wrote, counts that outlive a request, what a deletion leaves."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEPT_MONTHS = 6


def upgrade() -> None:
    op.add_column("members", sa.Column("seen_in", sa.Date(), nullable=True))
    op.create_table(
        "statistics",
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("force_id", "starts", "measure", "value", name="pk_statistics"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shown_names",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_hash", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shown_names"),
    )
    op.create_index("ix_shown_names_person_hash", "shown_names", ["person_hash"])
    op.create_table(
        "erasures",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_erasures_member_id"),
        sa.PrimaryKeyConstraint("member_id", name="pk_erasures"),
    )
    op.create_table(
        "handovers",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_handovers_member_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_handovers"),
    )
    op.create_index("ix_handovers_member_id", "handovers", ["member_id"])
    _begin()


def _begin() -> None:
    """Where people are known already: their time runs from now on, and the first purge is due."""
    members = sa.table("members", sa.column("id"), sa.column("welcomed_at"), sa.column("seen_in", sa.Date()))
    now = datetime.now(UTC)
    conn = op.get_bind()
    if not conn.execute(sa.select(sa.exists().select_from(members))).scalar():
        return
    wrote = sa.or_(members.c.welcomed_at.is_not(None), _has_address())
    conn.execute(sa.update(members).where(wrote).values(seen_in=now.date().replace(day=1)))
    dues = sa.table(
        "dues",
        sa.column("id"),
        sa.column("kind"),
        sa.column("subject_id"),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("failures"),
    )
    at = now.replace(tzinfo=None) if conn.dialect.name == "sqlite" else now
    rows = [{"kind": "purge", "subject_id": "purge"}]
    for table in ("supporters", "coordinators"):
        roster = sa.table(table, sa.column("id"), sa.column("status"))
        left = conn.execute(sa.select(roster.c.id).where(roster.c.status == "left"))
        rows += [{"kind": "roster_goes", "subject_id": row.id} for row in left]
    month = now.month + _KEPT_MONTHS
    goes = at.replace(year=now.year + month // 12, month=month % 12 + 1, day=1)
    for row in {(row["kind"], row["subject_id"]) for row in rows}:
        kind, subject = row
        due = {"id": f"0003-{kind}-{subject}", "kind": kind, "subject_id": subject, "failures": 0}
        conn.execute(sa.insert(dues).values(**due, at=at if kind == "purge" else goes))


def _has_address() -> sa.ColumnElement[bool]:
    return sa.column("address_sealed").is_not(None)
