"""What a document says of itself: form, number, date, issuer, subject, signer, marks, channel."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vbdaemon.model.place import Evidence, Found


class Secrecy(StrEnum):
    """Marks of state secrecy (dấu chỉ độ mật), weakest first."""

    MAT = "mat"
    """MẬT."""
    TOI_MAT = "toi-mat"
    """TỐI MẬT."""
    TUYET_MAT = "tuyet-mat"
    """TUYỆT MẬT."""


class Urgency(StrEnum):
    """Marks of urgency (dấu chỉ mức độ khẩn), weakest first; NĐ 30/2020 App. I, box 10b."""

    KHAN = "khan"
    """KHẨN."""
    THUONG_KHAN = "thuong-khan"
    """THƯỢNG KHẨN."""
    HOA_TOC = "hoa-toc"
    """HỎA TỐC."""


class Circulation(StrEnum):
    """Limits of circulation; no state secret, they limit forwarding. NĐ 30/2020 App. I, box 11."""

    INTERNAL = "luu-hanh-noi-bo"
    """LƯU HÀNH NỘI BỘ."""
    RETURN = "xem-xong-tra-lai"
    """XEM XONG TRẢ LẠI."""


class TransmissionForm(StrEnum):
    """In which form a document travels; 648/QĐ-UBND Điều 1 and its three appendices."""

    ELECTRONIC = "electronic"
    """Electronic only (Phụ lục I)."""
    ELECTRONIC_AND_PAPER = "electronic-and-paper"
    """Electronic, and a paper copy follows (Phụ lục II)."""
    PAPER = "paper"
    """Paper only (Phụ lục III)."""
    UNLISTED = "unlisted"
    """In none of the lists: a person decides."""
    UNCLEAR = "unclear"
    """The form itself is not certain."""


class NumberState(StrEnum):
    """What became of the number blank after "Số:"."""

    READ = "read"
    """A number stands there and was read."""
    BLANK = "blank"
    """The blank is empty on a page with real text: a sign of a draft."""
    UNREAD = "unread"
    """Something may stand there that OCR could not read (handwriting)."""
    ABSENT = "absent"
    """The document has no number line."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The printed signature block: authority (KT., TL., TM. …), title, name."""

    authority: str | None
    title: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question that the classifier leaves to others; `code` is a finding code."""

    code: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """What a document says of itself. Unknown is None; nothing is guessed across the lists."""

    form: Found[str] | None = None
    """Slug of the form, e.g. "cong-van"."""
    form_name: str | None = None
    """Vietnamese name of the form, e.g. "Công văn"."""
    number: Found[str] | None = None
    """What stands before the first slash."""
    number_state: NumberState = NumberState.ABSENT
    symbol: Found[str] | None = None
    """All after the first slash: 28/2018/QĐ-TTg has the symbol 2018/QĐ-TTg."""
    issued_on: Found[date] | None = None
    issuer: Found[str] | None = None
    issuer_unit: str | None = None
    """Code of the issuer in the directory, when it could be matched."""
    subject: Found[str] | None = None
    """Trích yếu."""
    signer: Found[Signer] | None = None
    co_signers: tuple[Found[Signer], ...] = ()
    """Further signers of a joint document (văn bản liên tịch), from left to right."""
    addressees: tuple[Found[str], ...] = ()
    """Kính gửi."""
    recipients: tuple[Found[str], ...] = ()
    """Nơi nhận: all lines."""
    electronic_recipients: tuple[Found[str], ...] = ()
    """Nơi nhận: the lines under "Bản điện tử:"."""
    deadlines: tuple[Found[date], ...] = ()
    secrecy: Found[Secrecy] | None = None
    urgency: Found[Urgency] | None = None
    circulation: Found[Circulation] | None = None
    draft: Found[bool] | None = None
    transmission: TransmissionForm = TransmissionForm.UNCLEAR
    transmission_rule: str | None = None
    """Rule that decided the channel, e.g. "luc-nam-648-2019/I-9"."""
    restricted: bool = False
    """Complaints and denunciations: subject and names stay out of logs, notices to others, search."""
    doubts: tuple[Doubt, ...] = ()

    @property
    def designation(self) -> str | None:
        """Number and symbol as printed, e.g. "607/UBND-VP"; None when the symbol is unknown."""
        if self.symbol is None:
            return None
        return f"{self.number.value if self.number else ''}/{self.symbol.value}"
