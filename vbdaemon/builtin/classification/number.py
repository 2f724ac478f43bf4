"""The number line "Số: 607/UBND-VP": number, symbol, and what became of a blank; NĐ 30/2020 App. I, box 3."""

import re
from dataclasses import dataclass

from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.model import Found, NumberState

_PREFIX = re.compile(r"^[^\w]*(?P<word>[S$][ốôồổỗộóòỏõọởờo60])\s*(?P<colon>[:.;,])?(?![a-zà-ỹ])\s*", re.IGNORECASE)
_AROUND = re.compile(r"\s*([-/&])\s*")
_DASHES = re.compile("[‐‑‒–—−]")
_SLASHES = re.compile(r"[|\\]")
_COMMA = re.compile(r",\s*(?=[A-ZĐÂĂÊÔƠƯ&]{2,})")
_SYMBOL = re.compile(r"(?:(?:19|20)\d\d/)?[^\W\d_][\w&,./-]*|\d\d?/[A-ZĐ][\w&,.-]*|\d[A-ZĐ]{2}[\w&,.-]*")
_TRAIL = ".,;:-/_"
_NUMBER = re.compile(r"0*\d{1,5}[a-zA-ZđĐ]?|\d{1,4}(?:-\d{1,4})+|\d{1,5}[a-zA-Z]?-[A-ZĐ][\wĐđ]{0,5}")
_PARTY = re.compile(r"[^\W\d_][\wĐđ]{0,5}")
_BLANK = re.compile(r"[\s._…*-]*$")
_NO_PREFIX = re.compile(r"^\W*\S{0,6}\s*/\s*(?:[A-ZĐ][A-Za-zĐđ]{0,4}-[A-ZĐƯ]{2,}|[UƯ]B[NH]D-)")
_NO_SLASH = re.compile(r"(?P<before>.{0,8}?)[\sIl1!)\]]?(?P<after>(?:[A-ZĐ][A-Za-zĐđ]{0,3}-)?[UƯ]BND[\w&.-]*)\W*$")
_CAPITAL = re.compile(r"\d+[A-ZĐ]")
_JOINT = frozenset({"TTLT", "NQLT", "CTLT", "HDLT", "QCLT", "KHLT", "CTrLT", "CTPH", "QCPH", "KHPH", "TBLT", "CVLT"})
"""Forms issued together (liên tịch, phối hợp)."""
_FIRST_LETTER = re.compile(r"[^\W\d_]")
_SURE_OCR = 0.9
"""Below this line confidence figures on a scan may be misread handwriting."""
_HANDWRITTEN = 0.88
"""Figures on a scan are mostly handwritten: never more certain than this."""


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number line taken apart. `number` is None when it is blank or unreadable."""

    number: str | None
    symbol: str | None
    blank: bool = False

    @property
    def party_form(self) -> str | None:
        """The abbreviation of the form in Party numbering: CV of 84-CV/ĐU."""
        head, _, tail = (self.number or "").partition("-")
        return tail if head[:1].isdigit() and tail[:1].isalpha() else None

    @property
    def normative(self) -> bool:
        """True for numbering with the year, as normative documents have it: 28/2018/QĐ-TTg."""
        return bool(self.symbol and re.match(r"(?:19|20)\d\d/", self.symbol))

    @property
    def joint(self) -> bool:
        """True for numbering of joint documents: 01/2023/TTLT-BTP-BNV, 154/CTPH-LĐLĐ-SVH."""
        return bool(self.parts) and self.parts[0] in _JOINT

    @property
    def parts(self) -> tuple[str, ...]:
        """The symbol's parts without a year: ("QĐ", "TTg")."""
        symbol = re.sub(r"^(?:19|20)\d\d/", "", self.symbol or "")
        return tuple(part for part in symbol.split("-") if part)


def number_line(text: str) -> NumberLine | None:
    """The number line in `text`; None when it is none."""
    prefix = _PREFIX.match(text)
    rest = text[prefix.end() :] if prefix else text
    if prefix is None and not _NO_PREFIX.match(text):
        return None
    rest = _AROUND.sub(r"\1", _SLASHES.sub("/", _DASHES.sub("-", rest)))
    rest = _COMMA.sub(",", rest)
    before, slash, after = rest.partition("/")
    if not slash or len(before) > 14:  # noqa: PLR2004 - more letters than any number has
        return _without_slash(rest) if prefix and prefix["colon"] else None
    match = _SYMBOL.match(after)
    symbol = match[0].rstrip(_TRAIL) if match else ""
    if not _FIRST_LETTER.search(symbol):
        return None
    return _taken(before, symbol)


def looks_like_number(text: str, ocr: bool) -> bool:
    """True for a number line; without its "Số" only where OCR may have lost it."""
    return number_line(text) is not None and (ocr or bool(_PREFIX.match(text)))


def state_of(line: NumberLine | None, piece: Piece | None, scanned: bool) -> NumberState:
    """What became of the number. On a scan an empty place is UNREAD, never BLANK: there may be handwriting."""
    if line is None or piece is None:
        return NumberState.UNREAD if scanned else NumberState.ABSENT
    if piece.ocr:
        return NumberState.READ if _clear(line, piece) else NumberState.UNREAD
    if line.number:
        return NumberState.READ
    return NumberState.BLANK if line.blank else NumberState.UNREAD


def found_number(sheet: Sheet, line: NumberLine, piece: Piece, state: NumberState) -> Found[str] | None:
    """The number with its evidence; None unless it was read."""
    if state is not NumberState.READ or line.number is None:
        return None
    return sheet.found(line.number, [piece], "number-line", _HANDWRITTEN if piece.ocr else 0.99)


def _taken(before: str, symbol: str) -> NumberLine:
    number = before.strip(" .…_:*")
    if _NUMBER.fullmatch(number):
        return NumberLine(number, symbol)
    blank = bool(_BLANK.match(before)) or bool(_PARTY.fullmatch(number.lstrip("-")) and before.strip().startswith("-"))
    return NumberLine(None, symbol, blank)


def _without_slash(rest: str) -> NumberLine | None:
    """A number line whose slash OCR lost, told by the initials of a People's Committee."""
    match = _NO_SLASH.match(rest)
    return NumberLine(None, match["after"].rstrip(_TRAIL)) if match else None


def _clear(line: NumberLine, piece: Piece) -> bool:
    """True when figures on a scan were read well; a single figure lost its leading zero or more.

    A capital behind them (7O) is a figure misread: letters that tell two numbers apart are small (71a).
    """
    if line.number is None or len(line.number) < 2 or _CAPITAL.fullmatch(line.number):  # noqa: PLR2004 - figures
        return False
    return piece.confidence >= _SURE_OCR
