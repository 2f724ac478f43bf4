"""The search index beside the register: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

It holds words only, never a text; what is restricted or quarantined is not in it. Both databases are given the same
tokens (`register_words`), so they find the same lines.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from vbdaemon.state.register_words import Term

NAME = "register_index"
SQLITE = (
    # detail=none keeps which line has a word, not where: a third of the size, and phrases are not needed.
    f"CREATE VIRTUAL TABLE {NAME} USING fts5(words, detail=none, tokenize='unicode61 remove_diacritics 0')",
    # Each commit makes a small segment; merging eight at once costs half of what merging four does, and finds as fast.
    f"INSERT INTO {NAME} ({NAME}, rank) VALUES ('automerge', 8)",  # noqa: S608 - our own name
)
POSTGRESQL = (
    (
        f"CREATE TABLE {NAME} (entry_id integer PRIMARY KEY REFERENCES register_entries(id) ON DELETE CASCADE, "
        "words tsvector NOT NULL)"
    ),
    f"CREATE INDEX {NAME}_words ON {NAME} USING gin (words)",
)
_PUT_SQLITE = text(f"INSERT INTO {NAME} (rowid, words) VALUES (:entry, :words)")  # noqa: S608 - our own name
_PUT_POSTGRESQL: TextClause = text(
    f"INSERT INTO {NAME} (entry_id, words) VALUES (:entry, array_to_tsvector(:words))"  # noqa: S608 - our own name
).bindparams(bindparam("words", type_=ARRAY(Text)))
_DROP_SQLITE = text(f"DELETE FROM {NAME} WHERE rowid = :entry")  # noqa: S608 - our own name
_DROP_POSTGRESQL = text(f"DELETE FROM {NAME} WHERE entry_id = :entry")  # noqa: S608 - our own name
_FIND_SQLITE = text(
    f"SELECT rowid FROM {NAME} WHERE {NAME} MATCH :question AND rowid < :below "  # noqa: S608 - our own name
    "ORDER BY rowid DESC LIMIT :most"
)
_FIND_POSTGRESQL = text(
    f"SELECT entry_id FROM {NAME} WHERE words @@ cast(:question AS tsquery) AND entry_id < :below "  # noqa: S608 - our own name
    "ORDER BY entry_id DESC LIMIT :most"
)
_HIGHEST = 2**31 - 1


def is_index(name: str | None) -> bool:
    """True for the tables of the search index: raw DDL makes them, so the metadata does not know them."""
    return (name or "").startswith(NAME)


def create(connection: Connection) -> None:
    """Make the index."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


def put(connection: Connection, entry: int, tokens: Sequence[str]) -> None:
    """A new line can be found by these."""
    if connection.dialect.name == "sqlite":
        connection.execute(_PUT_SQLITE, {"entry": entry, "words": " ".join(tokens)})
    else:
        connection.execute(_PUT_POSTGRESQL, {"entry": entry, "words": list(tokens)})


def drop(connection: Connection, entry: int) -> None:
    """A line cannot be found any more."""
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(_DROP_SQLITE if sqlite else _DROP_POSTGRESQL, {"entry": entry})


def find(connection: Connection, terms: Sequence[Term], most: int, below: int | None = None) -> list[int]:
    """Ids of lines that have all terms, the latest first; only those below an id when one is given."""
    sqlite = connection.dialect.name == "sqlite"
    question = _match(terms) if sqlite else _tsquery(terms)
    places = {"question": question, "most": most, "below": below or _HIGHEST}
    return list(connection.scalars(_FIND_SQLITE if sqlite else _FIND_POSTGRESQL, places))


def purge(connection: Connection) -> None:
    """After a quarantine: words of lines that were dropped leave SQLite's index too, not only the way to them."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {NAME} ({NAME}) VALUES ('optimize')")  # noqa: S608 - our own name


def _match(terms: Sequence[Term]) -> str:
    """Tokens hold letters and digits alone, so quoting them is safe."""
    return " AND ".join(_either(term, '"{}"', " *", " AND ", " OR ") for term in terms)


def _tsquery(terms: Sequence[Term]) -> str:
    return " & ".join(_either(term, "'{}'", ":*", " & ", " | ") for term in terms)


def _either(term: Term, quoted: str, beginning: str, both: str, either: str) -> str:
    first = both.join(quoted.format(token) for token in term.tokens) + (beginning if term.beginning else "")
    if not term.or_tokens:
        return f"({first})"
    return f"(({first}){either}({both.join(quoted.format(token) for token in term.or_tokens)}))"
