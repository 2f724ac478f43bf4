"""Reads secrets where the settings say that they lie; a secret never stands in a value, a log or a message."""

from collections.abc import Mapping
from pathlib import Path

from vbdaemon.errors import ConfigurationError
from vbdaemon.model import SecretKind, SecretSource

OTHERS = 0o077
"""Permission bits by which others than the owner could read."""


def reveal(source: SecretSource, environment: Mapping[str, str]) -> str:
    """The secret, without the line's end; ConfigurationError says what is missing and how to mend it."""
    if source.kind is SecretKind.ENVIRONMENT:
        value = environment.get(source.name, "")
        if not value:
            raise ConfigurationError(f"the environment variable {source.name} is not set")
        return value
    path = Path(source.name)
    if source.kind is SecretKind.CREDENTIAL:
        folder = environment.get("CREDENTIALS_DIRECTORY", "")
        if not folder:
            raise ConfigurationError(
                f"credential {source.name}: systemd handed none over; add LoadCredential={source.name}:PATH to the unit"
            )
        path = Path(folder, source.name)
    return _read(path, guarded=source.kind is SecretKind.FILE)


def _read(path: Path, *, guarded: bool) -> str:
    try:
        if guarded and path.stat().st_mode & OTHERS:
            raise ConfigurationError(f"{path}: others can read this secret; chmod 600 {path}")
        value = path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}; a secret is expected there") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not text; a secret is expected there") from error
    if not value:
        raise ConfigurationError(f"{path}: empty; a secret is expected there")
    return value
