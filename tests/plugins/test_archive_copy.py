"""plugins/archive_copy.py: a second, whole and lasting copy of what was accepted."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from vbdaemon.model import (
    Delivery,
    DeliveryKind,
    Destination,
    Outcome,
    OutcomeKind,
    OutgoingFile,
    Verdict,
)
from vbdaemon.registry import load_registry
from vbdaemon.testing import (
    NOON,
    make_classification,
    make_document,
    make_file,
    make_snapshot,
    make_submission,
    make_unit,
)

FOLDER = Path(__file__).parents[2] / "plugins"
NAME = "archive_copy"
PLACE = Destination("archive", "luu-tru")
DELIVERY = Delivery("20260302-0001-2", "20260302-0001", DeliveryKind.FORWARD, PLACE, "0001_15-PNV", NOON)
TARGET = "2026/0001_15-PNV_20260302-0001-2"


def ask(archive: Path, hook: str, **arguments: Any) -> Any:
    answer = load_registry(FOLDER, (NAME,), {NAME: {"folder": str(archive)}}, builtins=()).first(hook, **arguments)
    return None if answer is None else answer.value


def deliver(archive: Path, *files: OutgoingFile, delivery: Delivery = DELIVERY) -> Outcome | None:
    outcome: Outcome | None = ask(archive, "deliver", delivery=delivery, files=files, snapshot=None)
    return outcome


def outgoing(folder: Path) -> tuple[OutgoingFile, ...]:
    """One file by its path in the spool, one with its bytes; names as senders write them."""
    stored = make_file("Công văn 15.pdf", folder=folder)
    return (
        OutgoingFile(stored.name, stored.sha256, path=str(stored.path)),
        OutgoingFile("../phieu.html", hashlib.sha256(b"<p>").hexdigest(), body=b"<p>"),
    )


def lying(archive: Path) -> dict[str, bytes]:
    return {p.relative_to(archive).as_posix(): p.read_bytes() for p in archive.rglob("*") if p.is_file()}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "luu-tru").mkdir()
    return tmp_path / "luu-tru"


def test_the_copy_is_whole_and_a_repeat_changes_nothing(archive, tmp_path):
    files = outgoing(tmp_path)
    whole = {f"{TARGET}/01_Công văn 15.pdf": b"%PDF-1.7\n%%EOF\n", f"{TARGET}/02_.._phieu.html": b"<p>"}

    for _ in range(2):
        outcome = deliver(archive, *files)
        assert outcome == Outcome.delivered(TARGET)
        assert lying(archive) == whole
        (archive / TARGET / "01_Công văn 15.pdf").touch()


def test_what_an_interruption_left_is_replaced(archive, tmp_path):
    (archive / "2026" / ".20260302-0001-2").mkdir(parents=True)
    (archive / "2026" / ".20260302-0001-2" / "01_half.pdf").write_bytes(b"%PD")

    deliver(archive, *outgoing(tmp_path))
    assert {Path(name).parent.as_posix() for name in lying(archive)} == {TARGET}


def test_bytes_that_are_not_those_of_the_decision_are_not_archived(archive):
    outcome = deliver(archive, OutgoingFile("a.pdf", "0" * 64, body=b"changed"))

    assert outcome is not None
    assert outcome.kind is OutcomeKind.DEFERRED
    assert "not what was stored" in outcome.words
    assert lying(archive) == {}


def test_an_archive_that_is_not_mounted_defers_and_is_not_made(tmp_path):
    outcome = deliver(tmp_path / "gone", *outgoing(tmp_path))

    assert outcome is not None
    assert outcome.kind is OutcomeKind.DEFERRED
    assert not (tmp_path / "gone").exists()


def test_a_full_or_closed_archive_defers_with_the_system_s_words(archive, tmp_path):
    (archive / "2026").write_bytes(b"a file in the way")

    outcome = deliver(archive, *outgoing(tmp_path))
    assert outcome is not None
    assert outcome.kind is OutcomeKind.DEFERRED
    assert "File exists" in outcome.words


def test_other_destinations_are_left_to_others(archive):
    delivery = Delivery("x", "x", DeliveryKind.FORWARD, Destination("folder", "a/nhan"), "x", NOON)

    assert deliver(archive, delivery=delivery) is None


def routed(archive: Path, *recipients: str) -> Any:
    return ask(
        archive,
        "route",
        submission=make_submission(unit="H40.15.02"),
        document=make_document(),
        classification=make_classification(addressees=recipients, recipients=()),
        verdict=Verdict.accept(),
        snapshot=make_snapshot(make_unit(folder="phong-noi-vu")),
    )


def test_what_goes_to_somebody_goes_to_the_archive_and_the_rest_still_waits_for_a_recipient(archive):
    assert routed(archive, "Phòng Nội vụ huyện Sông Lam") == (PLACE,)
    assert routed(archive, "Sở Nội vụ") == ()
