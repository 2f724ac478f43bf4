"""Papers that are due after an electronic document, and alarms that were raised."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add these tables."""
