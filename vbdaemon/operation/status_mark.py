"""Names of the marks that operating leaves in the state."""

BACKUP = "backup"
"""A backup was made."""
