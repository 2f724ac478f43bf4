"""The register of incoming and outgoing documents, its history, and its search index."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add these tables."""
