"""Mutated signed files through the daemon's own workers: every one is answered in time, and the parent lives."""

import importlib.util
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from vbdaemon.config import load_settings
from vbdaemon.model import Channel, DocumentVerdict, Envelope, VerdictKind
from vbdaemon.operation.inspection import InspectTask
from vbdaemon.pipeline.pool import Deadlines, Pool
from vbdaemon.pipeline.worker import WorkerSetup
from vbdaemon.snapshot import build_snapshot
from vbdaemon.testing import NOON

SIGNATURES = Path(__file__).parents[1] / "signature"
CALL, READ = 10.0, 60.0
"""Seconds that one call of `verify` may take, and one of `read`: the daemon's own."""
LONGEST = 90.0
"""Seconds for all that is to be said of one file."""
TOLD = "unsigned-bytes"
WHOLE, TENTH = 560, 56
"""Some are left out as no mutants, so that 500 stay."""


@pytest.fixture(scope="module")
def mutation() -> ModuleType:
    """The module that makes mutated files."""
    spec = importlib.util.spec_from_file_location("mutation", SIGNATURES / "mutation.py")
    sys.modules["mutation"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["mutation"])
    return sys.modules["mutation"]


@pytest.fixture
def pool(station) -> Iterator[Pool]:
    """Two workers on the demo agency's settings, with the daemon's deadlines."""
    settings = load_settings(station.config)
    (station.spool / "scratch").mkdir(parents=True, exist_ok=True)
    memory = settings.workers.memory_megabytes << 20
    setup = WorkerSetup(build_snapshot(settings), station.spool, None, (), {}, memory)
    pool = Pool("mutants", setup, 2, Deadlines(CALL, {"read": READ}))
    yield pool
    pool.close()


@pytest.fixture
def letters(papers, agency) -> list[bytes]:
    """Accepted documents: both signatures, and with the Word file."""
    return [papers(case)[0].body for case in ("letter", "no-word-file", "submission")]


def document(pool: Pool, path: Path, body: bytes) -> DocumentVerdict:
    path.write_bytes(body)
    nobody = Envelope("inspect", Channel.INSPECT, NOON, sender_known_checks=False, recipient_checks=False)
    task = InspectTask((path,), nobody)
    began = time.monotonic()
    decision = pool.submit(task).result(LONGEST)
    assert time.monotonic() - began < LONGEST
    return decision.documents[0]


def judged(pool: Pool, folder: Path, mutants: Iterable, originals: list[bytes]) -> Counter:
    """Verdicts; the untouched files are ACCEPTed before all others and after them, by the same parent."""
    verdicts: Counter = Counter()

    def untouched() -> list[VerdictKind]:
        return [document(pool, folder / f"{n}.pdf", body).verdict.kind for n, body in enumerate(originals)]

    assert untouched() == [VerdictKind.ACCEPT] * len(originals)
    for mutant in mutants:
        found = document(pool, folder / f"{mutant.name}.pdf", mutant.body)
        verdicts[found.verdict.kind.value] += 1
        if found.verdict.kind is VerdictKind.ACCEPT:
            assert mutant.signed_bytes_kept, mutant.name
            assert TOLD in {finding.code for finding in found.findings}, mutant.name
    assert untouched() == [VerdictKind.ACCEPT] * len(originals)
    return verdicts


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_tenth_of_the_mutants_is_answered_by_workers_in_time(pool, letters, mutation, tmp_path):
    verdicts = judged(pool, tmp_path, mutation.mutants(letters, TENTH), letters)
    assert verdicts.total() >= TENTH * 9 // 10
    assert verdicts["HOLD"] > 0
    assert verdicts["REJECT"] > 0


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_all_mutants_are_answered_by_workers_in_time(pool, letters, mutation, tmp_path):
    began = time.monotonic()
    verdicts = judged(pool, tmp_path, mutation.mutants(letters, WHOLE), letters)
    counted = ", ".join(f"{count} {kind}" for kind, count in verdicts.items())
    print(f"\n{verdicts.total()} mutants through two workers in {time.monotonic() - began:.0f} s: {counted}")  # noqa: T201
    assert verdicts.total() >= 500
