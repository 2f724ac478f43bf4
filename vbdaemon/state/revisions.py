"""The revisions of the database that this program knows."""

from alembic.config import Config
from alembic.script import ScriptDirectory


def known_revisions() -> frozenset[str]:
    """Every revision, from the first release to the present; another one is a newer program's."""
    config = Config()
    config.set_main_option("script_location", "vbdaemon.state:migrations")
    return frozenset(revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions())
