"""Runs revisions on the connection that the state room hands over."""

from alembic import context

from vbdaemon.state.complete import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
