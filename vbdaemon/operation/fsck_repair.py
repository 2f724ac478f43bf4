"""Mending what `fsck` can prove; each repair is an event. Without a running daemon only."""

import os
import shutil
from datetime import datetime
from functools import partial

from vbdaemon.errors import SpoolError
from vbdaemon.operation.fsck import Fault, FaultKind
from vbdaemon.operation.retention_bytes import remove_bytes
from vbdaemon.spool.durable import make_folder, sync_folder
from vbdaemon.spool.store import Spool
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.soundness import raise_counter
from vbdaemon.state.store import State


def mend(fault: Fault, spool: Spool, state: State, at: datetime) -> str:
    """Mend one provable fault; answers what was done. SpoolError when the disk refuses."""
    try:
        words = _mend(fault, spool, state)
    except OSError as error:
        raise SpoolError(f"{fault.what}: not mended: {error.strerror}") from error
    state.write(partial(record, at=at, kind="mended", submission_id=fault.submission, words=f"{fault.kind}: {words}"))
    return words


def _mend(fault: Fault, spool: Spool, state: State) -> str:
    if fault.kind is FaultKind.COUNTER:
        book = fault.book
        assert book is not None
        state.write(partial(_raise, name=book.name, year=book.year, last=book.highest))
        return f"register {book.name}/{book.year} goes on behind {book.highest}"
    if fault.kind is FaultKind.DRAFT:
        assert fault.path is not None
        shutil.rmtree(fault.path)
        return "draft removed"
    assert fault.submission is not None
    return _mend_submission(fault.kind, fault.submission, spool)


def _mend_submission(kind: FaultKind, submission_id: str, spool: Spool) -> str:
    if kind is FaultKind.UNLOCKED:
        spool.quarantine(submission_id)
        return "moved to quarantine/"
    if kind is FaultKind.STRAY:
        spool.orphan(submission_id)
        return "moved to orphaned/"
    if kind is FaultKind.DISPOSED:
        remove_bytes(spool, submission_id)
        return "bytes removed, as was approved"
    assert kind is FaultKind.MISPLACED
    source, target = spool.root / "orphaned" / submission_id, spool.folder_of(submission_id)
    make_folder(target.parent)
    os.rename(source, target)  # noqa: PTH104 - the same words as the other durable steps
    sync_folder(target.parent)
    sync_folder(source.parent)
    return "moved back to submissions/"


def _raise(connection: Connection, *, name: str, year: int, last: int) -> bool:
    return raise_counter(connection, name, year, last)
