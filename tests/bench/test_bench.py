"""Measurements of the whole daemon, printed as tables. VBDAEMON_BENCH_DOCUMENTS=… for another number of documents."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]

DOCUMENTS = int(os.environ.get("VBDAEMON_BENCH_DOCUMENTS", "300"))
WARM_UP = 20
ALONE = 50
IDLE_SECONDS = 10.0
PROCESSES = os.cpu_count() or 1
BARE = Path(__file__).with_name("bare.py")
DROP = "phong-noi-vu/gui"
INBOX = "xa-ha-lam/nhan"


def test_documents_a_second_from_folder_to_forwarded(office, letters, tmp_path, family, processor_seconds):
    warm, timed = written(tmp_path / "warm", letters(1, WARM_UP)), written(tmp_path / "timed", letters(101, DOCUMENTS))
    rows = []
    for turn in range(3):
        rows.append((f"bare pool of {PROCESSES}, turn {turn + 1}", bare(office, warm, timed)))
    office.change("workers", decisions=PROCESSES)
    office.start()
    hand_in(office, warm, WARM_UP)
    spent = {pid: processor_seconds(pid) for pid in family(office.process.pid)}
    roles = family(office.process.pid)
    seconds, notices = hand_in(office, timed, WARM_UP + DOCUMENTS)
    {pid: processor_seconds(pid) - before for pid, before in spent.items()}
    office.stop()
    rows.append((f"bare pool of {PROCESSES}, after it", bare(office, warm, timed)))
    min(took for _, took in rows)
    statistics.median(took for _, took in rows)
    rows += [("daemon, to forwarded", seconds), ("daemon, notices too", notices)]
    for _name, _took in rows:
        pass
    for _pid, _role in roles.items():
        pass


def test_milliseconds_from_drop_to_forwarded_at_idle(office, letters):
    bodies = letters(5001, ALONE + 5)
    office.start()
    took = []
    for number, body in enumerate(bodies, 1):
        began = time.perf_counter()
        office.drop(DROP, f"cv-{number}.pdf", body)
        while arrived(office) < number:
            time.sleep(0.001)
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(0.15)
    took = sorted(took[5:])
    for _name, _share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
        pass


def test_memory_and_idle_processor_time(office, letters, family, megabytes, processor_seconds, tmp_path):
    office.start()
    hand_in(office, written(tmp_path / "some", letters(7001, 60)), 60)
    time.sleep(2)
    processes = family(office.process.pid)
    for pid in processes:
        _rss, _pss = megabytes(pid)
    {pid: processor_seconds(pid) for pid in processes}
    time.sleep(IDLE_SECONDS)
    for pid in processes:
        pass


def written(folder, bodies):
    folder.mkdir()
    for number, body in enumerate(bodies):
        (folder / f"{folder.name}-{number:05d}.pdf").write_bytes(body)
    return folder


def bare(office, warm, timed):
    words = (sys.executable, str(BARE), str(office.config.parent / "trust"), str(PROCESSES), str(warm), str(timed))
    return float(subprocess.run(words, capture_output=True, check=True, text=True).stdout)


def hand_in(office, folder, total):
    """Seconds until all were forwarded, and until all notices lay there."""
    waiting = [Path(shutil.copy(path, folder.parent / f"{path.name}.part")) for path in sorted(folder.iterdir())]
    began = time.perf_counter()
    for path in waiting:
        path.rename(office.exchange / DROP / path.stem)
    while arrived(office) < total:
        assert office.alive
        assert time.perf_counter() < began + 600, office.states()
        time.sleep(0.01)
    forwarded = time.perf_counter() - began
    office.until(lambda: office.is_settled(total), "the notices", 60)
    return forwarded, time.perf_counter() - began


def arrived(office):
    return sum(not name.startswith(".") for name in os.listdir(office.exchange / INBOX))
