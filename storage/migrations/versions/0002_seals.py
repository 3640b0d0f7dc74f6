"""The audit's marks, its chain of seals and the signed ends of it; and which processes serve, for a change of keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# A row of the audit may go only once the signed start of the chain stands at its place or after it.
_SQLITE = (
    "CREATE TRIGGER audit_waits AFTER INSERT ON audit BEGIN INSERT INTO audit_waiting (seq) VALUES (NEW.seq); END",
    "DROP TRIGGER audit_no_delete",
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN NOT EXISTS (
        SELECT 1 FROM audit_seals s JOIN audit_ends e ON e.name = 'start'
        WHERE s.seq = OLD.seq AND s.place <= e.place
    ) BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
    """
    CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
    """
    CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals
    WHEN OLD.place > coalesce((SELECT place FROM audit_ends WHERE name = 'start'), 0)
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
    """
    CREATE TRIGGER audit_ends_no_way_back BEFORE UPDATE ON audit_ends
    WHEN NEW.place < OLD.place OR NEW.name <> OLD.name
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
    """
    CREATE TRIGGER audit_ends_no_delete BEFORE DELETE ON audit_ends
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION audit_waits() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO audit_waiting (seq) VALUES (NEW.seq); RETURN NULL; END $$
    """,
    "CREATE TRIGGER audit_waits AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_waits()",
    """
    CREATE FUNCTION audit_is_purged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (
            SELECT 1 FROM audit_seals s JOIN audit_ends e ON e.name = 'start'
            WHERE s.seq = OLD.seq AND s.place <= e.place
        ) THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'the audit only grows';
    END $$
    """,
    """
    CREATE FUNCTION audit_seal_is_purged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT 1 FROM audit_ends WHERE name = 'start' AND place >= OLD.place)
        THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'the audit only grows';
    END $$
    """,
    "DROP TRIGGER audit_no_change ON audit",
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows()",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_purged()",
    """
    CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows()
    """,
    """
    CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals
    FOR EACH ROW EXECUTE FUNCTION audit_seal_is_purged()
    """,
    """
    CREATE TRIGGER audit_ends_no_way_back BEFORE UPDATE ON audit_ends
    FOR EACH ROW WHEN (NEW.place < OLD.place OR NEW.name <> OLD.name) EXECUTE FUNCTION audit_only_grows()
    """,
    """
    CREATE TRIGGER audit_ends_no_delete BEFORE DELETE ON audit_ends
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows()
    """,
    *(
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        for name in ("audit", "audit_seals", "audit_ends")
    ),
)


def upgrade() -> None:
    op.add_column("audit", sa.Column("mark", sa.String(), nullable=True))
    op.create_table(
        "audit_waiting",
        sa.Column("seq", _BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_waiting"),
    )
    op.create_table(
        "audit_seals",
        sa.Column("place", _BIG, autoincrement=False, nullable=False),
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_audit_seals"),
        sa.UniqueConstraint("seq", name="uq_audit_seals_seq"),
    )
    op.create_table(
        "audit_ends",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", _BIG, nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("flaws", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_audit_ends"),
    )
    op.create_table(
        "serving",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seals_with", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_serving"),
    )
    op.execute("INSERT INTO audit_waiting (seq) SELECT seq FROM audit")
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
