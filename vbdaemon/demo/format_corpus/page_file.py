"""Documents of the corpus as born-digital PDFs."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files

import typst

from vbdaemon.demo.format_corpus.paper import TIMES, Paper, Words
from vbdaemon.model.format import Part

_MADE = datetime(2026, 1, 5, 5, tzinfo=UTC)
_FREE, _ASKED = b"LibertinusSerif", b"TimesNewRomanPS"
"""Names of equal length, so that places in the file stay true."""


def page_file(paper: Paper) -> bytes:
    """The document as PDF; its letters are those of a free font under the name that the rules ask for."""
    source = files("vbdaemon.demo.format_corpus").joinpath("paper.typ").read_bytes()
    pdf = typst.compile(
        source,
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(_values(paper), ensure_ascii=False)},
        format="pdf",
        timestamp=_MADE,
    )
    assert isinstance(pdf, bytes)
    return pdf.replace(_FREE, _ASKED)


def _values(paper: Paper) -> dict[str, object]:
    columns = ("head_left", "head_right", "body", "foot_left", "foot_right", "after", "annex")
    values: dict[str, object] = {name: [_words(words) for words in getattr(paper, name)] for name in columns}
    wide_left = any(words.part is Part.NATIONAL_TITLE for words in paper.head_left)
    values["head_columns"] = [60, 40] if wide_left else [40, 60]
    values["page"] = asdict(paper.page)
    values["numbers"] = asdict(paper.numbers) if paper.numbers else None
    return values


def _words(words: Words) -> dict[str, object]:
    values = asdict(words)
    return {**values, "lead_size": words.lead_size or 14.0, "plain": words.font == TIMES}
