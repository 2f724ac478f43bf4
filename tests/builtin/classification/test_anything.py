"""Whatever lines a page has, the classifier answers, and what only OCR read never looks certain."""

from hypothesis import given
from hypothesis import strategies as st

from vbdaemon.builtin.classify import classify
from vbdaemon.builtin.group import group
from vbdaemon.model import Box, Content, ContentKind, Line, Page, TextSource
from vbdaemon.testing import make_document, make_file, make_snapshot, make_submission, make_unit

WORDS = [
    *("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ĐẢNG CỘNG SẢN VIỆT NAM"),
    *("ỦY BAN NHÂN DÂN", "HUYỆN SÔNG LAM", "Số: 15/QĐ-UBND", "Số:      /UBND-VP", "Số: 84-CV/ĐU", "Số ///", "-/-"),
    *("Sông Lam, ngày 02 tháng 3 năm 2026", "ngày tháng năm", "QUYẾT ĐỊNH", "V/v rà soát", "Kính gửi:", "- UBND xã;"),
    *("MẬT", "TỐI MẬT", "HỎA TỐC", "DỰ THẢO", "Căn cứ Luật;", "Điều 1. Giao dự toán", "Nơi nhận:", "- Lưu: VT."),
    *("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Văn Mẫu", "PHỤ LỤC", "(Kèm theo Quyết định số 15/QĐ-UBND)", "CV ĐẾN"),
]
TEXT = st.one_of(st.sampled_from(WORDS), st.text(min_size=1, max_size=60))
BOX = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.floats(0, 500), st.floats(0, 800), st.floats(0, 400), st.floats(0, 60),
)  # fmt: skip
LINES = st.lists(
    st.builds(
        Line,
        TEXT,
        st.one_of(st.none(), BOX),
        source=st.sampled_from([TextSource.TEXT, TextSource.OCR, TextSource.WIDGET]),
        confidence=st.floats(0, 1),
    ),
    max_size=14,
)
PAGES = st.lists(st.tuples(LINES, st.booleans()), min_size=1, max_size=3)
FILE = make_file("a.pdf")
SNAPSHOT = make_snapshot(make_unit("H40.15", "Ủy ban nhân dân huyện Sông Lam"))


@given(PAGES, st.sampled_from([ContentKind.PDF, ContentKind.DOCX]))
def test_no_page_breaks_grouping_or_classification(found, kind):
    pages = tuple(Page(n, 595, 842, tuple(rows), image_only=scan, ocr=scan) for n, (rows, scan) in enumerate(found, 1))
    content = Content(FILE.sha256, kind, pages, len(pages))
    submission = make_submission(FILE)
    for document in group(submission=submission, contents=(content,), snapshot=SNAPSHOT):
        answer = classify(document=document, submission=submission, snapshot=SNAPSHOT)
        values = (answer.form, answer.symbol, answer.number, answer.issued_on, answer.issuer, answer.subject)
        assert all(0 <= value.confidence <= 1 for value in values if value)
        by_ocr = [v for v in (answer.number, answer.issued_on, answer.subject) if v and v.source is TextSource.OCR]
        assert all(value.confidence < 0.9 for value in by_ocr)


@given(PAGES)
def test_a_scan_is_never_a_draft(found):
    pages = tuple(Page(n, 595, 842, tuple(rows), image_only=True) for n, (rows, _) in enumerate(found, 1))
    document = make_document(FILE, contents=(Content(FILE.sha256, ContentKind.PDF, pages, len(pages)),))
    assert classify(document=document, submission=make_submission(FILE), snapshot=SNAPSHOT).draft is None
