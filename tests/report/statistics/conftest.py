"""A busy half-year of an office: submissions decided, held, judged again and locked away, by a fixed dice."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from vbdaemon.model import (
    Directory,
    DocumentVerdict,
    FileRecord,
    FileRole,
    Finding,
    Office,
    Purpose,
    Reason,
    Severity,
    SignatureStatus,
    Signer,
    SignerRole,
    Snapshot,
    TransmissionForm,
    Verdict,
)
from vbdaemon.model.register import Books
from vbdaemon.pipeline.settlement import Desk, settle
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.state import facts, submissions
from vbdaemon.state.records import Decision, HoldKind, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import found, make_classification, make_signature, make_snapshot, make_unit

MADE_AT = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)
FORMS = ("cong-van", "bao-cao", "quyet-dinh", "to-trinh", "ke-hoach", "hop-dong")
NAMES = ("Ân Thi", "Bình Minh", "Đông Hưng", "Đa Mai", "Ea Kly", "Ánh Dương", "Xuân Lộc", "Y Can")
UNITS = tuple(
    make_unit(f"H99.{place:02}", f"Ủy ban nhân dân xã {name}", signature_issued=name != "Ea Kly")
    for place, name in enumerate(NAMES)
)
CODES = ("organisation-signature-missing", "paper-only-form", "unreadable-file", "not-an-agency-document")
FINDINGS = ("editable-file-missing", "paper-also-due", "format-margin", "format-font", "person-not-the-signer")
TITLES = ("CHỦ TỊCH", "PHÓ CHỦ TỊCH", "KẾ TOÁN TRƯỞNG", "CHUYÊN VIÊN", None)


@dataclass
class Busy:
    """The state of the office, and where it lies."""

    state: State
    path: Path
    head: Letterhead


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    office = Office("Văn phòng HĐND và UBND huyện Mẫu", "Ủy ban nhân dân huyện Mẫu", "H99")
    return replace(make_snapshot(), office=office, directory=Directory(UNITS))


@pytest.fixture(scope="session")
def busy(template: Path, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    path = Path(shutil.copy(template, tmp_path_factory.mktemp("busy") / "state.sqlite3"))
    state = State(f"sqlite:///{path}")
    state.write(partial(live, desk=Desk(snapshot, Books()), dice=random.Random(607)))
    yield Busy(state, path, Letterhead(snapshot, MADE_AT))
    state.close()


def live(connection: object, *, desk: Desk, dice: random.Random) -> None:
    """Everything in one transaction: only what was committed at the end is asked for."""
    at = datetime(2026, 1, 1, 16, 30, tzinfo=UTC)
    for number in range(180):
        at += timedelta(minutes=dice.randint(20, 2200))
        name = f"{at:%y%m%d}-{number:08d}"
        submissions.admit(connection, name, "drop", name, at)
        decided = at + timedelta(seconds=dice.choice((3, 4, 7, 30, 30, 4000, 200_000)))
        decision = judged(dice, number)
        state = go(connection, name, decision, desk, decided)
        if state is SubmissionState.HELD and decision.piece is None and dice.random() < 0.5:
            submissions.move(connection, name, SubmissionState.WAITING)
            again = replace(judged(dice, number), purpose=decision.purpose)  # it stays what it was handed in for
            go(connection, name, again, desk, decided + timedelta(hours=dice.randint(1, 90)))
        elif state is SubmissionState.ACCEPTED and dice.random() < 0.1:
            submissions.move(connection, name, SubmissionState.HELD, HoldKind.PERSON)
            facts.hold(connection, name)


def go(connection: object, name: str, decision: Decision, desk: Desk, at: datetime) -> SubmissionState:
    version = submissions.start_attempt(connection, name, at)
    return settle(connection, name, version, decision, desk, at)


def judged(dice: random.Random, number: int) -> Decision:
    """One to three documents of one unit."""
    unit = dice.choice((*UNITS, None))
    drafts = dice.random() < 0.1
    documents = tuple(
        document(dice, f"{number}-{place}" if dice.random() > 0.05 else "the same", unit.code if unit else None, drafts)
        for place in range(dice.choice((1, 1, 1, 2, 3)))
    )
    if dice.random() < 0.04:
        locked = Verdict.quarantine(Reason("secret-marking", "Có dấu chỉ độ mật."))
        documents = tuple(
            DocumentVerdict(d.main_sha256, d.main_sha256, (d.main_sha256,), None, (), (), locked) for d in documents
        )
    files = tuple(
        FileRecord("tep", FileRole.DRAFT if drafts else FileRole.MAIN, sha256, "application/pdf", 1)
        for each in documents
        for sha256 in each.files
    )
    purpose = Purpose.PREFLIGHT if dice.random() < 0.05 else Purpose.EXCHANGE
    account = dice.choice(("lanhdao", "vanthu"))
    return Decision(documents, files=files, unit=unit.code if unit else None, account=account, purpose=purpose)


def document(dice: random.Random, seed: str, unit: str | None, drafts: bool) -> DocumentVerdict:
    sha256 = seed.encode().hex().ljust(64, "0")[:64]
    kind = dice.choices(("accept", "reject", "hold", "returned"), (70, 15, 10, 5))[0]
    codes = dice.sample(CODES, dice.randint(1, 2)) if kind != "accept" else []
    findings = tuple(
        Finding(code, Severity.NOTE if dice.random() < 0.2 else Severity.WARNING, code)
        for code in (*codes, *dice.sample(FINDINGS, dice.randint(0, 3)))
    )
    reasons = tuple(Reason(code, code) for code in codes)
    verdict = {"accept": Verdict.accept, "hold": partial(Verdict.hold, *reasons)}.get(
        kind, partial(Verdict.reject, *reasons)
    )()
    title = dice.choice(TITLES)
    form = dice.choice(FORMS)
    classification = make_classification(
        form,
        number=seed,
        signer=Signer("KT. CHỦ TỊCH", title, "Trần Văn Mẫu"),
        issuer_unit=dice.choice((unit, None, UNITS[0].code)),
        transmission=TransmissionForm.PAPER if form == "hop-dong" else TransmissionForm.ELECTRONIC,
        draft=found(True) if drafts and dice.random() < 0.5 else None,
        restricted=dice.random() < 0.05,
    )
    roles = dice.sample((SignerRole.ORGANISATION, SignerRole.PERSON, SignerRole.UNKNOWN), dice.randint(0, 3))
    signatures = tuple(make_signature(role=role, status=dice.choice(tuple(SignatureStatus))) for role in roles)
    return DocumentVerdict(
        "van-ban.pdf",
        sha256,
        (sha256,),
        classification if dice.random() < 0.95 else None,
        signatures,
        findings,
        verdict,
        returned=kind == "returned",
    )


@pytest.fixture(scope="session")
def today() -> date:
    return date(2026, 6, 15)
