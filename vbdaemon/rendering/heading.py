"""How a notice presents itself: title, coded status, template, and the outcome of each document in a word."""

from dataclasses import dataclass

from vbdaemon.model import CodedStatus
from vbdaemon.rendering.answer import AnswerKind, DocumentAnswer
from vbdaemon.rendering.letter import Letter

_STATUS_OF = {
    AnswerKind.RECEIVED: (CodedStatus.RECEIVED, "Đã tiếp nhận"),
    AnswerKind.REFUSED: (CodedStatus.REFUSED, "Từ chối tiếp nhận"),
    AnswerKind.RETURNED: (CodedStatus.REFUSED, "Trả lại"),
    AnswerKind.WAITING: (CodedStatus.ARRIVED, "Đã đến"),
}
_TITLE_OF = {
    AnswerKind.RECEIVED: "PHIẾU XÁC NHẬN TIẾP NHẬN VĂN BẢN ĐIỆN TỬ",
    AnswerKind.REFUSED: "PHIẾU TỪ CHỐI TIẾP NHẬN VĂN BẢN ĐIỆN TỬ",
    AnswerKind.RETURNED: "PHIẾU TRẢ LẠI DỰ THẢO",
    AnswerKind.WAITING: "PHIẾU XÁC NHẬN VĂN BẢN ĐIỆN TỬ ĐÃ ĐẾN",
}
_TEMPLATE_OF = {
    AnswerKind.RECEIVED: "receipt.j2",
    AnswerKind.REFUSED: "refusal.j2",
    AnswerKind.RETURNED: "refusal.j2",
    AnswerKind.WAITING: "arrived.j2",
}
_WEIGHTIEST_FIRST = (AnswerKind.REFUSED, AnswerKind.RETURNED, AnswerKind.RECEIVED, AnswerKind.WAITING)


@dataclass(frozen=True, slots=True)
class Heading:
    """How a notice presents itself."""

    template: str
    status: CodedStatus
    status_name: str
    title: str


def heading_for(letter: Letter) -> Heading:
    """The heading that the weightiest answer gives; several documents share one notice."""
    kinds = {doc.kind for doc in letter.documents} or {AnswerKind.WAITING}
    kind = next(kind for kind in _WEIGHTIEST_FIRST if kind in kinds)
    status, name = status_words(kind, superior=letter.superior)
    title, template = _TITLE_OF[kind], _TEMPLATE_OF[kind]
    if letter.superior and kind is AnswerKind.REFUSED:
        title = "PHIẾU ĐỀ NGHỊ KIỂM TRA, GỬI LẠI VĂN BẢN ĐIỆN TỬ"
    if len(kinds) > 1:
        title = "PHIẾU PHẢN HỒI KẾT QUẢ TIẾP NHẬN VĂN BẢN ĐIỆN TỬ"
    if len(letter.documents) > 1 and kinds != {AnswerKind.WAITING}:
        template = "several.j2"
    return Heading(template, status, name, title)


def status_words(kind: AnswerKind, *, superior: bool) -> tuple[CodedStatus, str]:
    """The coded status and its name; a superior body reads a request where others read of a refusal."""
    status, name = _STATUS_OF[kind]
    return status, "Đề nghị kiểm tra, gửi lại" if superior and kind is AnswerKind.REFUSED else name


def outcome_words(doc: DocumentAnswer, *, superior: bool) -> str:
    """What became of one document among several, in a sentence."""
    if doc.duplicate:
        return "Trùng với văn bản đã tiếp nhận; không đăng ký và chuyển lại."
    if doc.kind is AnswerKind.REFUSED and superior:
        return "Kính đề nghị kiểm tra, gửi lại."
    return {
        AnswerKind.RECEIVED: "Đã tiếp nhận.",
        AnswerKind.REFUSED: "Từ chối tiếp nhận, vì các lý do sau:",
        AnswerKind.RETURNED: "Trả lại dự thảo, vì các lý do sau:",
        AnswerKind.WAITING: "Đã đến, đang chờ xem xét.",
    }[doc.kind]
