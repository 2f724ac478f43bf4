import subprocess
import sys
from datetime import timedelta

import pytest

from vbdaemon import testing
from vbdaemon.model import Account, AccountRole, FileRole, SignatureStatus, VerdictKind
from vbdaemon.testing import (
    NOON,
    FrozenClock,
    demo_pdf,
    make_classification,
    make_content,
    make_document,
    make_file,
    make_signature,
    make_snapshot,
    make_submission,
    make_unit,
)


def test_a_frozen_clock_stands_still_until_it_is_moved():
    clock = FrozenClock()
    assert clock() == clock() == NOON
    clock.advance(minutes=5)
    assert clock() == NOON + timedelta(minutes=5)


def test_a_file_with_a_folder_can_be_read(tmp_path):
    file = make_file("a.docx", b"words", folder=tmp_path, role=FileRole.EDITABLE)
    assert file.path.read_bytes() == b"words"
    assert file.size == 5
    assert file.media_type.endswith("wordprocessingml.document")


def test_a_document_knows_the_content_of_its_main_file():
    main = make_file()
    document = make_document(main, contents=[make_content(main, "Số: 15/PNV", "Kính gửi: UBND huyện")])
    assert document.content is not None
    assert document.content.text == "Số: 15/PNV\nKính gửi: UBND huyện"


def test_a_submission_carries_its_envelope():
    submission = make_submission(unit="H40.15.01", account="vanthu")
    assert submission.envelope.unit == "H40.15.01"
    assert submission.files[0].name == "cong-van.pdf"


@pytest.mark.parametrize(("number", "designation"), [("15", "15/PNV-TCCC"), (None, "/PNV-TCCC")])
def test_a_classification_is_a_letter_unless_told_otherwise(number, designation):
    assert make_classification(number=number).designation == designation
    assert make_classification(restricted=True).restricted


def test_a_signature_has_passed_unless_told_otherwise():
    assert make_signature().status is SignatureStatus.PASSED
    assert make_signature(status=SignatureStatus.FAILED, intact=False).intact is False


def test_a_snapshot_holds_the_shipped_rules_and_the_named_units():
    snapshot = make_snapshot(make_unit(accounts=(Account("vanthu", AccountRole.CLERK),)), version="7")
    assert snapshot.version == "7"
    assert snapshot.policy.by_code["secret-marking"].verdict is VerdictKind.QUARANTINE
    assert snapshot.directory.unit("H40.15.01").account("vanthu")


def test_a_demo_pdf_is_a_pdf():
    assert demo_pdf(number="99").startswith(b"%PDF-")


def test_the_helpers_load_nothing_heavy():
    program = (
        f"import sys, {testing.__name__}; print([m for m in ('typst', 'pyhanko', 'docx', 'PIL') if m in sys.modules])"
    )
    asked = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"
