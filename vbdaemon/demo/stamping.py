"""Visible digital signatures of the demo: handwriting, seal, or the lines of a scan; NĐ 30/2020 App. I."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import typst

from vbdaemon.clock import VIETNAM
from vbdaemon.demo.typesetting import strokes, template
from vbdaemon.model import Box
from vbdaemon.signature.credential import Credential
from vbdaemon.signature.signing import PdfBox, sign

PAGE_HEIGHT = 841.89
_RESOLUTION = 200.0


@dataclass(frozen=True, slots=True)
class SigningMoment:
    """When something is signed, and the timestamp authority that vouches for it."""

    at: datetime
    """Aware."""
    timestamper: Credential | None = None


def sign_as_person(pdf: bytes, credential: Credential, box: Box, page: int, moment: SigningMoment, seed: int) -> bytes:
    """The signer's own signature between title and name: blue handwriting, no words."""
    image = _drawn(box, {"kind": "handwriting", "strokes": strokes(seed)}, "png")
    return sign(
        pdf,
        credential,
        field="NguoiKy",
        page=page - 1,
        box=pdf_box(box),
        image=image,
        signed_at=moment.at,
        timestamper=moment.timestamper,
    )


def sign_as_organisation(
    pdf: bytes, credential: Credential, box: Box, page: int, moment: SigningMoment, body: str, place: str
) -> bytes:
    """The organisation's signature on a document of its own: its red seal; a transparent picture."""
    image = _drawn(box, {"kind": "seal", "body": body, "place": place}, "png")
    return sign(
        pdf,
        credential,
        field="CoQuan",
        page=page - 1,
        box=pdf_box(box),
        image=image,
        signed_at=moment.at,
        timestamper=moment.timestamper,
    )


def sign_scan(pdf: bytes, credential: Credential, box: Box, moment: SigningMoment, body: str) -> bytes:
    """The organisation's signature at the top right of a scan: who, which body, when (TT 01/2019/TT-BNV)."""
    local = moment.at.astimezone(VIETNAM).replace(microsecond=0)
    lines = ["Ký bởi: " + body, "Cơ quan: " + body, f"Thời gian ký: {local:%d.%m.%Y %H:%M:%S} +07:00"]
    drawing = _drawn(box, {"kind": "lines", "lines": lines}, "pdf")
    return sign(
        pdf,
        credential,
        field="CoQuan",
        page=0,
        box=pdf_box(box),
        drawing=drawing,
        signed_at=moment.at,
        timestamper=moment.timestamper,
    )


def pdf_box(box: Box) -> PdfBox:
    """The same rectangle of an A4 page, counted from the bottom-left corner."""
    return round(box.x0), round(PAGE_HEIGHT - box.y1), round(box.x1), round(PAGE_HEIGHT - box.y0)


def _drawn(box: Box, stamp: dict[str, Any], form: Literal["pdf", "png"]) -> bytes:
    words = json.dumps({**stamp, "width": box.x1 - box.x0, "height": box.y1 - box.y0}, ensure_ascii=False)
    drawn = typst.compile(
        template("ink.typ", "stamp.typ"),
        ignore_system_fonts=True,
        sys_inputs={"stamp": words},
        format=form,
        ppi=_RESOLUTION,
    )
    assert isinstance(drawn, bytes)
    return drawn
