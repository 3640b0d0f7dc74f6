"""The audit's seals and checkpoints, and where a change of keys has got to."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
