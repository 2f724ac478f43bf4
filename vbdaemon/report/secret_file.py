"""The secret of a quarter as a file that only the daemon's user can read, until it is revealed with the sample."""

from pathlib import Path

from vbdaemon.errors import SpoolError
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.seed import SECRET, ScoringError
from vbdaemon.spool.durable import make_folder, sync_folder, write_file

FOLDER = "scoring"
"""Below the spool."""


def secret_path(spool: Path, quarter: Quarter) -> Path:
    """Where the secret of this quarter lies."""
    return spool / FOLDER / f"{quarter}.secret"


def keep_secret(path: Path, secret: str) -> str:
    """The secret is on disk when this returns; one that lies there already is kept, and is the answer.

    One that was never committed to was never published either: an interruption came between. SpoolError when it cannot
    be written, ScoringError when what lies there is no secret.
    """
    try:
        make_folder(path.parent)
        write_file(path, secret.encode("ascii") + b"\n")
        sync_folder(path.parent)
    except FileExistsError:
        return read_secret(path)
    except OSError as error:
        raise SpoolError(f"{path}: {error.strerror}; no secret was made") from error
    return secret


def read_secret(path: Path) -> str:
    """The secret of a file; ScoringError when it is gone or damaged."""
    try:
        secret = path.read_bytes().decode("ascii").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ScoringError(
            f"{path}: the secret cannot be read; draw where it was made, or restore it from a backup"
        ) from error
    if SECRET.fullmatch(secret) is None:
        raise ScoringError(f"{path}: is not the secret that was made; restore it from a backup")
    return secret
