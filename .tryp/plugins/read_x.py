"""read_x: say here in one line what it is for.

    [plugins]
    enabled = ["read_x"]

    [plugins.read_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

from pydantic import BaseModel, ConfigDict, Field

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Content, ContentKind, File, Line, Page, Problem, ProblemKind

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.read_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    suffixes: tuple[str, ...] = (".log",)
    """Files with these endings are read here, as plain text in UTF-8."""
    limit_bytes: int = Field(default=1_000_000, gt=0)
    """Larger files are a problem, not read."""


class ReadXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def read(self, file: File) -> Content | None:
        """The lines of the file; None = not a kind that is read here. What cannot be read is a Problem, no error."""
        if not file.name.casefold().endswith(self._settings.suffixes):
            return None
        if file.size > self._settings.limit_bytes:
            problem = Problem(ProblemKind.OVER_LIMIT, f"{file.size} bytes")
            return Content(file.sha256, ContentKind.TEXT, problems=(problem,))
        text = file.path.read_text(encoding="utf-8", errors="replace")
        lines = tuple(Line(line) for line in text.splitlines() if line.strip())
        return Content(file.sha256, ContentKind.TEXT, (Page(1, 595.0, 842.0, lines),), page_count=1)


def plugin(settings: Settings) -> ReadXHooks:
    """What vbdaemon calls with the settings from `[plugins.read_x]`."""
    return ReadXHooks(settings)
