"""The page of one submission."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from vbdaemon.model import Destination, Event, Reason, Verdict
from vbdaemon.rendering.page import Story, render_submission

PNG = b"\x89PNG\r\n\x1a\n fake"


def story(documents=(), **changes):
    values = {
        "submission": "20250115-0930-k3x9",
        "state": "HELD",
        "source": "phong-noi-vu",
        "received_at": datetime(2025, 1, 15, 2, 30, tzinfo=UTC),
        "verdict": documents[0].verdict if documents else None,
        "documents": documents,
        "events": (Event(1, datetime(2025, 1, 15, 2, 31, tzinfo=UTC), "decided", "20250115-0930-k3x9", "HOLD <b>"),),
        "commands": ('vbdaemon release 20250115-0930-k3x9 --reason "…"',),
    }
    return Story(**values | changes)


def test_the_page_shows_picture_reasons_evidence_history_and_commands(district):
    held = district.held(destinations=(Destination("folder", "thanh-tra/nhan"),))
    html = render_submission(story((held,), pictures=(PNG,)))
    for words in (
        "data:image/png;base64," + b64encode(PNG).decode(),
        "Chờ xem xét (HOLD)",
        "Chưa đủ căn cứ kết luận về chữ ký số",
        "certificate-untrusted",
        "299/UBND-TTHC",
        "09:31 ngày 15/01/2025",
        "HOLD &lt;b&gt;",
        "vbdaemon release 20250115-0930-k3x9 --reason",
        "folder: thanh-tra/nhan",
    ):
        assert words in html
    assert "<b>" not in html
    assert "None" not in html


def test_evidence_is_shown_with_its_page(district):
    html = render_submission(story((district.refused(),)))
    assert "(trang 2)." in html


def test_a_submission_without_a_verdict_has_a_page():
    html = render_submission(story(events=(), commands=()))
    assert "Chưa có kết luận" in html
    assert "Chưa có sự việc nào." in html


def test_a_verdict_without_documents_shows_its_reasons():
    html = render_submission(story(verdict=Verdict.hold(Reason("processing-failed", "Lỗi kỹ thuật {x}.", "Failed."))))
    assert "Lỗi kỹ thuật {x}." in html


@pytest.mark.parametrize("whole", [True, False])
def test_a_quarantined_submission_shows_no_name_no_subject_no_picture(district, whole):
    locked, other = district.quarantined(), district.accepted()
    shown = story((other, locked), verdict=locked.verdict if whole else None, pictures=(PNG, PNG))
    html = render_submission(shown)
    assert "Cách ly (QUARANTINE)" in html
    assert "secret-marking" in html
    for secret in ("299", "thủ tục", "Phòng Nội vụ", "base64", "a" * 64):
        assert secret not in html
