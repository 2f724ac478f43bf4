"""Removing the bytes of a submission that was disposed of; its row and its events stay."""

import os
import shutil
from pathlib import Path

from vbdaemon.spool.durable import make_folder, sync_folder
from vbdaemon.spool.store import Spool


def remove_bytes(spool: Spool, submission_id: str) -> None:
    """What was handed in and what was rendered for it; may run twice. OSError when the disk refuses.

    Each folder is first moved to tmp/, which is emptied at every start: it goes whole or not at all.
    """
    _remove(spool, spool.folder_of(submission_id), submission_id)
    _remove(spool, spool.root / "quarantine" / submission_id, submission_id)
    outgoing = spool.root / "outgoing"
    for folder in sorted(outgoing.glob(f"*{submission_id}-*")) if outgoing.is_dir() else ():  # half-rendered ones too
        _remove(spool, folder, folder.name)


def _remove(spool: Spool, folder: Path, name: str) -> None:
    if not folder.is_dir():
        return
    doomed = spool.root / "tmp" / f"disposed-{name}"
    make_folder(doomed.parent)
    if doomed.exists():
        shutil.rmtree(doomed)
    os.rename(folder, doomed)  # noqa: PTH104 - the same words as the other durable steps
    sync_folder(folder.parent)
    shutil.rmtree(doomed)
