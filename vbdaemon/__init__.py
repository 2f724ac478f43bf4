"""vbdaemon: official documents come in, and are forwarded or refused with a true reason."""

from importlib.metadata import PackageNotFoundError, version

from vbdaemon.hookspecs import hookimpl

try:
    __version__ = version("vbdaemon")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__", "hookimpl"]
