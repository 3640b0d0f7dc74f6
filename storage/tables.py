"""The tables. Columns ending in `_sealed` hold ciphertext, those in `_hash` a keyed hash.

The rest say nothing of anybody beyond opaque ids, states and times.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from storage.columns import Plain, UtcDateTime, flag, id_of, moment, number, own_id, plain, sealed, where

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


LIVE_STATES = ("open", "proposed", "matched", "resting")
LIVE_REQUEST = f"state IN {LIVE_STATES}"

# A proof for each key that sealed here, and marks that no key can be called by (`storage.locking`).
key_checks = Table(
    "key_checks",
    metadata,
    Column("key_id", Plain, primary_key=True),
    Column("proof", Text, nullable=False),
)

members = Table(
    "members",
    metadata,
    own_id(),
    plain("tenant_id"),
    Column("person_hash", Plain, nullable=False, unique=True),
    sealed("person_sealed"),
    sealed("address_sealed", optional=True),
    sealed("about_sealed", optional=True),
    plain("force_id", optional=True),
    plain("reach"),
    plain("locale"),
    plain("language", optional=True),
    moment("welcomed_at", optional=True),
    plain("limits_version", optional=True),
    moment("limits_read_at", optional=True),
    Column("seen_in", Date),
)

supporters = Table(
    "supporters",
    metadata,
    own_id(ForeignKey("members.id")),
    plain("force_id"),
    sealed("profile_sealed"),
    Column("line_manager_hash", Plain, nullable=True, index=True),
    plain("hours", optional=True),
    number("max_active"),
    Column("selected_on", Date),
    Column("trained_on", Date),
    Column("refresher_due", Date),
    flag("signed_off"),
    plain("status"),
    flag("paused"),
    flag("listed"),
    moment("last_offered_at", optional=True),
    Index(None, "force_id", "status"),
)

coordinators = Table(
    "coordinators",
    metadata,
    own_id(ForeignKey("members.id")),
    plain("force_id"),
    plain("hours", optional=True),
    plain("status"),
    flag("daily"),
    Index(None, "force_id", "status"),
)

exclusions = Table(
    "exclusions",
    metadata,
    own_id(),
    id_of("owner_id", "members.id"),
    Column("person_hash", Plain, nullable=False, index=True),
    sealed("person_sealed"),
    UniqueConstraint("owner_id", "person_hash"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("member_id", Plain, ForeignKey("members.id"), primary_key=True),
    sealed("answers_sealed"),
    moment("saved_at"),
    plain("request_id", optional=True),
)

requests = Table(
    "requests",
    metadata,
    own_id(),
    plain("reference"),
    id_of("requester_id", "members.id"),
    plain("force_id"),
    sealed("wishes_sealed"),
    plain("state"),
    moment("created_at"),
    moment("state_since"),
    number("round"),
    moment("news_by", optional=True),
    number("news_sent"),
    flag("coordinator_route"),
    flag("nobody_told"),
    plain("close_reason", optional=True),
    moment("closed_at", optional=True),
    number("version"),
    Index("uq_requests_one_live", "requester_id", unique=True, **where(LIVE_REQUEST)),
    Index("uq_requests_live_reference", "reference", unique=True, **where(LIVE_REQUEST)),
    Index(None, "requester_id", "created_at"),
    Index(None, "force_id", "reference"),
    Index("ix_requests_open_since", "created_at", **where("state = 'open'")),
)

offers = Table(
    "offers",
    metadata,
    own_id(),
    id_of("request_id", "requests.id"),
    id_of("supporter_id", "supporters.id"),
    number("round"),
    plain("state"),
    moment("sent_at"),
    moment("answer_by"),
    moment("answered_at", optional=True),
    Index("uq_offers_one_sent", "request_id", "supporter_id", unique=True, **where("state = 'sent'")),
    Index(None, "request_id"),
    Index(None, "supporter_id", "sent_at"),
)

proposals = Table(
    "proposals",
    metadata,
    own_id(),
    id_of("request_id", "requests.id"),
    Column("offer_id", Plain, ForeignKey("offers.id"), nullable=False, unique=True),
    id_of("supporter_id", "supporters.id"),
    plain("state"),
    moment("made_at"),
    moment("held_until"),
    moment("ended_at", optional=True),
    Index("uq_proposals_one_asked", "request_id", unique=True, **where("state = 'asked'")),
    Index(None, "request_id", "made_at"),
    Index(None, "supporter_id", "state"),
)

matches = Table(
    "matches",
    metadata,
    own_id(),
    id_of("request_id", "requests.id"),
    id_of("proposal_id", "proposals.id"),
    id_of("requester_id", "members.id"),
    id_of("supporter_id", "supporters.id"),
    plain("state"),
    sealed("contact_sealed"),
    moment("introduced_at"),
    moment("first_contact_by"),
    moment("in_touch_at", optional=True),
    moment("closed_at", optional=True),
    plain("end", optional=True),
    Index("uq_matches_one_live", "request_id", unique=True, **where("state = 'live'")),
    Index("ix_matches_live_of", "supporter_id", **where("state = 'live'")),
    Index(None, "request_id"),
    Index(None, "proposal_id"),
    Index(None, "requester_id"),
    Index(None, "supporter_id", "introduced_at"),
)

notices = Table(
    "notices",
    metadata,
    own_id(),
    id_of("recipient_id", "members.id"),
    plain("kind"),
    plain("subject_id"),
    plain("occasion"),
    plain("edits"),
    moment("not_before"),
    moment("created_at", optional=True),
    moment("sent_at", optional=True),
    plain("activity_id", optional=True),
    number("attempts"),
    moment("leased_until", optional=True),
    moment("dead_at", optional=True),
    plain("dead_why", optional=True),
    flag("dropped"),
    UniqueConstraint("recipient_id", "kind", "subject_id", "occasion", "edits"),
    Index(
        "ix_notices_due",
        "not_before",
        "id",
        **where("sent_at IS NULL AND dead_at IS NULL AND dropped IS FALSE"),
    ),
    Index("ix_notices_dead", "dead_at", **where("dead_at IS NOT NULL")),
    Index(
        "ix_notices_waiting_of",
        "recipient_id",
        "not_before",
        "id",
        **where("sent_at IS NULL AND dead_at IS NULL"),
    ),
    Index(None, "subject_id"),
)

# Whose turn it is to be sent to: a sender holds a person until the lease ends by the database's clock, and nobody does
# until `held_until`. The last two say, in the clock's microseconds, until when the chat's rates are used up.
chats = Table(
    "chats",
    metadata,
    Column("member_id", Plain, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    plain("tenant_id"),
    number("lease"),
    moment("leased_until", optional=True),
    moment("held_until", optional=True),
    Column("short_until", BigInteger, nullable=False),
    Column("long_until", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Until when the places of a tenant are taken, in the same microseconds.
budgets = Table(
    "budgets",
    metadata,
    Column("tenant_id", Plain, primary_key=True),
    Column("taken_until", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

dues = Table(
    "dues",
    metadata,
    own_id(),
    plain("kind"),
    plain("subject_id"),
    Column("at", UtcDateTime, nullable=False, index=True),
    number("failures"),
    UniqueConstraint("subject_id", "kind"),
)

_BIG = BigInteger().with_variant(Integer, "sqlite")

# Kept apart from the rows' own ids, `seq` numbers them as they were begun, not as they were committed. `mark` is signed
# over the row, so that one which the bot didn't write is known by the time it is sealed.
audit = Table(
    "audit",
    metadata,
    Column("seq", _BIG, primary_key=True, autoincrement=True),
    Column("id", Plain, nullable=False, unique=True),
    moment("at"),
    plain("actor_id"),
    plain("action"),
    plain("subject_id"),
    plain("mark", optional=True),
    sqlite_autoincrement=True,
)

# Each row of the audit gets one of these from a trigger, and loses it when it is sealed.
audit_waiting = Table("audit_waiting", metadata, Column("seq", _BIG, primary_key=True, autoincrement=False))

# The chain, in an order of its own: the order of sealing.
audit_seals = Table(
    "audit_seals",
    metadata,
    Column("place", _BIG, primary_key=True, autoincrement=False),
    Column("seq", _BIG, nullable=False, unique=True),
    plain("verdict"),
    plain("seal"),
)

# Where the chain starts after a purge, and where it ends; each signed.
audit_ends = Table(
    "audit_ends",
    metadata,
    Column("name", Plain, primary_key=True),
    Column("place", _BIG, nullable=False),
    plain("seal"),
    number("flaws"),
    moment("at"),
    plain("signature"),
)

# The processes that serve now, and the key that each seals with; `seen_at` is the database's own time.
serving = Table("serving", metadata, own_id(), plain("seals_with"), moment("seen_at"))

activities = Table(
    "activities",
    metadata,
    Column("key_hash", Plain, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# Gone with its request. Who asked and who answered are opaque ids, which outlive a roster as the audit's do.
break_glass = Table(
    "break_glass",
    metadata,
    own_id(),
    Column("request_id", Plain, ForeignKey("requests.id", ondelete="CASCADE"), nullable=False, index=True),
    plain("force_id"),
    plain("asked_by"),
    sealed("why_sealed"),
    moment("asked_at"),
    plain("state"),
    plain("answered_by", optional=True),
    moment("answered_at", optional=True),
    moment("seen_at", optional=True),
    Index(
        "uq_break_glass_one_standing",
        "request_id",
        "asked_by",
        unique=True,
        **where("state IN ('waiting', 'agreed')"),
    ),
)

# Without a row number in SQLite, so that not even the order of writing joins an answer to a match.
feedback = Table(
    "feedback",
    metadata,
    own_id(),
    plain("force_id"),
    plain("week"),
    plain("listened", optional=True),
    plain("easy", optional=True),
    plain("otherwise", optional=True),
    sqlite_with_rowid=False,
)

# Counters, never rows of anybody's own: two facts about one person never stand beside each other.
statistics = Table(
    "statistics",
    metadata,
    Column("force_id", Plain, primary_key=True),
    Column("starts", Date, primary_key=True),
    Column("measure", Plain, primary_key=True),
    Column("value", Plain, primary_key=True),
    number("count"),
    sqlite_with_rowid=False,
)

# How often the ladder answered, for the whole service: no force, no person, no day.
heard = Table(
    "heard",
    metadata,
    Column("week", Plain, primary_key=True),
    Column("tier", Plain, primary_key=True),
    Column("version", Plain, primary_key=True),
    number("count"),
    sqlite_with_rowid=False,
)

# Of people who had their data deleted: that names were shown to them, so that asking afresh shows no more of them.
shown_names = Table(
    "shown_names",
    metadata,
    own_id(),
    Column("person_hash", Plain, nullable=False, index=True),
    moment("shown_at"),
    moment("until"),
)

# The emptied rows that stand for a person whose data was deleted, until nothing hangs on them any more.
erasures = Table(
    "erasures",
    metadata,
    Column("member_id", Plain, ForeignKey("members.id"), primary_key=True),
    moment("at"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("token_hash", Plain, primary_key=True),
    id_of("member_id", "members.id"),
    moment("until"),
    Index(None, "member_id"),
)
