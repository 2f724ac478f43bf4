"""Reads routes.toml: documents that match a line go to its units."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vbdaemon.config import mistakes, read_toml
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Directory, Route, Urgency


class _RouteTable(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    to: tuple[str, ...] = Field(min_length=1)
    forms: tuple[str, ...] = ()
    symbol_contains: str = ""
    issuers: tuple[str, ...] = ()
    subject_words: tuple[str, ...] = ()
    draft: bool | None = None
    urgency: tuple[Urgency, ...] = ()
    sources: tuple[str, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    route: tuple[_RouteTable, ...] = ()


def load_routes(path: Path, directory: Directory) -> tuple[Route, ...]:
    """All lines of the route table; a missing file means none. DirectoryError lists every mistake."""
    if not path.exists():
        return ()
    try:
        tables = _File.model_validate(read_toml(path, "route table")).route
    except ValidationError as error:
        raise DirectoryError("\n".join(f"{path}: {line}" for line in mistakes(error))) from error
    wrong = [
        f"{path}: route {row}: {code!r} is no unit of the directory"
        for row, table in enumerate(tables)
        for code in table.issuers
        if directory.unit(code) is None
    ]
    wrong += [
        f"{path}: route {row}: {code!r} is no unit of the directory"
        + (", or has no such account" if "/" in code else "")
        for row, table in enumerate(tables)
        for code in table.to
        if directory.party(code) is None
    ]
    if wrong:
        raise DirectoryError("\n".join(wrong))
    return tuple(Route(**dict(table)) for table in tables)
