"""Below the low-water mark nothing is taken in, and it goes on by itself."""

import errno
from pathlib import Path

import pytest

from vbdaemon.intake.folder_pause import concerns_all
from vbdaemon.operation.disk import DiskMonitor, Room, is_low, room_at, rooms

GB = 1_000_000_000
SPOOL = Path("/srv/spool")


@pytest.mark.parametrize(
    ("free", "paused", "low"),
    [
        (2.0, False, False),
        (1.0, False, False),
        (0.99, False, True),
        (1.05, True, True),
        (1.11, True, False),
        (0.0, True, True),
    ],
)
def test_it_pauses_below_the_mark_and_goes_on_a_little_above_it(free, paused, low):
    assert is_low(Room(SPOOL, int(free * GB), 100 * GB), GB, paused=paused) is low


def test_a_mark_beyond_half_of_the_disk_does_not_shut_the_office():
    assert not is_low(Room(SPOOL, 6 * GB, 10 * GB), 50 * GB, paused=False)
    assert is_low(Room(SPOOL, 4 * GB, 10 * GB), 50 * GB, paused=False)


class Disk:
    def __init__(self) -> None:
        self.free = 5 * GB
        self.now = 0.0
        self.looks = 0
        self.told: list[str] = []

    def measure(self, path: Path) -> Room:
        self.looks += 1
        return Room(path, self.free, 100 * GB)

    def monitor(self, mark: int = GB) -> DiskMonitor:
        return DiskMonitor((SPOOL,), mark, lambda: self.now, self.measure, self.told.append)


def test_it_says_why_it_pauses_and_that_it_goes_on_once_each():
    disk = Disk()
    monitor = disk.monitor()
    assert monitor.paused() == ""
    disk.free = GB // 2
    disk.now = 6
    assert "only 500 MB are free at /srv/spool" in monitor.paused()
    disk.now = 12
    assert monitor.paused()
    disk.free, disk.now = 3 * GB, 18
    assert monitor.paused() == ""
    assert [words.split(":")[0] for words in disk.told] == ["intake paused", "intake goes on"]


def test_it_measures_only_now_and_then():
    disk = Disk()
    monitor = disk.monitor()
    for _ in range(100):
        monitor.paused()
    assert disk.looks == 1


def test_a_source_that_is_refused_rests_and_tries_again():
    disk = Disk()
    disk.free = 0
    with pytest.raises(OSError, match="low-water mark") as refusal:
        disk.monitor().require()
    assert refusal.value.errno == errno.ENOSPC
    assert concerns_all(refusal.value)


def test_a_mark_of_zero_never_pauses():
    disk = Disk()
    disk.free = 0
    disk.monitor(0).require()


def test_the_space_of_a_folder_that_is_not_there_yet_is_that_of_the_one_above(tmp_path):
    room = room_at(tmp_path / "a" / "b")
    assert room.total > room.free > 0
    assert 0 < room.share_free < 1


def test_a_file_system_that_does_not_answer_is_left_out():
    def measure(path: Path) -> Room:
        raise OSError(errno.ESTALE, "stale")

    assert rooms((SPOOL,), measure) == ()
