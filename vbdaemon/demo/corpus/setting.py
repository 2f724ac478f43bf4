"""Setting a paper of the corpus: as PDF, as pictures, and where its blanks stand."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from random import Random
from typing import Any

import typst

from vbdaemon.demo.corpus.handwriting import figures
from vbdaemon.demo.corpus.layout import Layout
from vbdaemon.demo.corpus.paper import Paper
from vbdaemon.demo.typesetting import strokes, template

_MADE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a blank begins, in points from the top left of its page."""

    name: str
    page: int
    x: float
    y: float


def pdf_of(paper: Paper, layout: Layout, seed: int) -> bytes:
    """The paper as PDF."""
    made = typst.compile(_source(), sys_inputs=_inputs(paper, layout, seed), format="pdf", timestamp=_MADE)
    assert isinstance(made, bytes)
    return made


def pictures_of(paper: Paper, layout: Layout, seed: int, resolution: int) -> tuple[bytes, ...]:
    """Its pages as PNG."""
    made = typst.compile(_source(), sys_inputs=_inputs(paper, layout, seed), format="png", ppi=float(resolution))
    return (made,) if isinstance(made, bytes) else tuple(made or ())


def spots_of(paper: Paper, layout: Layout, seed: int) -> dict[str, Spot]:
    """The blanks of number and day by name."""
    found = typst.query(_source(), "<place>", field="value", sys_inputs=_inputs(paper, layout, seed))
    return {spot["name"]: Spot(**spot) for spot in json.loads(found)}


def _source() -> bytes:
    return template("ink.typ") + b"\n" + files(__package__).joinpath("page.typ").read_bytes()


def _inputs(paper: Paper, layout: Layout, seed: int) -> dict[str, str]:
    random = Random(seed)  # noqa: S311 - a drawing
    by_hand = paper.by_hand
    given: dict[str, Any] = {
        "paper": asdict(paper),
        "layout": asdict(layout),
        "number_figures": figures(paper.number if by_hand else None, random),
        "day_figures": figures(paper.day if by_hand else None, random),
        "strokes": strokes(seed),
        "received_degrees": random.uniform(-4, 4),
        "received_number": random.randrange(10, 3000),
        "received_day": f"{random.randrange(1, 29):02d}/{random.randrange(1, 13):02d}/{paper.year}",
    }
    return {"paper": json.dumps(given, ensure_ascii=False)}
