"""What people type with a command that is recorded: why, who, on which day. Each mistake is one line."""

from datetime import date

from vbdaemon.cli.site import person
from vbdaemon.errors import ConfigurationError

LONGEST_NAME = 120


def why(reason: str) -> str:
    """The reason; ConfigurationError when it is empty."""
    if not reason.strip():
        raise ConfigurationError("--reason is empty: say why, it is recorded")
    return reason.strip()


def who(by: str | None) -> str:
    """Who does it: the one who is named, otherwise the one who types; ConfigurationError for an empty name."""
    name = (person() if by is None else by).strip()
    if not name:
        raise ConfigurationError("say who does this: --by 'NAME'")
    return name[:LONGEST_NAME]


def who_answers(by: str | None) -> str:
    """The same where a person has to answer for it: "root" is nobody."""
    name = who(by)
    if by is None and name == "root":
        raise ConfigurationError("say who does this: --by 'NAME'")
    return name


def day(words: str) -> date:
    """A day written 2026-01-15 or 15/01/2026; ConfigurationError for anything else."""
    parts = words.strip().split("/")
    iso = "-".join((parts[2], parts[1].zfill(2), parts[0].zfill(2))) if len(parts) == 3 else words.strip()  # noqa: PLR2004 - day, month, year
    try:
        return date.fromisoformat(iso)
    except ValueError as error:
        raise ConfigurationError(f"{words!r} is no day; write 2026-01-15 or 15/01/2026") from error
