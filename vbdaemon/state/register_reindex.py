"""Making the search index anew, some lines at a time, so that nobody waits for it."""

from sqlalchemy import Connection, select

from vbdaemon.state import register_index
from vbdaemon.state.register_line import to_line
from vbdaemon.state.tables_register import register_entries


def reindex(connection: Connection, after: int, most: int) -> int | None:
    """Index the next lines behind the one with id `after`; the id to go on behind, None when all are done."""
    columns = register_entries.c
    query = select(register_entries).where(columns.id > after).order_by(columns.id).limit(most)
    lines = [to_line(row) for row in connection.execute(query)]
    for line in lines:
        register_index.drop(connection, line.id)
        findable = line.findable()
        if findable is not None:
            register_index.put(connection, line.id, findable.tokens())
    return lines[-1].id if len(lines) == most else None
