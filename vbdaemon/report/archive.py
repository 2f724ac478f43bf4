"""What was made to be sent lies in the spool's reports/, a folder for each report, whole and durable."""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from vbdaemon.errors import SpoolError
from vbdaemon.spool.durable import make_folder, sync_folder, write_file


def store(root: Path, name: str, bodies: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """Names and SHA-256 of the files; the folder appears at once and whole, in place of an earlier one of its name.

    SpoolError when the disk does not take them.
    """
    folder = root / name
    draft = root / f".{name}"
    try:
        make_folder(root)
        shutil.rmtree(draft, ignore_errors=True)
        make_folder(draft)
        for file, body in bodies.items():
            write_file(draft / file, body)
        sync_folder(draft)
        if folder.exists():  # made before a crash, sent to nobody
            shutil.rmtree(folder)
        draft.rename(folder)
        sync_folder(root)
    except OSError as error:
        raise SpoolError(f"report {name} cannot be stored: {error.strerror}; free disk space or mend rights") from error
    return tuple((file, hashlib.sha256(body).hexdigest()) for file, body in bodies.items())
