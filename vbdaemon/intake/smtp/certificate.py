"""Our certificate for TLS; a renewed one is used from the next connection on, without a restart."""

import ssl
from pathlib import Path

from vbdaemon.errors import ConfigurationError


class Certificate:
    """Holds the one context that all listeners use; replacing files replaces what new connections see."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """ConfigurationError when the files are not a certificate and its key."""
        self._files = (certificate, key)
        self._trace = self._look()
        _load(_fresh(), *self._files)
        self.context = _fresh()
        _load(self.context, *self._files)

    def refresh(self) -> bool:
        """True when changed files were loaded; ConfigurationError when they cannot be: the former stay."""
        trace = self._look()
        if trace == self._trace:
            return False
        self._trace = trace
        _load(_fresh(), *self._files)  # a context that failed half-way would have lost the former certificate
        _load(self.context, *self._files)
        return True

    def _look(self) -> tuple[tuple[int, int, int], ...]:
        return tuple(_trace(path) for path in self._files)


def _trace(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}; certificate and key must be there") from error
    return found.st_mtime_ns, found.st_ino, found.st_size


def _fresh() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except ssl.SSLError as error:
        why = error.reason or "not readable"
        raise ConfigurationError(f"{certificate}: not a PEM certificate with the key {key}: {why}") from error
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{certificate}, {key}: {error}") from error


def _no_password() -> str:
    """Without it the library would ask the terminal."""
    raise ValueError("the key is protected by a password; keep it without one, readable by the daemon only")
