"""Every table of the database in one metadata, whichever room defined it."""

from vbdaemon.state import (
    tables_facts,
    tables_follow,
    tables_paper,
    tables_register,
    tables_scoring,
    tables_shadow,
)
from vbdaemon.state.tables import metadata

__all__ = [
    "metadata",
    "tables_facts",
    "tables_follow",
    "tables_paper",
    "tables_register",
    "tables_scoring",
    "tables_shadow",
]
