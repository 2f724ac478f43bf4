"""Contents that decide the channel before the form does: complaints and denunciations, budget allocations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.model import Doubt, Found

COMPLAINTS = "kntc"
BUDGET = "giao-du-toan"
_SETTLING = re.compile(
    r"giải quyết (?:đơn )?(?:khiếu nại|tố cáo)|nội dung (?:khiếu nại|tố cáo)|xử lý đơn(?! giá| vị| hàng)|"
    r"thụ lý (?:giải quyết )?(?:đơn|khiếu nại|tố cáo)|(?:trả lời|chuyển|rút) đơn(?! vị| giá)|"
    r"đơn (?:khiếu nại|tố cáo|kiến nghị|phản ánh|khiếu kiện)|đơn thư|\bKNTC\b|hướng dẫn công dân|"
    r"rút (?:khiếu nại|tố cáo)|xác minh (?:nội dung )?(?:khiếu nại|tố cáo)|(?:khiếu nại|tố cáo) của",
    re.IGNORECASE,
)
_OF_A_PERSON = re.compile(
    r"(?:đơn|khiếu nại|tố cáo)[^.;]{0,70}\bcủa\s+(?:các\s+)?(?:hộ\s+)?(?:ông|bà|công dân [A-ZĐ])\b|"
    r"phiếu (?:hướng dẫn|chuyển đơn(?! vị))",
    re.IGNORECASE,
)
_CASE_IN_BODY = re.compile(
    r"đơn\s+(?:khiếu nại|tố cáo|kiến nghị|phản ánh)[^.;]{0,70}\bcủa\s+(?:các\s+)?(?:hộ\s+)?(?:ông|bà)\b", re.IGNORECASE
)
_GENERAL = re.compile(
    r"công tác|tình hình|kết quả (?:tiếp|thực hiện)|tháng|quý|năm 20|tăng cường|kế hoạch|chương trình|"
    r"quy (?:định|chế|trình)|triển khai|tập huấn|báo cáo (?:thống kê|số liệu)",
    re.IGNORECASE,
)
_ESTIMATE = re.compile(r"(?P<verb>giao|phân bổ|bổ sung|điều chỉnh)(?P<between>.{0,60}?)dự toán", re.IGNORECASE)
_ALLOCATION = re.compile(
    r"(?:^|\b(?:về việc|v/v|về)\s+)giao\s+(?:chỉ tiêu\s+|nhiệm vụ\s+|các chỉ tiêu\s+)?dự toán", re.IGNORECASE
)
_DOES = re.compile(
    r"Điều 1\W{1,3}\s*(?:Nay\s+)?giao\s+(?:chỉ tiêu\s+|nhiệm vụ\s+)?(?:\w+\s+){0,8}?dự toán", re.IGNORECASE
)
_STATE = re.compile(r"ngân sách|\bNSNN\b|\bNSĐP\b|thu, chi", re.IGNORECASE)
_CHANGES = re.compile(r"phân bổ|bổ sung|điều chỉnh|ủy quyền|quy (?:chế|định)|công khai", re.IGNORECASE)
_FIRST_ARTICLE = re.compile(r"^\W*Đi[ềê]u 1\b")
_SECOND_ARTICLE = re.compile(r"^\W*Đi[ềê]u 2\b")
_CITIZEN = re.compile(
    r"^\W*ĐƠN\s+(?:KHIẾU NẠI|TỐ CÁO|KIẾN NGHỊ|PHẢN ÁNH|ĐỀ NGHỊ|XIN|YÊU CẦU|TRÌNH BÀY|KHỞI KIỆN|TỐ GIÁC|CỨU XÉT)|"
    r"^\W*(?:Tôi tên là|Người làm đơn|Tên tôi là|Họ và tên tôi)",
)


@dataclass(frozen=True, slots=True)
class Category:
    """A content category with the words that show it, or the doubt about it."""

    name: str | None = None
    doubt: Doubt | None = None


def complaints(subject: Found[str] | None, pieces: Sequence[Piece]) -> Category:
    """Whether the document settles a complaint or denunciation; a report or plan about them is a doubt."""
    words = subject.value if subject else ""
    if _OF_A_PERSON.search(words):
        return Category(COMPLAINTS)
    if subject and _SETTLING.search(words):
        general = _GENERAL.search(words)
        return Category(None, Doubt("form-ambiguous", subject.evidence)) if general else Category(COMPLAINTS)
    if _CASE_IN_BODY.search(" ".join(p.text for p in pieces)) and not _GENERAL.search(words):
        return Category(COMPLAINTS)
    return Category()


def budget(sheet: Sheet, subject: Found[str] | None, pieces: Sequence[Piece]) -> Category:
    """Whether a decision allocates a state-budget estimate: cues count in the subject and Điều 1 alone."""
    article = _first_article(pieces)
    words = subject.value if subject else ""
    text = " ".join(p.text for p in article)
    seen = f"{words} {text}"
    if not _ESTIMATE.search(words) and not _ESTIMATE.search(text):
        return Category()
    allocates = _ALLOCATION.search(words) or _DOES.search(text)
    if allocates and _STATE.search(seen) and not _CHANGES.search(words):
        return Category(BUDGET)
    where = subject.evidence if subject and _ESTIMATE.search(words) else None
    evidence = where or sheet.found("", article, "budget-cue").evidence
    return Category(None, Doubt("budget-decision-unclear", evidence))


def citizen(pieces: Sequence[Piece]) -> Piece | None:
    """The line that shows a citizen's letter: its title, or the writer naming himself."""
    return next((p for p in pieces[:25] if _CITIZEN.match(p.text)), None)


def _first_article(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    start = next((i for i, p in enumerate(pieces) if _FIRST_ARTICLE.match(p.text)), None)
    if start is None:
        return ()
    end = next((i for i, p in enumerate(pieces[start:], start) if _SECOND_ARTICLE.match(p.text)), len(pieces))
    return tuple(pieces[start : min(end, start + 15)])
