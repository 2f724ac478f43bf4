"""The documents behind the numbers: one line each, with a tick for every figure that counts it."""

from collections.abc import Iterable

from vbdaemon.model import VerdictKind
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.sheet import Align, Cell, Column, Section
from vbdaemon.state.statistics import Figure
from vbdaemon.state.statistics_list import Counted

HEADING = "Danh sách văn bản"
TICKS: dict[Figure, tuple[str, str]] = {
    Figure.ACCEPTED: ("TN", "tiếp nhận"),
    Figure.REFUSED: ("TC", "từ chối"),
    Figure.RETURNED: ("TL", "trả lại dự thảo"),
    Figure.HELD: ("CX", "chờ xem xét"),
    Figure.QUARANTINED: ("CL", "cách ly"),
    Figure.REPEATED: ("TR", "gửi trùng hoặc bổ sung tệp, không tính là văn bản nhận được"),
    Figure.EDITABLE_MISSING: ("TS", "thiếu tệp soạn thảo"),
    Figure.MISFORMED: ("TT", "có lỗi thể thức"),
    Figure.PAPER_DUE: ("BG", "phải gửi kèm bản giấy"),
    Figure.DRAFTS: ("DT", "dự thảo, tờ trình kèm dự thảo"),
    Figure.PAPER_ONLY: ("GI", "thuộc danh mục chỉ gửi bản giấy"),
    Figure.UNSIGNABLE: ("KH", "không phải văn bản của cơ quan, không đọc được"),
    Figure.SIGNABLE: ("KS", "tính vào tỷ lệ ký số"),
    Figure.ORGANISATION: ("CQ", "có chữ ký số của cơ quan, tổ chức"),
    Figure.PERSON: ("CN", "có chữ ký số cá nhân"),
    Figure.LEADER: ("LĐ", "có chữ ký số của lãnh đạo"),
}
"""Every figure but the one that is all lines without "TR"."""
_COLUMNS = (
    Column("Stt", 5, Align.RIGHT, grouped=False),
    Column("Mã tra cứu", 16.5),
    Column("Nhận lúc", 11, Align.CENTER),
    Column("Đơn vị gửi", 18),
    Column("Số, ký hiệu", 12),
    Column("Ngày văn bản", 9, Align.CENTER),
    Column("Hình thức", 9),
    Column("Số đến", 6, Align.RIGHT, grouped=False),
    Column("Lý do", 16),
    *(Column(title, 4.0, Align.CENTER) for title, _ in TICKS.values()),
)
LEGEND = "Đánh dấu x: " + "; ".join(f"{title} – {words}" for title, words in TICKS.values()) + "."


def document_list(documents: Iterable[Counted], head: Letterhead, heading: str = HEADING) -> Section:
    """The list; the number of ticks in a column is the figure that the report shows.

    Neither subjects nor names stand in it, and of a quarantined document nothing but its id.
    """
    rows = tuple(_row(number, each, head) for number, each in enumerate(documents, start=1))
    return Section(heading, _COLUMNS, rows, (LEGEND,), new_page=True)


def _row(number: int, document: Counted, head: Letterhead) -> tuple[Cell, ...]:
    locked = document.verdict is VerdictKind.QUARANTINE
    handle = document.submission if document.ordinal == 0 else f"{document.submission} (văn bản {document.ordinal + 1})"
    return (
        number,
        handle,
        document.received_at,
        "" if locked else head.unit(document.unit),
        document.designation,
        document.issued_on,
        "" if locked else head.form(document.form),
        document.arrival_number,
        "" if locked else " ".join(document.reasons),
        *(figure in document.figures for figure in TICKS),
    )
