"""How often the ladder answered: week, tier and lexicon version, for the whole service."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
