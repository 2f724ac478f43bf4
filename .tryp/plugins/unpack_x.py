"""unpack_x: say here in one line what it is for.

    [plugins]
    enabled = ["unpack_x"]

    [plugins.unpack_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

import gzip
import zlib
from pathlib import PurePath

from pydantic import BaseModel, ConfigDict

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import File, Part, Snapshot

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.unpack_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    media_types: tuple[str, ...] = ("application/gzip", "application/x-gzip")
    """Kinds of files that are taken apart here."""


class UnpackXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def unpack(self, file: File, snapshot: Snapshot) -> tuple[Part, ...] | None:
        """The file inside; None = no container that is known here, or one that is broken or too large."""
        if file.media_type not in self._settings.media_types:
            return None
        most = snapshot.limits.file_bytes
        try:
            with gzip.open(file.path) as packed:
                body = packed.read(most + 1)
        except (OSError, EOFError, zlib.error):
            return None
        return (Part(PurePath(file.name).stem, body),) if len(body) <= most else None


def plugin(settings: Settings) -> UnpackXHooks:
    """What vbdaemon calls with the settings from `[plugins.unpack_x]`."""
    return UnpackXHooks(settings)
