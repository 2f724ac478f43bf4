"""verify_x: say here in one line what it is for.

    [plugins]
    enabled = ["verify_x"]

    [plugins.verify_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

from pydantic import BaseModel, ConfigDict

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Document, SignatureReport, SignatureStatus

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.verify_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    signature_suffixes: tuple[str, ...] = ()
    """Endings of files that hold a signature which nobody here can verify."""


class VerifyXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def verify(self, document: Document) -> tuple[SignatureReport, ...]:
        """One report for each such file: what cannot be decided is INDETERMINATE, never FAILED."""
        return tuple(
            SignatureReport(
                file=file.sha256,
                file_name=file.name,
                field="detached",
                status=SignatureStatus.INDETERMINATE,
                undecidable="detached signature",
            )
            for file in document.files
            if self._settings.signature_suffixes and file.name.casefold().endswith(self._settings.signature_suffixes)
        )


def plugin(settings: Settings) -> VerifyXHooks:
    """What vbdaemon calls with the settings from `[plugins.verify_x]`."""
    return VerifyXHooks(settings)
