"""What a plugin costs that has every hook and answers None: per document, and for the messages about it."""

# ruff: noqa: T201 - measurements are printed as tables

import inspect
import multiprocessing
import os
import pickle
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from vbdaemon import hookspecs
from vbdaemon.config import load_settings
from vbdaemon.model import Channel, Envelope
from vbdaemon.operation.inspection import InspectTask
from vbdaemon.pipeline.beacon import Beacon, BeaconWatch
from vbdaemon.pipeline.pool import Deadlines, Pool
from vbdaemon.pipeline.worker import Done, WorkerSetup, Workplace
from vbdaemon.registry import load_registry
from vbdaemon.snapshot import build_snapshot
from vbdaemon.testing import NOON

DECISION = ("unpack", "read", "group", "classify", "verify", "check", "judge", "route")
"""Each is called once for a document of one file."""
AIM = 0.001
"""Seconds for one plugin and document."""
MANY = 10
ROUNDS, TURNS = 2000, 12

pytestmark = pytest.mark.bench


def empty() -> str:
    """A plugin with every hook and every argument."""
    hooks = {name: each for name, each in vars(hookspecs).items() if hasattr(each, "vbdaemon_spec")}
    parts = ["from vbdaemon.hookspecs import hookimpl\n"]
    for name, hook in hooks.items():
        arguments = ", ".join(inspect.signature(hook).parameters)
        parts.append(f"\n@hookimpl\ndef {name}({arguments}):\n    return None\n")
    return "".join(parts)


def write(folder: Path, count: int) -> tuple[str, ...]:
    folder.mkdir(exist_ok=True)
    names = tuple(f"empty{number}" for number in range(count))
    for name in names:
        (folder / f"{name}.py").write_text(empty(), "utf-8")
    return names


@dataclass(frozen=True)
class Timed:
    """Processor seconds of a whole decision, in the worker."""

    task: InspectTask

    def run(self, place: Workplace) -> float:
        began = time.process_time()
        self.task.run(place)
        return time.process_time() - began


def test_calls_of_an_empty_plugin_cost_less_than_a_millisecond_for_a_document(tmp_path):
    names = write(tmp_path / "plugins", MANY)
    spent = {}
    for count in (0, 1, MANY):
        watch = BeaconWatch(Beacon(multiprocessing.get_context("forkserver")))
        registry = load_registry(tmp_path / "plugins", names[:count], {}, watch, builtins=())
        arguments = dict.fromkeys(("file", "submission", "contents", "document", "classification", "signatures"))
        arguments |= dict.fromkeys(("findings", "verdict", "snapshot"))
        began = time.process_time()
        for _ in range(ROUNDS):
            for hook in DECISION:
                registry.all(hook, **arguments)
            told = watch.counter.take()
        spent[count] = (time.process_time() - began) / ROUNDS
        began = time.process_time()
        for _ in range(ROUNDS):
            pickle.loads(pickle.dumps(Done(None, told)))
        spent[count] += (time.process_time() - began) / ROUNDS
    one, each = spent[1] - spent[0], (spent[MANY] - spent[0]) / MANY
    print(f"\nload {os.getloadavg()[0]:.1f}; an empty plugin, for each document, calls and message about them")
    print(f"  one plugin   {1000 * one:.4f} ms")
    print(f"  each of {MANY}   {1000 * each:.4f} ms")
    assert one < AIM


@pytest.mark.timeout(300)
def test_what_ten_of_them_add_to_a_whole_decision(station, papers, tmp_path):
    settings = load_settings(station.config)
    snapshot, names = build_snapshot(settings), write(tmp_path / "plugins", MANY)
    (station.spool / "scratch").mkdir(parents=True, exist_ok=True)
    memory = settings.workers.memory_megabytes << 20
    letter = tmp_path / "cv.pdf"
    letter.write_bytes(papers("letter")[0].body)
    nobody = Envelope("inspect", Channel.INSPECT, NOON, sender_known_checks=False, recipient_checks=False)
    task = Timed(InspectTask((letter,), nobody))
    pools = {}
    for count in (0, MANY):
        setup = WorkerSetup(snapshot, station.spool, tmp_path / "plugins", names[:count], {}, memory)
        pools[count] = Pool(f"with-{count}", setup, 1, Deadlines())
    seconds: dict[int, list[float]] = {count: [] for count in pools}
    for _ in range(TURNS):  # in turn, so that the machine's moods strike both
        for count, pool in pools.items():
            seconds[count].append(pool.submit(task).result())
    for pool in pools.values():
        pool.close()
    without, full = (statistics.median(seconds[count][2:]) for count in (0, MANY))
    print(f"\nload {os.getloadavg()[0]:.1f}; a signed letter, processor time of the decision, median of {TURNS - 2}")
    print(f"  no plugin            {1000 * without:8.2f} ms")
    print(f"  {MANY} empty plugins     {1000 * full:8.2f} ms   ({full / without:.3f} times)")
