"""group_x: say here in one line what it is for.

    [plugins]
    enabled = ["group_x"]

    [plugins.group_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Document, FileRole, Submission

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.group_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    sources: tuple[str, ...] = ()
    """Sources, such as a scanner's folder, in which every PDF is a document of its own."""


class GroupXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def group(self, submission: Submission) -> tuple[Document, ...] | None:
        """One document for each PDF of these sources; None = not a submission for this plugin."""
        if submission.envelope.source not in self._settings.sources:
            return None
        found = [file for file in submission.files if file.media_type == "application/pdf"]
        return tuple(Document(replace(file, role=FileRole.MAIN)) for file in found) or None


def plugin(settings: Settings) -> GroupXHooks:
    """What vbdaemon calls with the settings from `[plugins.group_x]`."""
    return GroupXHooks(settings)
