"""Lines on an A4 page as reading finds them, classified with the shipped rules."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from vbdaemon.builtin.classification.sheet import Sheet, sheet
from vbdaemon.builtin.classify import classify
from vbdaemon.model import Box, Classification, Content, ContentKind, Line, Page, Snapshot, TextSource, Unit
from vbdaemon.testing import A4, make_content, make_document, make_file, make_snapshot, make_submission, make_unit

LEFT, RIGHT, MIDDLE, BODY = 158.0, 408.0, 319.0, 99.0


@dataclass(frozen=True)
class Draw:
    """Draws lines of 13 pt where a document has them."""

    source: TextSource = TextSource.TEXT
    confidence: float = 1.0

    def centred(self, x: float, y: float, text: str, **changes: object) -> Line:
        """A line centred on `x`."""
        half = len(text) * 3.3
        line = Line(text, Box(x - half, y, x + half, y + 13), 13.0, source=self.source, confidence=self.confidence)
        return replace(line, **changes)

    def body(self, y: float, text: str, **changes: object) -> Line:
        """A line of the body, from margin to margin."""
        box = Box(BODY, y, min(539.0, BODY + len(text) * 6.2), y + 13)
        return replace(Line(text, box, 14.0, source=self.source, confidence=self.confidence), **changes)

    def head(
        self,
        number: str = "Số: 15/PNV-TCCC",
        date: str = "Sông Lam, ngày 02 tháng 3 năm 2026",
        issuer: tuple[str, ...] = ("ỦY BAN NHÂN DÂN", "HUYỆN SÔNG LAM", "PHÒNG NỘI VỤ"),
    ) -> list[Line]:
        """Issuer, Quốc hiệu, number and date."""
        left = [self.centred(LEFT, 70 + 15 * i, words) for i, words in enumerate(issuer)]
        low = 80 + 15 * len(issuer)
        right = [
            self.centred(RIGHT, 70, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            self.centred(RIGHT, 86, "Độc lập - Tự do - Hạnh phúc"),
            *([self.centred(RIGHT, low, date)] if date else []),
        ]
        return [*left, *right, *([self.centred(LEFT, low, number)] if number else [])]

    def letter(self, *more: Line, subject: str = "V/v rà soát cán bộ", **head: object) -> list[Line]:
        """A công văn; `more` lines are added."""
        lines = [*self.head(**head), self.centred(LEFT, 145, subject)]
        return [*lines, self.centred(MIDDLE, 200, "Kính gửi: Ủy ban nhân dân xã Hạ Lam"), *self.close(), *more]

    def titled(self, form: str, subject: str = "Về việc rà soát cán bộ", *more: Line, **head: object) -> list[Line]:
        """A document with a form-name line; `more` lines are added."""
        lines = [*self.head(**head), self.centred(MIDDLE, 170, form), self.centred(MIDDLE, 187, subject)]
        return [
            *lines,
            self.body(230, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;"),
            *self.close(),
            *more,
        ]

    def close(self, y: float = 600) -> list[Line]:
        """Nơi nhận and the signature block."""
        return [
            self.body(y, "Nơi nhận:"),
            self.body(y + 14, "- Như trên;"),
            self.body(y + 28, "- Lưu: VT."),
            self.centred(430, y, "KT. TRƯỞNG PHÒNG"),
            self.centred(430, y + 15, "PHÓ TRƯỞNG PHÒNG"),
            self.centred(430, y + 100, "Trần Thị Hoài Thu"),
        ]


Classify = Callable[..., Classification]


@pytest.fixture(name="draw")
def _draw() -> Draw:
    return Draw()


@pytest.fixture(name="scan")
def _scan() -> Draw:
    return Draw(TextSource.OCR, 0.96)


@pytest.fixture(name="snapshot")
def _snapshot() -> Snapshot:
    return make_snapshot(*units())


@pytest.fixture(name="classified")
def _classified(snapshot: Snapshot) -> Classify:
    def run(lines: list[Line], *, picture: bool = False, fields: int = 0, **changes: object) -> Classification:
        file = make_file()
        content = replace(_content(file.sha256, lines, picture=picture, fields=fields), **changes)
        return classify(
            submission=make_submission(), document=make_document(file, contents=[content]), snapshot=snapshot
        )

    return run


@pytest.fixture(name="sheet_of_lines")
def _sheet_of_lines() -> Callable[..., Sheet]:
    def run(*lines: Line | str, picture: bool = False) -> Sheet:
        file = make_file()
        if any(isinstance(line, str) for line in lines):
            return sheet(make_content(file, *lines))
        return sheet(_content(file.sha256, list(lines), picture=picture))

    return run


def units() -> tuple[Unit, ...]:
    """The units that the lines above name, and namesakes elsewhere."""
    return (
        make_unit("H40.15", "Ủy ban nhân dân huyện Sông Lam"),
        make_unit("H40.15.01", "Phòng Nội vụ", parent="H40.15"),
        make_unit("H40.16", "Ủy ban nhân dân huyện Sông Lâm"),
        make_unit("H40.16.01", "Phòng Nội vụ", parent="H40.16"),
        make_unit("H40.15.05", "Ủy ban nhân dân xã Hạ Lam", aliases=("UBND xã Hạ Lam",), parent="H40.15"),
    )


def _content(sha256: str, lines: list[Line], *, picture: bool = False, fields: int = 0) -> Content:
    ordered = tuple(sorted(lines, key=lambda line: (line.box.y0, line.box.x0) if line.box else (0, 0)))
    page = Page(1, *A4, lines=ordered, image_only=picture, ocr=picture)
    return Content(sha256, ContentKind.PDF, (page,), 1, signature_fields=fields)
