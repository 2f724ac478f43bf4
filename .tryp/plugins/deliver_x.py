"""deliver_x: say here in one line what it is for.

    [plugins]
    enabled = ["deliver_x"]

    [plugins.deliver_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

import os
import shutil
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Delivery, Outcome, OutgoingFile

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.deliver_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    scheme: str = "deliver-x"
    """Destinations of this scheme are served here; a `route` of yours must name it."""
    target: Path = Path()
    """Folder into which deliveries are written, each as a folder of its own."""


class DeliverXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def deliver(self, delivery: Delivery, files: tuple[OutgoingFile, ...]) -> Outcome | None:
        """DELIVERED once every byte is on disk. It may be asked again: what lies there is not written twice."""
        if delivery.destination.scheme != self._settings.scheme:
            return None
        target = self._settings.target / f"{delivery.name}_{delivery.id}"
        draft = self._settings.target / f".{delivery.id}"
        if target.is_dir():
            return Outcome.delivered(target.name)
        try:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            for number, file in enumerate(files, 1):
                body = file.body if file.body is not None else Path(file.path or "").read_bytes()
                with (draft / f"{number:02d}{Path(file.name).suffix[:10]}").open("wb") as copy:
                    copy.write(body)
                    copy.flush()
                    os.fsync(copy.fileno())
            draft.rename(target)
        except OSError as error:
            return Outcome.deferred(f"{self._settings.target}: {error.strerror}")
        return Outcome.delivered(target.name)


def plugin(settings: Settings) -> DeliverXHooks:
    """What vbdaemon calls with the settings from `[plugins.deliver_x]`."""
    return DeliverXHooks(settings)
