"""One measure of one component: which function gives its readings."""

import re
from collections.abc import Callable, Iterator

from vbdaemon.builtin.format import list_measures, space_measures, type_measures
from vbdaemon.builtin.format.components import Components
from vbdaemon.builtin.format.fragment import Fragment
from vbdaemon.builtin.format.type_measures import Fragments, Reading, each
from vbdaemon.model.format import Measure, Part
from vbdaemon.model.layout import LayoutKind, Paragraph, Side, StrokeKind

_BODY_LEVEL = 3
"""Places below a component of the whole width in which its line may hang."""

_CENTRED, _OVERLAP, _BELOW = 10.0, 6.0, 20.0
"""Points: on one axis; lines' boxes overlap a little; next below."""
_HEAD = 25
"""Paragraphs in which the lines of a head can be anchored."""
_LINED = (Part.MOTTO, Part.ISSUER, Part.SUBJECT)
_FLOW = frozenset({Part.BODY, Part.ARTICLE_TEXT})
_COLUMNS = frozenset(
    {Part.PARENT, Part.ISSUER, Part.NUMBER, Part.PLACE_DATE, Part.LETTER_SUBJECT, Part.AUTHORITY, Part.SIGNER_NAME}
)
_BROKEN = 3
_ASIDE = re.compile(r"^\(.*\)[.;,:]?(?:\./\.)?$")
"""A remark in brackets, which offices print in italics by custom."""

_BY_FRAGMENTS: dict[Measure, Callable[[Fragments], Iterator[Reading]]] = {
    **type_measures.SIMPLE,
    Measure.ALIGNMENT: each(space_measures.alignment),
    Measure.GAP: space_measures.gaps,
    Measure.INDENT: space_measures.indents,
    Measure.SPACING: space_measures.spacings,
    Measure.ENDS: list_measures.ends,
    Measure.LAST_ENDS: list_measures.last_end,
    Measure.LAST: list_measures.last_words,
}


def readings(measure: Measure, part: Part, components: Components) -> Iterator[Reading]:
    """What the document shows; nothing when the component is not there."""
    if part is Part.PAGE:
        yield from space_measures.PAGE[measure](components.layout)
    elif part is Part.PAGE_NUMBER:
        if components.layout.page_number is not None:
            yield space_measures.of_number(measure, components.layout.page_number)
    elif fragments := components.of(part):
        yield from _of_words(measure, part, fragments, components)


def _of_words(measure: Measure, part: Part, fragments: Fragments, components: Components) -> Iterator[Reading]:
    if measure is Measure.ALIGNMENT and part in _FLOW:
        # only lines that the edge broke show how a paragraph is set: one line looks alike
        fragments = tuple(f for f in fragments if f.paragraph.lines is None or f.paragraph.lines >= _BROKEN)
    if measure is Measure.ALIGNMENT and part in _COLUMNS:
        # on a page nothing shows how wide a column is
        fragments = tuple(f for f in fragments if f.paragraph.box is None)
    if measure is Measure.ITALIC and part in _FLOW:
        fragments = tuple(f for f in fragments if not _ASIDE.match(f.text))
    if measure in _BY_FRAGMENTS:
        yield from _BY_FRAGMENTS[measure](fragments)
    elif measure is Measure.ENCODING:
        yield from type_measures.encodings(components.layout.kind, fragments)
    elif measure is Measure.LINE:
        column = _column(fragments[-1], components)
        yield from type_measures.lines_below(fragments, column, spare=_spare(components))
    elif measure is Measure.LIST:
        yield from list_measures.listed(part, fragments)
    elif measure is Measure.ORDER:
        yield from list_measures.ordered(fragments)


def _column(last: Fragment, components: Components) -> list[Fragment]:
    """The lines among which a component's own drawn line may be anchored."""
    here = last.paragraph
    every = components.of(Part.TEXT)
    if here.box is not None:
        return [f for f in every if _next_below(here, f.paragraph)]  # on a page the line's place tells whose it is
    if here.table is not None:
        return [f for f in every if f.paragraph.table == here.table and f.paragraph.column == here.column]
    return [f for f in every if 0 < f.paragraph.index - here.index <= _BODY_LEVEL]


def _next_below(here: Paragraph, other: Paragraph) -> bool:
    """True on a page for a centred line next below, as "(Phục vụ kỳ họp …)" below the subject: the line is below it."""
    if here.box is None or other.box is None or here.page != other.page or other.lines != 1:
        return False
    centred = here.side is Side.WHOLE is other.side and abs(here.box.centre[0] - other.box.centre[0]) < _CENTRED
    return centred and 0 < other.box.y0 - here.box.y1 + _OVERLAP < _BELOW


def _spare(components: Components) -> bool:
    """True when a shape of a Word file's head hangs where no component that needs a line could own it."""
    paragraphs = components.layout.paragraphs
    if components.layout.kind is not LayoutKind.DOCX:
        return False
    owners = [components.of(part)[-1] for part in _LINED if components.of(part)]
    owned = {f.paragraph.index for owner in owners for f in (owner, *_column(owner, components))}
    owned.update(f.paragraph.index for part in _LINED for f in components.of(part))
    head = (p for p in paragraphs if 0 <= p.index < _HEAD and p.index not in owned)
    return any(stroke.kind is StrokeKind.DRAWN for p in head for stroke in p.strokes)
