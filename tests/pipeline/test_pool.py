"""Real worker processes: whatever a plugin does, one attempt fails, the culprit is named, the pool goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from vbdaemon.delivery.unfinished import UnfinishedTask
from vbdaemon.errors import PluginError
from vbdaemon.pipeline import pool as pools
from vbdaemon.pipeline.calls import CallSum
from vbdaemon.pipeline.pool import AttemptFailed, Deadlines, Pool
from vbdaemon.pipeline.worker import WorkerSetup
from vbdaemon.testing import NOON, make_snapshot

pytestmark = pytest.mark.durability

PLUGIN = """
import ctypes, decimal, os, pathlib, subprocess, time
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Outcome

@hookimpl
def deliver(delivery, snapshot):
    what, _, where = delivery.destination.address.partition(":")
    if what == "hang":
        time.sleep(60)
    if what == "segfault":
        ctypes.string_at(0)
    if what == "exit":
        os._exit(3)
    if what == "hunger":
        bytearray(10**11)
    if what == "scratch":
        scratch = pathlib.Path(where) / "scratch" / str(os.getpid()) / "left"
        scratch.write_bytes(b"secret")
        time.sleep(60)
    if what in ("child", "leave"):
        child = subprocess.Popen(["sleep", "1000"])
        pathlib.Path(where).write_text(str(child.pid))
        if what == "child":
            time.sleep(60)
    if what.startswith("own"):
        import pickle, struct
        from vbdaemon.pipeline import answers
        class Evil:
            def __reduce__(self):
                return os.system, (f"touch {where}",)
        class Owned:
            PicklingError = pickle.PicklingError
            def dumps(self, answer, protocol):
                if what == "own-tower":
                    return b"\\x80\\x04)" + b"\\x85" * 10**6 + b"."
                return pickle.dumps(Evil() if what == "own-call" else "an answer to nothing", protocol)
        answers.pickle = Owned()
        if what == "own-length":
            answers._LENGTH = type("L", (), {"pack": lambda self, length: struct.pack("!Q", 1 << 60)})()
    if what == "unsendable":
        return Outcome.delivered(lambda: "words of a document")
    if what == "foreign":
        return Outcome.delivered(decimal.Decimal(1))
    if what == "unreadable":
        raise ValueError("words of a document")
    return Outcome.delivered(f"{os.getpid()} {snapshot.version}")
"""


def ask(what: str) -> UnfinishedTask:
    """A task whose `deliver` the site plugin answers; `what` says how."""
    return UnfinishedTask(what, "a.pdf", NOON)


def setup_of(folder: Path, source: str = PLUGIN, version: str = "one") -> WorkerSetup:
    plugins = folder / "plugins"
    plugins.mkdir(exist_ok=True)
    (folder / "spool" / "scratch").mkdir(parents=True, exist_ok=True)
    (plugins / "odd.py").write_text(source, encoding="utf-8")
    return WorkerSetup(make_snapshot(version=version), folder / "spool", plugins, ("odd",), {}, 4 << 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pool")


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[Pool]:
    pool = Pool("decision", setup_of(folder), 1, Deadlines(by_hook={"deliver": 0.4}))
    yield pool
    pool.close()


def gone(pid: int, seconds: float = 10.0) -> bool:
    """True when the process ends in time; what nobody has collected yet has ended."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def worker_of(pool: Pool) -> int:
    return int(pool.submit(ask("fine")).result(30).words.split()[0])


def test_a_worker_says_what_it_loaded(pool):
    assert pool.ready.plugins[0].name == "odd"
    assert pool.ready.order["deliver"][:2] == ("odd", "deliver_folder")
    assert ("odd", "deliver") in pool.ready.calls


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("own-call", "posix.system is in no answer"),
        ("own-tower", "tuples"),
        ("own-length", "are the most"),
        ("own-words", "none to what it was asked"),
    ],
)
def test_a_worker_that_somebody_took_over_runs_nothing_in_the_parent_and_is_replaced(pool, tmp_path, what, words):
    before, made = worker_of(pool), tmp_path / "made"
    with pytest.raises(AttemptFailed, match=words) as raised:
        pool.submit(ask(f"{what}:{made}")).result(30)
    assert raised.value.plugin is None
    assert not made.exists()
    assert worker_of(pool) != before
    assert gone(before)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("hang", "took longer than 0.4 s"),
        ("segfault", "ended unexpectedly"),
        ("exit", "ended unexpectedly"),
        ("hunger", "MemoryError"),
        ("unreadable", "ValueError at odd.py"),
        ("unsendable", "cannot be passed on: it cannot leave its worker"),
        ("foreign", "cannot be passed on: decimal.Decimal is in no answer"),
        ("leave:/dev/null", "left a process running"),
    ],
)
def test_the_culprit_is_named_and_the_pool_goes_on(pool, what, words):
    with pytest.raises(AttemptFailed, match=words) as raised:
        pool.submit(ask(what)).result(30)
    assert (raised.value.plugin, raised.value.hook) == ("odd", "deliver")
    assert "'odd'" in str(raised.value)
    assert "words of a document" not in str(raised.value)
    assert worker_of(pool)


def test_who_was_called_is_told_with_how_it_ended(folder):
    told: list[CallSum] = []
    pool = Pool("decision", setup_of(folder), 1, Deadlines(by_hook={"deliver": 0.4}), on_calls=told.extend)
    for what in ("fine", "unreadable", "hang", "segfault"):
        future = pool.submit(ask(what))
        assert (future.exception(30) is None) == (what == "fine")
    pool.close()
    assert [(each.plugin, each.hook, each.calls, each.failures, each.fatal) for each in told] == [
        ("odd", "deliver", 1, 0, False),
        ("odd", "deliver", 1, 1, False),
        ("odd", "deliver", 1, 1, True),
        ("odd", "deliver", 1, 1, True),
    ]
    assert 0.4 <= told[2].seconds < 5


def test_what_is_given_up_ends_at_once(folder):
    pool = Pool("decision", setup_of(folder), 1, Deadlines(by_hook={"deliver": 60.0}))
    future = pool.submit(ask("hang"))
    started = time.monotonic()
    pool.abandon()
    with pytest.raises(AttemptFailed, match="given up"):
        future.result(30)
    pool.close()
    assert time.monotonic() - started < 5


def test_a_hang_ends_soon_after_its_deadline(pool):
    worker_of(pool)
    started = time.monotonic()
    with pytest.raises(AttemptFailed):
        pool.submit(ask("hang")).result(30)
    assert time.monotonic() - started < 0.4 + 2 * pools.LOOK + 2


def test_what_a_killed_worker_started_dies_with_it(pool, tmp_path):
    with pytest.raises(AttemptFailed):
        pool.submit(ask(f"child:{tmp_path / 'pid'}")).result(30)
    assert gone(int((tmp_path / "pid").read_text()))


def test_what_a_call_left_running_is_a_failure_and_dies_at_once(pool, tmp_path):
    with pytest.raises(AttemptFailed, match="plugin 'odd' failed in hook 'deliver': left a process running"):
        pool.submit(ask(f"leave:{tmp_path / 'pid'}")).result(30)
    assert gone(int((tmp_path / "pid").read_text()))
    assert worker_of(pool)


def test_a_process_that_a_plugin_keeps_from_its_loading_on_dies_when_the_worker_retires(folder, tmp_path):
    keeps = f'{PLUGIN}\npathlib.Path("{tmp_path / "pid"}").write_text(str(subprocess.Popen(["sleep", "1000"]).pid))\n'
    pool = Pool("decision", setup_of(folder, keeps), 1, Deadlines())
    setup_of(folder)
    assert worker_of(pool) == worker_of(pool)
    pool.close()
    assert gone(int((tmp_path / "pid").read_text()))


def test_the_scratch_of_a_killed_worker_is_wiped(pool, folder):
    with pytest.raises(AttemptFailed):
        pool.submit(ask(f"scratch:{folder / 'spool'}")).result(30)
    assert [p for p in (folder / "spool" / "scratch").rglob("*") if p.name == "left"] == []


def test_a_worker_that_died_while_idle_is_replaced(pool):
    first = worker_of(pool)
    os.kill(first, signal.SIGKILL)
    assert gone(first)
    assert worker_of(pool) != first


def test_replacing_the_setup_takes_effect_with_the_next_task(pool, folder):
    before = pool.submit(ask("fine")).result(30).words
    pool.replace(setup_of(folder, version="two"))
    after = pool.submit(ask("fine")).result(30).words
    assert (before.split()[1], after.split()[1]) == ("one", "two")
    assert before.split()[0] != after.split()[0]
    pool.replace(setup_of(folder))


def test_a_worker_is_replaced_after_so_many_tasks(folder):
    pool = Pool("decision", setup_of(folder), 1, Deadlines(), most_tasks=2)
    workers = [worker_of(pool) for _ in range(4)]
    pool.close()
    assert workers[0] == workers[1] != workers[2] == workers[3]


def test_closing_finishes_what_was_queued(folder):
    pool = Pool("decision", setup_of(folder), 2, Deadlines())
    futures = [pool.submit(ask("fine")) for _ in range(20)]
    pool.close()
    workers = {int(f.result(0).words.split()[0]) for f in futures}
    assert all(gone(worker) for worker in workers)


def test_a_task_as_a_whole_has_a_deadline_too(folder):
    pool = Pool("decision", setup_of(folder), 1, Deadlines(by_hook={"deliver": 60.0}, task=0.3))
    with pytest.raises(AttemptFailed, match=r"took longer than 0\.3 s for one submission"):
        pool.submit(ask("hang")).result(30)
    pool.close()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise RuntimeError('x')\n", "plugin 'odd'.*RuntimeError"),
        ("import os\nos._exit(7)\n", "ended while it loaded the plugins.*odd"),
        ("import time\ntime.sleep(60)\n", "did not load the plugins within 1 s.*odd"),
    ],
    ids=["raises", "exits", "hangs"],
)
def test_a_plugin_that_breaks_at_load_is_one_clear_line(folder, monkeypatch, source, words):
    monkeypatch.setattr(pools, "START_SECONDS", 1.0)
    with pytest.raises(PluginError, match=words) as raised:
        Pool("decision", setup_of(folder, source), 1, Deadlines())
    assert "\n" not in str(raised.value)


def test_a_setup_that_cannot_be_loaded_fails_attempts_and_the_next_one_heals(folder):
    good = setup_of(folder)
    pool = Pool("decision", good, 1, Deadlines())
    pool.replace(replace(good, enabled=("absent",)))
    for _ in range(2):
        with pytest.raises(PluginError, match="'absent'"):
            pool.submit(ask("fine")).result(30)
    pool.replace(good)
    assert worker_of(pool)
    pool.close()


def test_one_that_cannot_be_loaded_again_is_named_as_who_failed(folder):
    told: list[CallSum] = []
    pool = Pool("decision", setup_of(folder), 1, Deadlines(), on_calls=told.extend)
    worker = worker_of(pool)
    setup_of(folder, "raise RuntimeError('its server does not answer')\n")
    os.kill(worker, signal.SIGKILL)
    assert gone(worker)
    time.sleep(0.1)
    told.clear()
    with pytest.raises(PluginError, match="'odd'"):
        pool.submit(ask("fine")).result(30)
    assert [(each.plugin, each.hook, each.fatal, each.hooks) for each in told] == [
        ("odd", "startup", True, ("deliver",))
    ]
    setup_of(folder)
    assert worker_of(pool)
    pool.close()


PARENT = """
import sys, time
from pathlib import Path
from vbdaemon.delivery.unfinished import UnfinishedTask
from vbdaemon.pipeline.pool import Deadlines, Pool
from vbdaemon.pipeline.worker import WorkerSetup
from vbdaemon.testing import NOON, make_snapshot

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    setup = WorkerSetup(make_snapshot(), folder / "spool", folder / "plugins", ("odd",), {}, 4 << 30)
    pool = Pool("decision", setup, 2, Deadlines())
    for _ in range(2):
        pool.submit(UnfinishedTask("hang", "a.pdf", NOON))
    time.sleep(0.5)
    print(*(w.pid for w in __import__("multiprocessing").active_children()), flush=True)
    time.sleep(60)
"""


def test_workers_die_when_their_parent_is_killed(folder, tmp_path):
    setup_of(folder)
    (tmp_path / "parent.py").write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py"), str(folder)], stdout=subprocess.PIPE, text=True
    )
    with parent:
        workers = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(workers) == 2
        parent.kill()
    assert all(gone(worker) for worker in workers)
