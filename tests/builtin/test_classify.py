from dataclasses import replace
from datetime import date

import pytest

from vbdaemon.builtin.classify import classify
from vbdaemon.model import (
    Box,
    Content,
    ContentKind,
    Line,
    NumberState,
    Page,
    Problem,
    ProblemKind,
    Secrecy,
    Signer,
    TextSource,
    TransmissionForm,
)
from vbdaemon.testing import A4, make_content, make_document, make_file, make_snapshot, make_submission, make_unit

HEAD = (
    "ỦY BAN NHÂN DÂN",
    "HUYỆN SÔNG LAM",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
)
DATE = "Sông Lam, ngày 02 tháng 3 năm 2026"
GROUNDS = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;"
END = ("Nơi nhận:", "- Như trên;", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Bùi Văn Toàn")


def _classified(*lines: str | Line, kind: ContentKind = ContentKind.DOCX, others: tuple[Content, ...] = (), **changes):
    """A file without places, as Word files are."""
    file = make_file("van-ban.docx")
    rows = tuple(line if isinstance(line, Line) else Line(line) for line in lines)
    content = replace(make_content(file, *rows, kind=kind), **changes)
    document = make_document(file, contents=[content, *others])
    snapshot = make_snapshot(make_unit("H40.15", "Ủy ban nhân dân huyện Sông Lam"))
    return classify(document=document, submission=make_submission(), snapshot=snapshot)


def _titled(form: str, subject: str = "Về việc rà soát", *, symbol: str = "UBND", article: str = "Điều 1. Rà soát."):
    grounds = (GROUNDS, "QUYẾT ĐỊNH:", article, "Điều 2. Hiệu lực.")
    return _classified(*HEAD, f"Số: 9/{symbol}", DATE, form, subject, *grounds, *END)


def test_a_letter_without_places_is_read_whole():
    answer = _classified(
        *HEAD[:2], "Số: 607/UBND-VP", "V/v tăng cường ký số", *HEAD[2:], DATE,
        "Kính gửi:", "- UBND các xã;", "- Công an huyện; Ban Chỉ huy Quân sự huyện.",
        "Ủy ban nhân dân huyện yêu cầu báo cáo chậm nhất ngày 15/3.",
        *END[:3], "Bản điện tử:", "- Phòng Nội vụ;", "- UBND tỉnh.", "CHỦ TỊCH", "Bùi Văn Toàn",
    )  # fmt: skip
    assert (answer.form.value, answer.designation, answer.issued_on.value) == (
        "cong-van",
        "607/UBND-VP",
        date(2026, 3, 2),
    )
    assert answer.issuer_unit == "H40.15"
    assert answer.subject.value == "tăng cường ký số"
    assert [a.value for a in answer.addressees] == ["UBND các xã", "Công an huyện", "Ban Chỉ huy Quân sự huyện"]
    assert [r.value for r in answer.electronic_recipients] == ["Phòng Nội vụ", "UBND tỉnh"]
    assert [r.value for r in answer.recipients] == ["Như trên", "Lưu: VT", "Phòng Nội vụ", "UBND tỉnh"]
    assert answer.signer.value == Signer(None, "CHỦ TỊCH", "Bùi Văn Toàn")
    assert [d.value for d in answer.deadlines] == [date(2026, 3, 15)]
    assert answer.transmission is TransmissionForm.ELECTRONIC
    assert answer.transmission_rule == "luc-nam-648-2019/I-9"
    assert answer.form.evidence.rule == "letter-subject"


@pytest.mark.parametrize(
    ("form", "symbol", "slug", "rule"),
    [
        ("QUYẾT ĐỊNH", "QĐ-UBND", "quyet-dinh", "II-2"),
        ("HỢP ĐỒNG", "HĐ-UBND", "hop-dong", "III-10"),
        ("HƯỚNG DẪN", "HD-UBND", "huong-dan", "I-5"),
        ("ĐỀ ÁN", "ĐA-UBND", "de-an", "II-1"),
        ("DỰ ÁN", "DA-UBND", "du-an", "III-6"),
        ("TỜ TRÌNH", "TTr-UBND", "to-trinh", "II-4"),
        ("BẢN THOẢ THUẬN", "TTh-UBND", "ban-thoa-thuan", "III-4"),
        ("GIẤY UỶ QUYỀN", "GUQ-UBND", "giay-uy-quyen", "II-10"),
        ("GIẤY MỜI", "GM-UBND", "giay-moi", "I-10"),
        ("BIÊN BẢN LÀM VIỆC", "BB-UBND", "bien-ban", "III-5"),
        ("T H Ô N G  B Á O", "TB-UBND", "thong-bao", "I-8"),
        ("QUYẾT ĐỊNH CỦA ỦY BAN NHÂN DÂN HUYỆN", "QĐ-UBND", "quyet-dinh", "II-2"),
    ],
)
def test_the_form_name_line_tells_form_and_list(form: str, symbol: str, slug: str, rule: str):
    answer = _titled(form, symbol=symbol)
    assert answer.form.value == slug
    assert answer.transmission_rule == f"luc-nam-648-2019/{rule}"
    assert answer.doubts == ()


@pytest.mark.parametrize("form", ["THÔNG CÁO", "PHIẾU BÁO", "THƯ CÔNG"])
def test_a_form_in_no_list_is_unlisted(form: str):
    answer = _titled(form)
    assert answer.transmission is TransmissionForm.UNLISTED
    assert answer.transmission_rule is None


def test_name_and_symbol_that_disagree_are_a_doubt_and_the_name_is_kept():
    answer = _titled("THÔNG BÁO", symbol="QĐ-UBND")
    assert answer.form.value == "thong-bao"
    assert answer.form.confidence < 0.7
    assert [d.code for d in answer.doubts] == ["form-ambiguous"]
    assert answer.transmission is TransmissionForm.UNCLEAR


def test_a_title_that_is_no_known_form_is_a_doubt():
    answer = _titled("PHIẾU GIAO VIỆC", symbol="PGV-UBND")
    assert answer.form is None
    assert [d.code for d in answer.doubts] == ["form-unknown"]


def test_a_party_paper_is_read_without_quoc_hieu():
    answer = _classified(
        "HUYỆN ỦY SÔNG LAM", "ĐẢNG ỦY XÃ HẠ LAM", "*", "Số 84-CV/ĐU", "V/v chuẩn bị đại hội",
        "ĐẢNG CỘNG SẢN VIỆT NAM", DATE, "Kính gửi: Các chi bộ", "Đảng ủy đề nghị các chi bộ.",
    )  # fmt: skip
    assert answer.designation == "84-CV/ĐU"
    assert answer.form.value == "cong-van"
    assert answer.issuer.value == "ĐẢNG ỦY XÃ HẠ LAM"


@pytest.mark.parametrize(
    ("subject", "article", "transmission", "doubt"),
    [
        ("Về việc giao dự toán thu, chi ngân sách nhà nước năm 2026", "Điều 1. Giao.", TransmissionForm.PAPER, None),
        ("Giao chỉ tiêu dự toán thu NSNN năm 2026", "Điều 1. Giao.", TransmissionForm.PAPER, None),
        ("Về việc ngân sách năm 2026", "Điều 1. Giao dự toán chi ngân sách cho các xã.", TransmissionForm.PAPER, None),
        ("Về việc bổ sung dự toán ngân sách", "Điều 1. Bổ sung.", TransmissionForm.UNCLEAR, "budget-decision-unclear"),
        ("Về việc điều chỉnh dự toán chi", "Điều 1. Điều chỉnh.", TransmissionForm.UNCLEAR, "budget-decision-unclear"),
        ("Về việc giao dự toán", "Điều 1. Giao như phụ lục.", TransmissionForm.UNCLEAR, "budget-decision-unclear"),
        ("Về việc hỗ trợ quà Tết", "Điều 1. Bố trí 10 triệu đồng.", TransmissionForm.ELECTRONIC_AND_PAPER, None),
    ],
)
def test_budget_cues_count_in_subject_and_first_article(subject: str, article: str, transmission, doubt: str | None):
    answer = _titled("QUYẾT ĐỊNH", subject, symbol="QĐ-UBND", article=article)
    assert answer.transmission is transmission
    assert [d.code for d in answer.doubts] == ([doubt] if doubt else [])


def test_a_budget_cue_in_the_grounds_does_not_count():
    grounds = "Căn cứ Quyết định số 789/QĐ-UBND về việc giao dự toán thu ngân sách nhà nước năm 2025;"
    answer = _classified(
        *HEAD, "Số: 9/QĐ-UBND", DATE, "QUYẾT ĐỊNH", "Về việc hỗ trợ quà Tết", grounds, "QUYẾT ĐỊNH:",
        "Điều 1. Bố trí 10 triệu đồng.", "Điều 2. Giao dự toán ngân sách.", *END,
    )  # fmt: skip
    assert answer.transmission is TransmissionForm.ELECTRONIC_AND_PAPER


@pytest.mark.parametrize(
    ("subject", "restricted", "doubts"),
    [
        ("V/v trả lời đơn khiếu nại của ông Nguyễn Văn A", True, []),
        ("V/v thụ lý giải quyết tố cáo", True, []),
        ("V/v chuyển đơn của bà Trần Thị B", True, []),
        ("V/v báo cáo công tác giải quyết khiếu nại, tố cáo quý I", False, ["form-ambiguous"]),
        ("V/v điều chuyển đơn vị quản lý", False, []),
        ("V/v công bố đơn giá", False, []),
    ],
)
def test_settling_a_complaint_is_restricted_and_statistics_are_a_doubt(
    subject: str, restricted: bool, doubts: list[str]
):
    answer = _classified(*HEAD[:2], "Số: 9/UBND-NC", subject, *HEAD[2:], DATE, "Kính gửi: Phòng Nội vụ", *END)
    assert answer.restricted is restricted
    assert [d.code for d in answer.doubts] == doubts
    if restricted:
        assert answer.transmission_rule == "luc-nam-648-2019/II-5"


def test_a_citizens_letter_is_told_and_restricted():
    answer = _classified(
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ĐƠN KHIẾU NẠI",
        "Kính gửi: Ủy ban nhân dân huyện Sông Lam", "Tôi tên là Nguyễn Văn B, trú tại xã Hạ Lam.",
    )  # fmt: skip
    assert [d.code for d in answer.doubts] == ["not-an-agency-document"]
    assert answer.restricted


def test_text_that_is_no_document_is_told():
    answer = _classified("Kính gửi anh chị,", "Em gửi tài liệu họp ngày mai.", kind=ContentKind.TEXT)
    assert [d.code for d in answer.doubts] == ["no-document"]


@pytest.mark.parametrize("kind", [ProblemKind.ENCRYPTED, ProblemKind.EMPTY, ProblemKind.OCR_UNAVAILABLE])
def test_a_file_that_could_not_be_read_leaves_no_doubt_of_its_own(kind: ProblemKind):
    answer = _classified(problems=(Problem(kind, "said elsewhere"),))
    assert answer.doubts == ()
    assert answer.form is None


@pytest.mark.parametrize("mark", ["DỰ THẢO", "Dự thảo", "DỰ THẢO LẦN 2", "(DỰ THẢO)", "Dự thảo ngày 12/3/2026"])
def test_a_draft_is_told_by_its_mark(mark: str):
    assert _classified(mark, *HEAD, "Số: 9/UBND-VP", DATE).draft.value


@pytest.mark.parametrize(
    "text", ["Dự thảo Quyết định kèm theo được lấy ý kiến rộng rãi", "DỰ THẢO QUYẾT ĐỊNH BAN HÀNH"]
)
def test_words_about_a_draft_are_no_mark(text: str):
    assert _classified(*HEAD, "Số: 9/UBND-VP", DATE, text).draft is None


def test_a_draft_is_told_by_blank_number_and_day():
    blank = (*HEAD, "Số:      /QĐ-UBND", "Sông Lam, ngày     tháng 3 năm 2026", "QUYẾT ĐỊNH")
    answer = _classified(*blank)
    assert answer.draft.value
    assert answer.number_state is NumberState.BLANK
    assert _classified(*blank, signature_fields=1).draft is None
    assert _classified(*HEAD, "Số:      /QĐ-UBND", DATE, "QUYẾT ĐỊNH").draft is None


def test_a_scan_is_never_a_draft():
    page = Page(
        1, *A4, lines=tuple(Line(t, source=TextSource.OCR) for t in ("DỰ THẢO", *HEAD)), image_only=True, ocr=True
    )
    assert _classified(pages=(page,)).draft is None


def test_a_mark_of_secrecy_in_an_enclosure_counts():
    annex = make_content(make_file("phu-luc.pdf", b"annex"), "TUYỆT MẬT", "Phụ lục I")
    answer = _classified(*HEAD, "Số: 9/UBND-VP", DATE, others=(annex,))
    assert answer.secrecy.value is Secrecy.TUYET_MAT
    assert answer.secrecy.evidence.file == annex.file


def test_only_the_pages_of_the_document_are_read():
    file = make_file("hai-van-ban.pdf")
    first = Page(1, *A4, lines=tuple(Line(t) for t in (*HEAD, "Số: 1/UBND-VP", DATE, "THÔNG BÁO")))
    second = Page(2, *A4, lines=tuple(Line(t) for t in (*HEAD, "Số: 2/QĐ-UBND", DATE, "QUYẾT ĐỊNH")))
    content = Content(file.sha256, ContentKind.PDF, (first, second), 2)
    document = replace(make_document(file, contents=[content]), first_page=2)
    answer = classify(document=document, submission=make_submission(), snapshot=make_snapshot())
    assert (answer.designation, answer.form.value) == ("2/QĐ-UBND", "quyet-dinh")
    assert answer.form.evidence.page == 2


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("báo cáo trước ngày 20/01/2027", [date(2027, 1, 20)]),
        ("gửi về Phòng chậm nhất là ngày 25 tháng 3 năm 2026", [date(2026, 3, 25)]),
        ("hoàn thành trước 17 giờ 00 ngày 20/3/2026", [date(2026, 3, 20)]),
        ("thời hạn đến hết ngày 30/4", [date(2026, 4, 30)]),
        ("đã cấp trước ngày 01/01/2020", []),
        ("họp vào ngày 20/3/2026", []),
    ],
)
def test_deadlines_need_their_cue(written: str, expected: list[date]):
    answer = _classified(*HEAD, "Số: 9/UBND-VP", DATE, "Kính gửi: Phòng Nội vụ", f"Đề nghị {written}.", *END)
    assert [d.value for d in answer.deadlines] == expected


def test_a_receivers_stamp_is_not_the_number():
    def at(text: str, x: float, y: float, confidence: float = 0.9) -> Line:
        return Line(text, Box(x, y, x + len(text) * 6, y + 13), source=TextSource.OCR, confidence=confidence)

    lines = (
        at("ỦY BAN NHÂN DÂN", 100, 70), at("HUYỆN SÔNG LAM", 105, 85), at("Số: 18/UBND-NC", 105, 110, 0.97),
        at("V/v thi hành án", 105, 130), at("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 300, 70),
        at("Độc lập - Tự do - Hạnh phúc", 330, 86), at(DATE, 320, 110), at("ĐẾN", 40, 160), at("Số: 991/VP", 40, 176),
        at("Ngày: 05/3/2026", 40, 192), at("Kính gửi: Phòng Nội vụ", 240, 230),
    )  # fmt: skip
    page = Page(1, *A4, lines=lines, image_only=True, ocr=True)
    answer = _classified(pages=(page,), kind=ContentKind.PDF)
    assert answer.designation == "18/UBND-NC"
    assert answer.subject.value == "thi hành án"
    assert answer.form.value == "cong-van"
