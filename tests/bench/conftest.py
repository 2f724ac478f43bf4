"""One-page documents with one signature, and the processes of a daemon."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

POLICY = """
[[finding]]
code = "person-signature-or-scan-missing"
severity = "note"
verdict = "none"

[[finding]]
code = "scan-evidence-unclear"
severity = "note"
verdict = "none"
"""
"""The measured documents carry the organisation's signature alone."""
TICKS = os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="session")
def letters(agency: Any) -> Callable[[int, int], list[bytes]]:
    """So many letters, numbered from `first` on: one page, one signature, one recipient."""
    from vbdaemon.demo.papers import written  # noqa: PLC0415 - collected with all other tests
    from vbdaemon.demo.stamping import SigningMoment, sign_as_organisation  # noqa: PLC0415 - collected with all other tests
    from vbdaemon.demo.typesetting import typeset  # noqa: PLC0415 - collected with all other tests

    unit = agency.unit("phong-noi-vu")
    by = agency.signatories["phong-noi-vu"]
    moment = SigningMoment(agency.signed_at, by.timestamper)
    plain = written(agency, "phong-noi-vu", "review-letter")
    single = replace(plain, addressees=("Ủy ban nhân dân xã Hạ Lam",), electronic_recipients=())

    def make(number: int) -> bytes:
        laid = typeset(replace(single, number=str(number), subject=f"rà soát đội ngũ cán bộ, đợt {number}"))
        return sign_as_organisation(laid.pdf, by.organisation, laid.seal, laid.page, moment, unit.heading, unit.place)

    def some(first: int, count: int) -> list[bytes]:
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return list(threads.map(make, range(first, first + count)))

    return some


@pytest.fixture
def office(station: Any) -> Iterator[Any]:
    """The demo agency's site; it accepts what the organisation alone signed."""
    (station.config.parent / "policy.toml").write_text(POLICY, "utf-8")
    station.change("rules", policy="policy.toml")
    station.change("log", level="warning")
    return station


@pytest.fixture
def family() -> Callable[[int], dict[int, str]]:
    """A process and all that descend from it: id and name."""

    def of(root: int) -> dict[int, str]:
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                except OSError:
                    continue
        found, more = {root}, {root}
        while more := {pid for pid, parent in parents.items() if parent in more} - found:
            found |= more
        return {pid: _role(pid) for pid in sorted(found)}

    return of


@pytest.fixture
def megabytes() -> Callable[[int], tuple[float, float]]:
    """Resident memory of a process, and its share of it (PSS: what is shared is divided)."""

    def of(pid: int) -> tuple[float, float]:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kept = {row.split()[0]: int(row.split()[1]) / 1024 for row in rows[1:]}
        return kept["Rss:"], kept["Pss:"]

    return of


@pytest.fixture
def processor_seconds() -> Callable[[int], float]:
    """Processor time that a process has used."""

    def of(pid: int) -> float:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    return of


def _role(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    if "resource_tracker" in words:
        return "resource tracker"
    if "forkserver" in words:
        return "worker" if int(Path(f"/proc/{pid}/stat").read_text().split()[5]) == pid else "fork server"
    return "daemon"
