"""The first tables: sealed columns, keyed hashes, one live request, claimed rows, an audit that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REFUSE_SQLITE = """
CREATE TRIGGER audit_no_{what} BEFORE {what} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END
"""
_REFUSE_FUNCTION = """
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit only grows'; END $$
"""
_REFUSE_POSTGRESQL = """
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_only_grows()
"""


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_activities"),
    )
    op.create_table(
        "audit",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
        sa.UniqueConstraint("id", name="uq_audit_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "dues",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dues"),
        sa.UniqueConstraint("subject_id", "kind", name="uq_dues_subject_id_kind"),
    )
    op.create_index("ix_dues_at", "dues", ["at"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("listened", sa.String(), nullable=True),
        sa.Column("easy", sa.String(), nullable=True),
        sa.Column("otherwise", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "key_checks",
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_key_checks"),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("person_hash", sa.String(), nullable=False),
        sa.Column("person_sealed", sa.Text(), nullable=False),
        sa.Column("address_sealed", sa.Text(), nullable=True),
        sa.Column("about_sealed", sa.Text(), nullable=True),
        sa.Column("force_id", sa.String(), nullable=True),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limits_version", sa.String(), nullable=True),
        sa.Column("limits_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.UniqueConstraint("person_hash", name="uq_members_person_hash"),
    )
    op.create_table(
        "coordinators",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["members.id"], name="fk_coordinators_id"),
        sa.PrimaryKeyConstraint("id", name="pk_coordinators"),
    )
    op.create_index("ix_coordinators_force_id_status", "coordinators", ["force_id", "status"])
    op.create_table(
        "drafts",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("answers_sealed", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_drafts_member_id"),
        sa.PrimaryKeyConstraint("member_id", name="pk_drafts"),
    )
    op.create_table(
        "exclusions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("person_hash", sa.String(), nullable=False),
        sa.Column("person_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name="fk_exclusions_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exclusions"),
        sa.UniqueConstraint("owner_id", "person_hash", name="uq_exclusions_owner_id_person_hash"),
    )
    op.create_index("ix_exclusions_person_hash", "exclusions", ["person_hash"])
    op.create_table(
        "notices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("edits", sa.String(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activity_id", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_why", sa.String(), nullable=True),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["members.id"], name="fk_notices_recipient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint(
            "recipient_id",
            "kind",
            "subject_id",
            "occasion",
            "edits",
            name="uq_notices_recipient_id_kind_subject_id_occasion_edits",
        ),
    )
    op.create_index(
        "ix_notices_not_before",
        "notices",
        ["not_before"],
        sqlite_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
    )
    op.create_index("ix_notices_subject_id", "notices", ["subject_id"])
    op.create_table(
        "requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("requester_id", sa.String(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("wishes_sealed", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("news_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("news_sent", sa.Integer(), nullable=False),
        sa.Column("coordinator_route", sa.Boolean(), nullable=False),
        sa.Column("nobody_told", sa.Boolean(), nullable=False),
        sa.Column("close_reason", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["requester_id"], ["members.id"], name="fk_requests_requester_id"),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
    )
    op.create_index("ix_requests_force_id_reference", "requests", ["force_id", "reference"])
    op.create_index("ix_requests_requester_id_created_at", "requests", ["requester_id", "created_at"])
    op.create_index(
        "uq_requests_live_reference",
        "requests",
        ["reference"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'proposed', 'matched', 'resting')"),
        postgresql_where=sa.text("state IN ('open', 'proposed', 'matched', 'resting')"),
    )
    op.create_index(
        "uq_requests_one_live",
        "requests",
        ["requester_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'proposed', 'matched', 'resting')"),
        postgresql_where=sa.text("state IN ('open', 'proposed', 'matched', 'resting')"),
    )
    op.create_table(
        "supporters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("force_id", sa.String(), nullable=False),
        sa.Column("profile_sealed", sa.Text(), nullable=False),
        sa.Column("line_manager_hash", sa.String(), nullable=True),
        sa.Column("hours", sa.String(), nullable=True),
        sa.Column("max_active", sa.Integer(), nullable=False),
        sa.Column("selected_on", sa.Date(), nullable=True),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("refresher_due", sa.Date(), nullable=True),
        sa.Column("signed_off", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("last_offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["members.id"], name="fk_supporters_id"),
        sa.PrimaryKeyConstraint("id", name="pk_supporters"),
    )
    op.create_index("ix_supporters_force_id_status", "supporters", ["force_id", "status"])
    op.create_index("ix_supporters_line_manager_hash", "supporters", ["line_manager_hash"])
    op.create_table(
        "offers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("supporter_id", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_offers_request_id"),
        sa.ForeignKeyConstraint(["supporter_id"], ["supporters.id"], name="fk_offers_supporter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
    )
    op.create_index("ix_offers_request_id", "offers", ["request_id"])
    op.create_index("ix_offers_supporter_id_sent_at", "offers", ["supporter_id", "sent_at"])
    op.create_index(
        "uq_offers_one_sent",
        "offers",
        ["request_id", "supporter_id"],
        unique=True,
        sqlite_where=sa.text("state = 'sent'"),
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("supporter_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_proposals_offer_id"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_proposals_request_id"),
        sa.ForeignKeyConstraint(["supporter_id"], ["supporters.id"], name="fk_proposals_supporter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.UniqueConstraint("offer_id", name="uq_proposals_offer_id"),
    )
    op.create_index("ix_proposals_request_id_made_at", "proposals", ["request_id", "made_at"])
    op.create_index("ix_proposals_supporter_id_state", "proposals", ["supporter_id", "state"])
    op.create_index(
        "uq_proposals_one_asked",
        "proposals",
        ["request_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "matches",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("requester_id", sa.String(), nullable=False),
        sa.Column("supporter_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("contact_sealed", sa.Text(), nullable=False),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_contact_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_touch_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name="fk_matches_proposal_id"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_matches_request_id"),
        sa.ForeignKeyConstraint(["requester_id"], ["members.id"], name="fk_matches_requester_id"),
        sa.ForeignKeyConstraint(["supporter_id"], ["supporters.id"], name="fk_matches_supporter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_matches"),
    )
    op.create_index("ix_matches_supporter_id_introduced_at", "matches", ["supporter_id", "introduced_at"])
    op.create_index(
        "uq_matches_one_live",
        "matches",
        ["request_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )

    if op.get_bind().dialect.name == "sqlite":
        for what in ("update", "delete"):
            op.execute(_REFUSE_SQLITE.format(what=what))
    else:
        op.execute(_REFUSE_FUNCTION)
        op.execute(_REFUSE_POSTGRESQL)
