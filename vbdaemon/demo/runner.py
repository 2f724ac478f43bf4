"""Plays the demo: builds the agency, starts the daemon, hands the cases in, waits, tells and compares."""

import hashlib
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from vbdaemon.clock import Clock
from vbdaemon.demo.agency import found_agency
from vbdaemon.demo.cases import CASES, DemoCase
from vbdaemon.demo.listing import Listed
from vbdaemon.demo.papers import Files
from vbdaemon.demo.post import PostOffice, free_port, hand_in
from vbdaemon.demo.program import DemoFailed, InstalledProgram, Program
from vbdaemon.demo.result import CaseResult
from vbdaemon.demo.site import MailPorts, write_site
from vbdaemon.demo.table import print_results

MARKER = ".vbdaemon-demo"
"""Marks a folder that the demo made, and may therefore clear away."""
MAIL = "thu"
"""Folder of the mail that the daemon sent, a folder for each address."""
_PAUSE_SECONDS = 0.8
_STARTING_SECONDS = 60.0

ProgramMaker = Callable[[Path, Path], Program]


def run_demo(
    folder: Path,
    out: TextIO,
    clock: Clock,
    *,
    cases: Sequence[DemoCase] = CASES,
    ocr: bool | None = None,
    patience_seconds: float = 240.0,
    program: ProgramMaker = InstalledProgram,
) -> int:
    """Play all cases in `folder` and print what became of them; 0 when all came out as they should, else 1.

    `folder` is made anew each time; a folder that is not empty and was not made by the demo is left alone.
    `ocr` tells whether OCR is installed (None = look). Raises DemoFailed when the demo cannot be played.
    """
    can_read = ocr_installed() if ocr is None else ocr
    results, ending = play(folder, clock, cases, can_read, patience_seconds, program)
    print_results(results, folder, out, ocr=can_read)
    if ending != 0:
        out.write(f"The daemon ended with exit code {ending}; see {folder / 'daemon.log'}.\n")
    return 0 if ending == 0 and all(result.as_expected for result in results) else 1


def play(
    folder: Path, clock: Clock, cases: Sequence[DemoCase], ocr: bool, patience_seconds: float, program: ProgramMaker
) -> tuple[tuple[CaseResult, ...], int]:
    """Hand the cases in and wait; the answer is what became of each, and the daemon's exit code."""
    clear(folder)
    agency = found_agency(clock())
    post = PostOffice(folder / MAIL)
    ports = MailPorts(free_port(), post.port)
    settings = write_site(agency, folder, ports)
    exchange = folder / "exchange"
    daemon = program(settings, folder / "daemon.log")
    post.start()
    daemon.start()
    try:
        handed = [_hand_in(exchange, ports, case, case.files(agency)) for case in cases]
        listing = _wait(daemon, handed, patience_seconds)
    finally:
        ending = daemon.stop()
        post.stop()
    results = tuple(
        CaseResult(case, files, submission_of(files, listing), exchange, ocr, post.folder)
        for case, files in zip(cases, handed, strict=True)
    )
    return results, ending


def clear(folder: Path) -> None:
    """Make the folder empty, and mark it; raises DemoFailed when it holds what the demo did not make."""
    marker = folder / MARKER
    if folder.exists() and any(folder.iterdir()):
        if not marker.exists():
            raise DemoFailed(f"{folder} is not empty and was not made by the demo; name another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    marker.write_text("Made by the vbdaemon demo, which clears this folder each time it is played.\n", "utf-8")


def drop(exchange: Path, case: DemoCase, files: Files) -> frozenset[str]:
    """Put a case's files into its drop folder, each at once under its own name; the answer is their SHA-256."""
    target = exchange / case.drop
    if case.bundle is None:
        for file in files:
            waiting = target / f".{file.name}.part"
            waiting.write_bytes(file.body)
            waiting.rename(target / file.name)
    else:
        waiting = target / f".{case.bundle}.part"
        waiting.mkdir()
        for file in files:
            (waiting / file.name).write_bytes(file.body)
        (waiting / "xong").touch()
        waiting.rename(target / case.bundle)
    return frozenset(hashlib.sha256(file.body).hexdigest() for file in files)


def _hand_in(exchange: Path, ports: MailPorts, case: DemoCase, files: Files) -> frozenset[str]:
    """By folder or by mail, as the case has it; the answer is the files' SHA-256."""
    if not case.by_mail:
        return drop(exchange, case, files)
    end = time.monotonic() + _STARTING_SECONDS
    while True:
        try:
            hand_in(ports.listener, case.way, case.vietnamese, files)
        except OSError as refused:  # SMTPException is an OSError too
            if time.monotonic() > end:
                raise DemoFailed(f"the daemon's mail listener takes nothing: {refused}") from refused
            time.sleep(_PAUSE_SECONDS)  # it is still starting
        else:
            return frozenset(hashlib.sha256(file.body).hexdigest() for file in files)


def submission_of(files: frozenset[str], listing: Sequence[Listed]) -> Listed | None:
    """The submission that holds most of these files; None when none holds any."""
    best = max(listing, key=lambda listed: len(listed.files & files), default=None)
    return best if best is not None and best.files & files else None


def ocr_installed() -> bool:
    """True when tesseract with Vietnamese is installed."""
    if shutil.which("tesseract") is None:
        return False
    asked = subprocess.run(("tesseract", "--list-langs"), capture_output=True, check=False, text=True)  # noqa: S607 - found by name, as the daemon does
    return "vie" in asked.stdout.split()


def _wait(daemon: Program, handed: Sequence[frozenset[str]], patience_seconds: float) -> tuple[Listed, ...]:
    """Ask until every case is settled, or patience ends; then what is known stands in the table."""
    end = time.monotonic() + patience_seconds
    while True:
        listing = daemon.listing()
        found = [submission_of(files, listing) for files in handed]
        if all(listed is not None and listed.settled for listed in found) or time.monotonic() > end:
            return listing
        time.sleep(_PAUSE_SECONDS)
