"""Break-glass: who asked to see a name, why, who else said yes, until when."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
