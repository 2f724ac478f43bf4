"""Samples, scores and appeals of the quarters."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add these tables."""
