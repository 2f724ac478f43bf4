"""What commands of the register share: which line is meant, who types, and what is typed into a line."""

from collections.abc import Mapping
from pathlib import Path

from vbdaemon.cli.typed import day, who, why
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import ActRefused, ConfigurationError
from vbdaemon.rules.loader import load_forms
from vbdaemon.state import register_search
from vbdaemon.state.connection import Connection
from vbdaemon.state.register_line import Line, Value
from vbdaemon.state.register_update import Told

URGENCIES = ("khan", "thuong-khan", "hoa-toc")


def one_line(connection: Connection, name: str, document: int | None = None) -> Line:
    """The line that is meant; ActRefused when a submission has several and none was said."""
    lines = register_search.resolve(connection, name)
    if document is not None:
        lines = [line for line in lines if line.ordinal == document - 1]
    if len(lines) == 1:
        return lines[0]
    if not lines:
        raise ActRefused(f"document {document} of {name} is in no book")
    choices = ", ".join(
        line.key if line.ordinal is None else f"--document {line.ordinal + 1} ({line.key})" for line in lines
    )
    raise ActRefused(f"{name} has {len(lines)} lines; say which: {choices}")


def told(reason: str, by: str | None) -> Told:
    """Who does it and why, now; ConfigurationError when either is empty."""
    return Told(who(by), why(reason), system_clock())


def fields(typed: Mapping[str, str | int | None], settings: Settings) -> dict[str, Value]:
    """Typed options as fields of a line: days as days, "15/QĐ-UBND" as number and symbol, a form that there is."""
    known: dict[str, Value] = {name: value for name, value in typed.items() if value is not None}
    for name in ("issued_on", "due_on", "transferred_on"):
        if name in known:
            known[name] = day(str(known[name]))
    number, slash, symbol = str(known.get("number", "")).partition("/")
    if slash:
        known |= {"number": number.strip(), "symbol": symbol.strip()}
    if "form" in known:
        forms = load_forms(settings.path(settings.rules.forms) if settings.rules.forms else None)
        if known["form"] not in {form.slug for form in forms}:
            listed = ", ".join(form.slug for form in forms)
            raise ConfigurationError(f"{known['form']!r} is no form; there are: {listed}")
    if "urgency" in known and known["urgency"] not in URGENCIES:
        raise ConfigurationError(f"--urgency is one of {', '.join(URGENCIES)}")
    return known


def written(path: Path, body: bytes) -> None:
    """The file is written; ConfigurationError when it cannot be."""
    try:
        path.write_bytes(body)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}; name a file that can be written") from error
