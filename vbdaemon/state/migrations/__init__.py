"""Numbered revisions of the database, forward only."""
