"""Eight published documents of one provincial committee: scans, and born-digital files with signed-in numbers."""

import hashlib
import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from vbdaemon.builtin.classify import classify
from vbdaemon.model import Classification, Limits, NumberState, TransmissionForm
from vbdaemon.reading.ocr import find_engine
from vbdaemon.reading.reader import read_file
from vbdaemon.testing import make_document, make_file, make_snapshot, make_submission, make_unit

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
ISSUER = "H48"
TRUTH = {
    "bao-cao-23-2025-scan": ("bao-cao", "BC-UBND", "cải cách thủ tục hành chính"),
    "chi-thi-01-2021-scan-org-sha1": ("chi-thi", "CT-UBND", "hóa đơn điện tử"),
    "chi-thi-07-2018-scan-incoming-stamp": ("chi-thi", "CT-UBND", "thi hành án hành chính"),
    "cong-van-299-2025-scan-hoa-toc": ("cong-van", "UBND-TTHC", "quy trình nội bộ"),
    "cong-van-574-2025-scan": ("cong-van", "UBND-KTTH", "nội dung trình HĐND tỉnh"),
    "quyet-dinh-47-2025-scan": ("quyet-dinh", "QĐ-UBND", "hỗ trợ quà Tết"),
    "thong-bao-11-2025-digital-5-signatures": ("thong-bao", "TB-UBND", "cổ phần hóa"),
    "thong-bao-542-2024-digital": ("thong-bao", "TB-UBND", "vùng đồng bào dân tộc thiểu số"),
}
SIGNED_IN = {
    "thong-bao-11-2025-digital-5-signatures": ("11", date(2025, 1, 8)),
    "thong-bao-542-2024-digital": ("542", date(2024, 11, 6)),
}
SCANS = sorted(set(TRUTH) - set(SIGNED_IN))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample documents are not at hand"),
]


@cache
def _classified(name: str) -> Classification:
    path = SAMPLES / f"{name}.pdf"
    engine = find_engine(os.environ, 60.0)
    if "scan" in name and engine is None:
        pytest.skip("no OCR engine is installed")
    body = path.read_bytes()
    sha256 = hashlib.sha256(body).hexdigest()
    content = read_file(path, path.name, sha256, "application/pdf", Limits(ocr_pages=1), engine)
    snapshot = make_snapshot(make_unit(ISSUER, "UBND tỉnh Quảng Ngãi", groups=("tinh",)))
    return classify(
        submission=make_submission(),
        document=make_document(make_file(path.name, body), contents=[content]),
        snapshot=snapshot,
    )


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_form_symbol_issuer_and_subject_are_right(name: str):
    form, symbol, words = TRUTH[name]
    answer = _classified(name)
    assert answer.form.value == form
    assert answer.symbol.value == symbol
    assert answer.issuer_unit == ISSUER
    assert words in answer.subject.value


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_no_sample_is_secret_a_draft_or_a_budget_decision(name: str):
    answer = _classified(name)
    assert answer.secrecy is None
    assert answer.draft is None
    assert answer.doubts == ()
    assert answer.transmission is not TransmissionForm.PAPER


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_number_and_day_are_read_from_the_signature_fields(name: str):
    answer = _classified(name)
    assert (answer.number.value, answer.issued_on.value) == SIGNED_IN[name]
    assert answer.number_state is NumberState.READ


@pytest.mark.parametrize("name", SCANS)
def test_a_handwritten_number_is_unread_never_blank_and_never_guessed(name: str):
    answer = _classified(name)
    assert answer.number_state is NumberState.UNREAD
    assert answer.number is None


def test_the_day_by_which_the_letter_wants_an_answer_is_found():
    assert [d.value for d in _classified("cong-van-299-2025-scan-hoa-toc").deadlines] == [date(2025, 1, 20)]
