"""What we could not read for want of OCR is held, and refuses nothing."""

from vbdaemon.builtin.judge import judge
from vbdaemon.model import VerdictKind
from vbdaemon.testing import make_classification, make_document, make_file, make_snapshot, make_submission


def verdict(*codes: str) -> VerdictKind:
    snapshot, main = make_snapshot(), make_file()
    findings = tuple(snapshot.policy.finding(code) for code in codes)
    return judge(make_submission(main), make_document(main), make_classification(), findings, snapshot).kind


def test_a_draft_whose_to_trinh_could_not_be_read_is_held_not_returned():
    assert verdict("draft-without-to-trinh") is VerdictKind.REJECT
    assert verdict("draft-without-to-trinh", "ocr-unavailable") is VerdictKind.HOLD
