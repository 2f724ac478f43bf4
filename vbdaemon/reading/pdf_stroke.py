"""Horizontal lines drawn on a PDF page."""

import ctypes
from collections.abc import Iterator
from itertools import islice

import pypdfium2
from pypdfium2 import raw

from vbdaemon.model import Box
from vbdaemon.reading.space import Space

_FLAT = 2.5
_SHORTEST = 15.0
_MOST_OBJECTS = 10_000
_NESTING = 3


def strokes(page: pypdfium2.PdfPage, space: Space) -> tuple[Box, ...]:
    """Lines and flat filled boxes, from top to bottom; points as shown."""
    count = min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)
    things = (thing for n in range(count) for thing in _paths(raw.FPDFPage_GetObject(page.raw, n), _NESTING))
    boxes = (_box(thing, space) for thing in islice(things, _MOST_OBJECTS))
    flat = (box for box in boxes if box.y1 - box.y0 <= _FLAT and box.x1 - box.x0 >= _SHORTEST)
    return tuple(sorted(flat, key=lambda box: box.y0))


def _paths(thing: object, depth: int) -> Iterator[object]:
    kind = raw.FPDFPageObj_GetType(thing)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        yield thing
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth:
        for index in range(min(raw.FPDFFormObj_CountObjects(thing), _MOST_OBJECTS)):
            yield from _paths(raw.FPDFFormObj_GetObject(thing, index), depth - 1)


def _box(thing: object, space: Space) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    return space.box(left.value, bottom.value, right.value, top.value)
