"""Every component of a document in its layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vbdaemon.builtin.format.body_parts import body_of
from vbdaemon.builtin.format.ending_parts import ending_of, rest_of
from vbdaemon.builtin.format.fragment import Fragment, whole
from vbdaemon.builtin.format.heading_parts import head_of
from vbdaemon.model.format import Part
from vbdaemon.model.layout import Layout, Zone

_RUNNING = frozenset({Zone.HEADER, Zone.FOOTER})


@dataclass(frozen=True, slots=True)
class Components:
    """A layout with the fragments that make up each component."""

    layout: Layout
    parts: Mapping[Part, tuple[Fragment, ...]]

    def of(self, part: Part) -> tuple[Fragment, ...]:
        """The fragments of a component; empty when it is not there."""
        return self.parts.get(part, ())


def components_of(layout: Layout, form_names: Sequence[str]) -> Components:
    """The components; what a scan shows is none."""
    every = tuple(whole(paragraph) for paragraph in layout.paragraphs if not paragraph.empty)
    lines = [line for line in every if line.paragraph.zone not in _RUNNING]
    head = head_of(lines, form_names)
    ending = ending_of(lines, head.end)
    body = body_of(lines[head.end : ending.start], named=Part.FORM_NAME in head.parts)
    parts = {Part.TEXT: every, **rest_of(every), **head.parts, **ending.parts, **body}
    return Components(layout, {part: fragments for part, fragments in parts.items() if fragments})
