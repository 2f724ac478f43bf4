"""The one-page sheet on signatures (Phiếu kết quả kiểm tra chữ ký số), as a page for screens and as PDF."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files as package_files
from pathlib import Path

import typst

from vbdaemon.model import DocumentVerdict, FileRecord, Office, Policy
from vbdaemon.rendering.signature_view import SignatureSheet, sheet_words
from vbdaemon.rendering.templates import render_html
from vbdaemon.rendering.words import NO_OFFICE, contact_words, local_moment, sentence

HTML_NAME = "phieu-kiem-tra-chu-ky-so.html"
PDF_NAME = "phieu-kiem-tra-chu-ky-so.pdf"
TITLE = "PHIẾU KẾT QUẢ KIỂM TRA CHỮ KÝ SỐ"
PARTS = 5
"""Remarks that fit on the page beside five signatures; the check sheet holds them all."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around the signatures."""

    title: str
    letterhead: str
    id: str
    checked: str
    contact: str
    left_out: int


def render_signature_sheet(
    submission_id: str,
    document: DocumentVerdict,
    files: tuple[FileRecord, ...],
    policy: Policy,
    office: Office,
    checked_at: datetime,
    *,
    pdf: bool = True,
    site: Path | None = None,
) -> dict[str, bytes]:
    """The sheet as files by name: HTML and PDF, the same words in both; the same bytes for the same document.

    `checked_at` (aware) is when the signatures were verified. A document without signatures says so. A template of
    the same name in `site` goes first, for the HTML.
    """
    words = sheet_words(document, files, policy)
    frame = _Frame(
        title=TITLE,
        letterhead=" – ".join(sentence(part) for part in (office.parent, office.name or NO_OFFICE) if part),
        id=submission_id,
        checked=local_moment(checked_at),
        contact=sentence(contact_words(office)),
        left_out=max(0, len(words.remarks) - PARTS),
    )
    html = render_html("signature-sheet.html.j2", site, sheet=words, frame=frame)
    sheet = {HTML_NAME: html.encode()}
    return sheet | {PDF_NAME: _pdf(words, frame, checked_at)} if pdf else sheet


def _pdf(words: SignatureSheet, frame: _Frame, checked_at: datetime) -> bytes:
    """All words go in as one JSON text: data for the template, never a part of its markup."""
    source = package_files("vbdaemon.rendering").joinpath("templates/signature-sheet.typ").read_bytes()
    remarks = [asdict(remark) for remark in words.remarks[:PARTS]]
    values = {**asdict(words), "remarks": remarks, "frame": asdict(frame)}
    pdf = typst.compile(
        source,
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(values, ensure_ascii=False)},
        format="pdf",
        timestamp=int(checked_at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf
