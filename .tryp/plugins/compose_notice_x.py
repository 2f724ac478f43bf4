"""compose_notice_x: say here in one line what it is for.

    [plugins]
    enabled = ["compose_notice_x"]

    [plugins.compose_notice_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

from dataclasses import replace
from html import escape

from pydantic import BaseModel, ConfigDict

from vbdaemon.builtin import notice as built_in_notice
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import DocumentVerdict, Notice, Snapshot, Submission

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.compose_notice_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    line: str = ""
    """A line that stands below every notice; empty = the built-in notice goes out as it is."""


class ComposeNoticeXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def compose_notice(
        self, submission: Submission, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot
    ) -> Notice | None:
        """The built-in notice with one more line; None = no line is set."""
        line = self._settings.line
        if not line:
            return None
        notice = built_in_notice.compose_notice(submission=submission, verdicts=verdicts, snapshot=snapshot)
        html = notice.html.replace("</main>", f"<p>{escape(line)}</p>\n</main>", 1)
        return replace(notice, text=f"{notice.text.rstrip()}\n\n{line}\n", html=html)


def plugin(settings: Settings) -> ComposeNoticeXHooks:
    """What vbdaemon calls with the settings from `[plugins.compose_notice_x]`."""
    return ComposeNoticeXHooks(settings)
