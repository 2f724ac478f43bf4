"""Measurements of the whole daemon, as tables. VBDAEMON_BENCH_DOCUMENTS=… for another number of documents."""

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
PATIENCE = 900.0
PROCESSES = os.cpu_count() or 1
BARE = Path(__file__).with_name("bare.py")
DROP = "phong-noi-vu/gui"
INBOX = "xa-ha-lam/nhan"


def test_documents_a_second_from_folder_to_forwarded(office, letters, tmp_path, family, processor_seconds):
    warm, timed = written(tmp_path / "warm", letters(1, WARM_UP)), written(tmp_path / "timed", letters(101, DOCUMENTS))
    runs = [bare(office, warm, timed) for _ in range(2)]
    office.change("workers", decisions=PROCESSES)
    office.start()
    hand_in(office, warm, WARM_UP)
    roles = family(office.process.pid)
    before = {pid: processor_seconds(pid) for pid in roles}
    forwarded, noticed = hand_in(office, timed, WARM_UP + DOCUMENTS)
    used = {pid: processor_seconds(pid) - before[pid] for pid in roles}
    office.stop()
    runs += [bare(office, warm, timed) for _ in range(2)]
    tell(f"\n{DOCUMENTS} documents of one page and one signature, {PROCESSES} decision workers")
    for turn, (took, _) in enumerate(runs, 1):
        tell(f"  {f'bare pool of {PROCESSES}, turn {turn}':<28} {took:7.2f} s   {DOCUMENTS / took:6.1f} documents/s")
    for name, took in (("daemon, to forwarded", forwarded), ("daemon, notices too", noticed)):
        tell(f"  {name:<28} {took:7.2f} s   {DOCUMENTS / took:6.1f} documents/s")
    times = [took for took, _ in runs]
    tell(f"  ratio to the median bare run {statistics.median(times) / forwarded:.2f}, aim 0.7")
    tell(f"  ratio to the fastest         {min(times) / forwarded:.2f}")
    lone = statistics.median(spent for _, spent in runs)
    tell(f"  {'bare pool':<28} {lone:7.2f} s of processor, {lone / DOCUMENTS * 1000:5.1f} ms each")
    for pid, role in roles.items():
        tell(f"  {role:<28} {used[pid]:7.2f} s of processor, {used[pid] / DOCUMENTS * 1000:5.1f} ms each")


def test_milliseconds_from_drop_to_forwarded_at_idle(office, letters):
    bodies = letters(5001, ALONE + 5)
    office.start()
    took = []
    for number, body in enumerate(bodies, 1):
        began = time.perf_counter()
        office.drop(DROP, f"cv-{number}.pdf", body)
        while arrived(office) < number:
            assert time.perf_counter() < began + PATIENCE
            time.sleep(0.001)
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(0.15)
    took = sorted(took[5:])
    tell(f"\nfrom drop to forwarded, one at a time, quiet and settle 0, {len(took)} documents")
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
        tell(f"  {name}  {took[min(len(took) - 1, int(share * len(took)))]:6.0f} ms")


def test_memory_and_idle_processor_time(office, letters, family, megabytes, processor_seconds, tmp_path):
    office.start()
    hand_in(office, written(tmp_path / "some", letters(7001, 60)), 60)
    time.sleep(2)
    processes = family(office.process.pid)
    tell("\nmemory after 60 documents (RSS; PSS divides what is shared)")
    for pid, role in processes.items():
        rss, pss = megabytes(pid)
        tell(f"  {role:<18} {rss:6.0f} MB  {pss:6.0f} MB")
    before = {pid: processor_seconds(pid) for pid in processes}
    time.sleep(IDLE_SECONDS)
    drops = len(list(office.exchange.glob("*/gui*")))
    tell(f"processor time at idle, {IDLE_SECONDS:g} s, {drops} drop folders swept every 0.2 s")
    for pid, role in processes.items():
        tell(f"  {role:<18} {(processor_seconds(pid) - before[pid]) / IDLE_SECONDS * 100:5.1f} %")


def tell(line):
    sys.stdout.write(f"{line}\n")


def written(folder, bodies):
    folder.mkdir()
    for number, body in enumerate(bodies):
        (folder / f"{folder.name}-{number:05d}.pdf").write_bytes(body)
    return folder


def bare(office, warm, timed):
    words = (sys.executable, str(BARE), str(office.config.parent / "trust"), str(PROCESSES), str(warm), str(timed))
    told = subprocess.run(words, capture_output=True, check=True, text=True).stdout.split()
    return float(told[0]), float(told[1])


def hand_in(office, folder, total):
    """Seconds until all were forwarded, and until all notices lay there."""
    waiting = [Path(shutil.copy(path, folder.parent / f"{path.name}.part")) for path in sorted(folder.iterdir())]
    began = time.perf_counter()
    for path in waiting:
        path.rename(office.exchange / DROP / path.stem)
    while arrived(office) < total:
        assert office.alive
        assert time.perf_counter() < began + PATIENCE, office.states()
        time.sleep(0.01)
    forwarded = time.perf_counter() - began
    office.until(lambda: office.is_settled(total), "the notices", 60)
    return forwarded, time.perf_counter() - began


def arrived(office):
    return sum(not path.name.startswith(".") for path in (office.exchange / INBOX).iterdir())
