"""The stamp ĐẾN of a registered document, drawn on a transparent page to be laid over a copy (NĐ 30/2020 App. IV)."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files as package_files

import typst

from vbdaemon.model import Box
from vbdaemon.rendering.words import day_words

_MM = 72 / 25.4
WIDTH, HEIGHT = 50 * _MM, 35 * _MM
"""Of the stamp itself, points."""
NOTE_HEIGHT = 8 * _MM
"""Under the stamp: that this is a copy."""
NOTE = (
    "BẢN SAO IN TỪ VĂN BẢN ĐIỆN TỬ, có dấu ĐẾN của nơi nhận; không thay thế bản gốc. "
    "Chữ ký số chỉ kiểm tra được trên bản gốc, mã tra cứu {id}."
)


NOTE_WITHDRAWN = "Bản sao in từ văn bản điện tử, không thay thế bản gốc, mã tra cứu {id}."


@dataclass(frozen=True, slots=True)
class ArrivalStamp:
    """What the stamp says; what is empty stays a dotted line."""

    office: str
    number: int
    """Số đến."""
    day: date
    forwarded: str = ""
    """Chuyển: to whom."""
    file_code: str = ""
    """Số và ký hiệu hồ sơ."""
    id: str = ""
    """By which the original is found."""
    withdrawn: str = ""
    """What became of the document since, "ĐÃ THU HỒI"; it stands on the copy where it cannot be overlooked."""


def draw_stamp(stamp: ArrivalStamp, width: float, height: float, place: Box, made_at: datetime) -> bytes:
    """A PDF of one page of this size (points) with the stamp at the upper left corner of `place`.

    The same bytes for the same stamp; `made_at` (aware) stands in the file's metadata alone.
    """
    values = {
        "width": width,
        "height": height,
        "x": place.x0,
        "y": place.y0,
        "office": _short(stamp.office, 120),
        "number": str(stamp.number),
        "day": day_words(stamp.day),
        "forwarded": _short(stamp.forwarded, 110),
        "file_code": _short(stamp.file_code, 40),
        "warning": _short(stamp.withdrawn, 60),
        "note": (NOTE_WITHDRAWN if stamp.withdrawn else NOTE).format(id=stamp.id),
    }
    pdf = typst.compile(
        package_files("vbdaemon.rendering").joinpath("templates/arrival-stamp.typ").read_bytes(),
        ignore_system_fonts=True,
        sys_inputs={"stamp": json.dumps(values, ensure_ascii=False)},
        format="pdf",
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf


def _short(words: str, most: int) -> str:
    """What there is room for."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
