"""Demo documents as PDF and as pictures, typeset with the fonts that typst brings along."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from importlib.resources import files
from random import Random

import typst

from vbdaemon.demo.document import DemoDocument, listed
from vbdaemon.model import Box

TOP_RIGHT = Box(396, 10, 578, 54)
"""Above the Quốc hiệu on page 1: where scans, copies and separate annexes are signed."""
_SIGNATURE_WIDTH, _SIGNATURE_HEIGHT = 150.0, 66.0
_SEAL_SIDE = 96.0
_COLUMN = 467.7 * 0.54
_LEAD = re.compile(r"Điều \d+\.")


@dataclass(frozen=True, slots=True)
class Typeset:
    """A typeset document and the places that its signatures belong to."""

    pdf: bytes
    page: int
    """Page of the signature block, counted from 1."""
    signature: Box
    """Between title and name: the signer's own signature."""
    seal: Box
    """The organisation's signature: covers a third of the person's, from the left (NĐ 30 App. I, box 8)."""
    top_right: Box = TOP_RIGHT


@dataclass(frozen=True, slots=True)
class Ink:
    """What a scanned page shows besides print: handwriting, and the red seal."""

    seed: int
    seal: bool = True


def typeset(document: DemoDocument) -> Typeset:
    """The document as PDF, the same bytes for the same document."""
    source, words = _template(), _words(document, None)
    pdf = typst.compile(source, ignore_system_fonts=True, sys_inputs=words, format="pdf", timestamp=_midday(document))
    assert isinstance(pdf, bytes)
    places = typst.query(source, "<place>", field="value", ignore_system_fonts=True, sys_inputs=words)
    place = json.loads(places)[0]
    middle, top = place["x"] + _COLUMN / 2, place["y"] + 10
    person = Box(middle - _SIGNATURE_WIDTH / 2, top, middle + _SIGNATURE_WIDTH / 2, top + _SIGNATURE_HEIGHT)
    right = person.x0 + _SIGNATURE_WIDTH / 3
    seal = Box(right - _SEAL_SIDE, top - 6, right, top - 6 + _SEAL_SIDE)
    return Typeset(pdf, place["page"], person, seal)


def pictures(document: DemoDocument, resolution: int, ink: Ink | None = None) -> tuple[bytes, ...]:
    """The pages as PNG at `resolution` dots an inch, with `ink` as if signed and sealed on paper."""
    pages = typst.compile(
        _template(), ignore_system_fonts=True, sys_inputs=_words(document, ink), format="png", ppi=float(resolution)
    )
    if isinstance(pages, bytes):
        return (pages,)
    return tuple(pages or ())


def template(*names: str) -> bytes:
    """The named typst files of this package, one after the other."""
    folder = files("vbdaemon.demo")
    return b"\n".join(folder.joinpath(name).read_bytes() for name in names)


def _template() -> bytes:
    return template("ink.typ", "document.typ")


def _words(document: DemoDocument, ink: Ink | None) -> dict[str, str]:
    """All words as one JSON text: data for the template, never a part of its markup."""
    values = {
        "title": document.subject,
        "issuer": document.issuer.replace("\n", " "),
        "issuer_lines": document.issuer.split("\n"),
        "place": document.place,
        "parent": document.parent.split("\n") if document.parent else [],
        "number_line": document.number_line,
        "date_line": document.date_line,
        "letter_subject": document.letter_subject,
        "left_marks": [m for m in (document.secrecy, document.urgency) if m],
        "draft": document.draft,
        "form_name": document.form_name,
        "subject": document.subject,
        "addressees": document.addressees,
        "paragraphs": [_paragraph(p) for p in document.paragraphs],
        "recipients": listed(document.recipients),
        "electronic_recipients": listed(document.electronic_recipients),
        "titles": document.titles,
        "signer": document.signer,
        "ink": None if ink is None else {"seal": ink.seal, "strokes": strokes(ink.seed)},
    }
    return {"document": json.dumps(values, ensure_ascii=False)}


def _paragraph(words: str) -> dict[str, str]:
    """How a paragraph is set: grounds in italics, "Điều n." bold, a line of capitals with a colon centred."""
    if words.startswith("Căn cứ"):
        return {"kind": "ground", "lead": "", "words": words}
    if words.isupper():
        return {"kind": "centred", "lead": "", "words": words}
    lead = _LEAD.match(words)
    cut = lead.end() if lead else 0
    return {"kind": "body", "lead": words[:cut], "words": words[cut:]}


def strokes(seed: int) -> list[list[float]]:
    """A quick signature: loops that run to the right, then one long stroke back under them."""
    random = Random(seed)  # noqa: S311 - a drawing
    x, y = 0.0, 30.0
    path = [[x, y]]
    for _ in range(random.randint(5, 7)):
        rise = random.uniform(18, 40)
        step = random.uniform(10, 20)
        path.append([x + step * 0.2, y - rise, x + step * 1.5, y - rise * random.uniform(0.6, 1.2), x + step, y])
        x, y = x + step, y + random.uniform(-6, 6)
    path.append([x + 30, y - 34, x + 44, y + 4, x - 8, y + 12])
    path.append([x - 60, y + 22, x - 40, y + 2, x + 40, y - 8])
    return path


def _midday(document: DemoDocument) -> datetime:
    return datetime.combine(document.issued_on, time(12), tzinfo=UTC)
