"""The first tables.

They are written out by the table room: nothing was released before this revision. Later revisions
name every change themselves.
"""

from alembic import op

from vbdaemon.state.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables of the first release."""
    metadata.create_all(op.get_bind())
