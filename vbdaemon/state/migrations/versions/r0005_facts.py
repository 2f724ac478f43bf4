"""What statistics count of each document."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add these tables."""
