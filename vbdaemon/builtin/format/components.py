"""Every component of a document in its layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vbdaemon.builtin.classification.dates import date_line
from vbdaemon.builtin.classification.emblem import party
from vbdaemon.builtin.classification.spelling import key
from vbdaemon.builtin.format.body_parts import body_of
from vbdaemon.builtin.format.ending_parts import ending_of, rest_of
from vbdaemon.builtin.format.fragment import Fragment, whole
from vbdaemon.builtin.format.heading_parts import head_of
from vbdaemon.model.format import Part
from vbdaemon.model.layout import Layout, Zone
from vbdaemon.model.rule import Form

_LETTER = "cong-van"
_FIRST = 12
_RUNNING = frozenset({Zone.HEADER, Zone.FOOTER})


@dataclass(frozen=True, slots=True)
class Components:
    """A layout with the fragments that make up each component."""

    layout: Layout
    parts: Mapping[Part, tuple[Fragment, ...]]

    def of(self, part: Part) -> tuple[Fragment, ...]:
        """The fragments of a component; empty when it is not there."""
        return self.parts.get(part, ())


def components_of(layout: Layout, forms: Sequence[Form]) -> Components:
    """The components; a scan shows none."""
    form_names = [form.name for form in forms if form.slug != _LETTER]
    every = tuple(whole(paragraph) for paragraph in layout.paragraphs if not paragraph.empty)
    lines = [line for line in every if line.paragraph.zone not in _RUNNING]
    head = head_of(lines, form_names)
    ending = ending_of(lines, head.end)
    body = body_of(lines[head.end : ending.start], named=Part.FORM_NAME in head.parts)
    parts = {Part.TEXT: every, **rest_of(every), **head.parts, **ending.parts, **body}
    return Components(layout, {part: fragments for part, fragments in parts.items() if fragments})


def issued_on(components: Components) -> date | None:
    """The day in the line of place and date."""
    found = components.of(Part.PLACE_DATE)
    line = date_line(found[0].text) if found else None
    return line.value if line else None


def form_in(components: Components, forms: Sequence[Form]) -> str | None:
    """Slug of the form by its name, or of a letter by its V/v."""
    found = components.of(Part.FORM_NAME)
    if found:
        return next((form.slug for form in forms if key(form.name) == key(found[0].text)), None)
    return _LETTER if components.of(Part.LETTER_SUBJECT) else None


def is_party_paper(components: Components) -> bool:
    """True for a paper of the Party, which has rules of its own."""
    return any(party(line.text) for line in components.of(Part.TEXT)[:_FIRST])
