"""Syncs that are shared and syncs that begin early: nobody goes on before his bytes are on disk."""

import os
import threading
import time
from pathlib import Path

import pytest

from vbdaemon.model import Channel, Envelope
from vbdaemon.spool.early_sync import EarlySync
from vbdaemon.spool.shared_sync import SharedSync
from vbdaemon.spool.store import Spool
from vbdaemon.testing import NOON

FOLDER = Path("/somewhere")


class Disk:
    """Counts syncs; each waits until it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = threading.Semaphore(0)
        self.error: OSError | None = None

    def sync(self, folder: Path) -> None:
        self.begun += 1
        assert self.go.acquire(timeout=10)
        if self.error is not None:
            raise self.error


def until(holds) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.001)


def start(shared: SharedSync, count: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=shared, args=(FOLDER,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def test_who_comes_during_a_sync_waits_for_the_next_and_shares_it():
    disk = Disk()
    shared = SharedSync(disk.sync)
    first = start(shared, 1)
    until(lambda: disk.begun == 1)
    others = start(shared, 8)
    until(lambda: shared._next)
    time.sleep(0.05)
    disk.go.release()
    first[0].join(10)
    assert not first[0].is_alive()
    assert all(thread.is_alive() for thread in others)
    disk.go.release()
    for thread in others:
        thread.join(10)
    assert disk.begun == 2


def test_an_error_reaches_all_who_shared_the_sync_and_nobody_after():
    disk = Disk()
    disk.error = OSError(5, "broken")
    shared = SharedSync(disk.sync)
    told: list[OSError] = []

    def ask() -> None:
        try:
            shared(FOLDER)
        except OSError as error:
            told.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
        disk.go.release()
    for thread in threads:
        thread.join(10)
    assert len(told) == 3
    disk.error = None
    disk.go.release()
    shared(FOLDER)


def test_syncs_beyond_the_threads_run_at_once():
    early = EarlySync(1)
    go = threading.Event()
    slow = early.begin(lambda: go.wait(10) and None)
    assert early.begin(lambda: None).done()
    assert isinstance(early.begin(broken).exception(), OSError)
    go.set()
    slow.result(10)


def broken() -> None:
    raise OSError(5, "broken")


def test_a_mail_is_synced_whole_before_it_gets_its_name(tmp_path, monkeypatch):
    spool = Spool(tmp_path)
    spool.prepare()
    steps: list[str] = []
    fsync, rename = os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda fd: (fsync(fd), steps.append(Path(f"/proc/self/fd/{fd}").readlink().name)))
    monkeypatch.setattr(Path, "rename", lambda self, target: (steps.append("rename"), rename(self, target)))
    incoming = spool.begin("260302-ABCDEFGH")
    writer = incoming.write("thu.eml")
    for piece in (b"a", b"b" * 100_000):
        writer.write(piece)
    assert incoming.finish(writer).size == 100_001
    incoming.seal(Envelope("smtp", Channel.SMTP, NOON))
    before = steps[: steps.index("rename")]
    assert {"001", "envelope.json", "260302-ABCDEFGH"} <= set(before)
    assert steps[-1] == "2026-03"
    assert spool.verify("260302-ABCDEFGH").files[0].size == 100_001


def test_a_sync_that_fails_seals_nothing(tmp_path, monkeypatch):
    spool = Spool(tmp_path)
    spool.prepare()
    incoming = spool.begin("260302-ABCDEFGH")
    writer = incoming.write("thu.eml")
    writer.write(b"a")
    fsync = os.fsync

    def fail(fd: int) -> None:
        if Path(f"/proc/self/fd/{fd}").readlink().name == "001":
            raise OSError(5, "broken")
        fsync(fd)

    monkeypatch.setattr(os, "fsync", fail)
    incoming.finish(writer)
    with pytest.raises(OSError, match="broken"):
        incoming.seal(Envelope("smtp", Channel.SMTP, NOON))
    assert not list(spool.sealed())
    incoming.abandon()
    assert not list(spool.drafts())
