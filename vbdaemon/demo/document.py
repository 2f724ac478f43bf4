"""A demo document as a value: what stands on it, before it is typeset or written as a Word file."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """The components of an administrative document; NĐ 30/2020/NĐ-CP art. 8 and Appendix I."""

    issuer: str
    """Body that issues; lines separated by a line break."""
    symbol: str
    """All after the slash of the number line, e.g. "UBND-VP"."""
    place: str
    issued_on: date
    subject: str
    """Trích yếu, without "V/v"."""
    paragraphs: tuple[str, ...]
    title: str
    """Title of the signer, e.g. "TRƯỞNG PHÒNG"."""
    signer: str
    parent: str | None = None
    """Body above the issuer."""
    number: str | None = None
    """None = left blank, as on a draft."""
    day_blank: bool = False
    """The day is left blank, as on a draft."""
    form_name: str | None = None
    """None = công văn, whose subject stands under the number."""
    addressees: tuple[str, ...] = ()
    authority: str | None = None
    """Line above the title: "KT. TRƯỞNG PHÒNG", "TM. ỦY BAN NHÂN DÂN"."""
    recipients: tuple[str, ...] = ()
    """Nơi nhận, without dashes; a period ends the last one by itself."""
    electronic_recipients: tuple[str, ...] = ()
    """The lines under "Bản điện tử:"."""
    secrecy: str | None = None
    """Mark of secrecy as printed, e.g. "MẬT"."""
    urgency: str | None = None
    """Mark of urgency as printed, e.g. "HỎA TỐC"."""
    draft: bool = False
    """Prints "DỰ THẢO"."""

    @property
    def number_line(self) -> str:
        """The line "Số: 12/UBND-VP", with a wide gap where the number is left blank."""
        return f"Số: {self.number or '       '}/{self.symbol}"

    @property
    def date_line(self) -> str:
        """Place and date; a leading zero for days below 10 and for months 1 and 2 (NĐ 30 App. I, box 4)."""
        day = "     " if self.day_blank else f"{self.issued_on.day:02d}"
        month = f"{self.issued_on.month:02d}" if self.issued_on.month <= 2 else str(self.issued_on.month)  # noqa: PLR2004 - January and February
        return f"{self.place}, ngày {day} tháng {month} năm {self.issued_on.year}"

    @property
    def titles(self) -> tuple[str, ...]:
        """The lines above the signature."""
        return (self.authority, self.title) if self.authority else (self.title,)

    @property
    def letter_subject(self) -> str | None:
        """The "V/v …" block of a công văn; None for a document with a form name."""
        return None if self.form_name else f"V/v {self.subject}"


def listed(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines of a list as Nơi nhận prints them: a dash before, a semicolon after, a period at the end."""
    return tuple(f"- {words}{'.' if i == len(lines) else ';'}" for i, words in enumerate(lines, 1))
