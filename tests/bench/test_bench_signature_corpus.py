"""Signed files in bulk: reports stock and fast compared, all mutants, every bit of a value, the real papers.

The files are made by the modules beside the tests of signatures; a part of each is tested there too.
"""

# ruff: noqa: T201 - measurements are printed

import importlib.util
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from vbdaemon.model import Directory, SignatureReport, VerdictKind
from vbdaemon.signature.fast_path import speed_up
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.verification import verify_pdf

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

SHARED = Path(__file__).parents[3] / "shared"
MUTANTS = 540
"""Some are left out as no mutants, so that 500 stay."""
ROUNDS = 15
AIM = 1.6
NAME = "vbdaemon_tests_of_signatures"


def fixtures() -> ModuleType:
    """The shared part of the tests of signatures, which is no package."""
    if NAME not in sys.modules:
        path = Path(__file__).parents[1] / "signature" / "conftest.py"
        spec = importlib.util.spec_from_file_location(NAME, path)
        sys.modules[NAME] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[NAME])
    return sys.modules[NAME]


shared = fixtures()
quiet_library, new_key, pki, agency, leader = (
    shared.quiet_library,
    shared.new_key,
    shared.pki,
    shared.agency,
    shared.leader,
)
trust_folder, trust, verify, decide, pdf = shared.trust_folder, shared.trust, shared.verify, shared.decide, shared.pdf
shipped = shared.shipped
signers, own_attacks, all_attacks, papers = shared.signers, shared.own_attacks, shared.all_attacks, shared.papers
mutation, originals, outside, corpus, library = (
    shared.mutation,
    shared.originals,
    shared.outside,
    shared.corpus,
    shared.library,
)


@pytest.fixture(autouse=True)
def slow_afterwards():
    yield
    speed_up(enabled=False)


def test_the_same_reports_come_out_for_all_that_can_be_made(library, corpus, tmp_path):
    papers = library.all_of(1)
    seen = corpus.compare(papers, tmp_path)
    corpus.assert_all_occurred(seen)
    print(f"\n{len(papers)} files, {seen.total()} signatures: the same reports, field by field, stock and fast")
    for kind in ("status", "subindication", "coverage", "modification"):
        print(f"  {kind}: {told(Counter(str(getattr(report, kind)) for report in seen.elements()))}")
    print(f"  unsigned traces: {told(Counter(t.value for report in seen.elements() for t in report.unsigned_traces))}")


def told(counted: Counter) -> str:
    return ", ".join(f"{count} {name}" for name, count in counted.most_common())


def test_all_mutants_are_answered_and_none_is_accepted_for_nothing(originals, decide, mutation):
    began = time.monotonic()
    verdicts = mutation.survey(originals, decide, mutation.mutants(originals, MUTANTS))
    counted = ", ".join(f"{count} {kind.value}" for kind, count in verdicts.items())
    print(f"\n{verdicts.total()} mutated signed files in {time.monotonic() - began:.1f} s: {counted}")
    assert verdicts.total() >= 500


def test_no_bit_of_a_signatures_value_changes_unseen(pki, papers, pdf, outside, agency, decide):
    once = papers.stamped(pdf, pki, agency)
    start, value = outside.value_at(once)
    verdicts: Counter = Counter()
    for place in range(len(value)):
        digits = b"%02X" % (value[place] ^ 1 << place % 8)
        at = start + 2 * place
        answer = decide(once[:at] + digits + once[at + 2 :], scan=True)
        verdicts[answer.verdict] += 1
        if answer.verdict is VerdictKind.ACCEPT:
            assert any(report.unsigned_traces for report in answer.reports), place
    counted = ", ".join(f"{count} {kind.value}" for kind, count in verdicts.items())
    print(f"\none bit of each of {len(value)} bytes of a signature's value changed: {counted}, all of ACCEPT told")


@pytest.mark.skipif(not (SHARED / "samples").is_dir(), reason="the sample documents are not at hand")
def test_real_papers_stock_and_fast(tmp_path):
    store = TrustStore.load(SHARED / "trust")
    print(f"\n{'real papers: median ms of processor time':<46}{'signatures':>11}{'stock':>8}{'fast':>8}{'gain':>8}")
    for path in sorted((SHARED / "samples").glob("*.pdf")):
        count = len(reports(path, store))
        stock, fast = medians(path, store)
        aim = f"   (aim {AIM}x)" if count == 5 else ""
        print(f"{path.stem:<46}{count:>11}{stock:>8.1f}{fast:>8.1f}{stock / fast:>7.1f}x{aim}")


def reports(path: Path, store: TrustStore) -> tuple[SignatureReport, ...]:
    return verify_pdf(path, path.name, "0", store, Directory())


def medians(path: Path, store: TrustStore) -> tuple[float, float]:
    """Each in turn, so that other work on the machine slows both alike; chains are kept as in a worker."""
    chains = speed_up(enabled=True).chains
    taken: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(ROUNDS + 1):
        for fast in (False, True):
            speed_up(fast, chains=chains)
            reports(path, store)
            began = time.process_time()
            reports(path, store)
            taken[fast] += [(time.process_time() - began) * 1000] * (turn > 0)
    return statistics.median(taken[False]), statistics.median(taken[True])
