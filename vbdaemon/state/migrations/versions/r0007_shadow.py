"""Answers of plugins that only watch, and plugins that were switched off."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add these tables."""
