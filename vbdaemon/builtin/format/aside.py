"""The issuer's address at the foot of a PDF's page 1: it stands amid the text and belongs to no body."""

from collections.abc import Iterator, Sequence

from vbdaemon.builtin.format.fragment import Fragment
from vbdaemon.builtin.format.page_text import is_addresses
from vbdaemon.model.layout import Layout

_SMALL = 12.4
"""Points: type of an address at most."""
_FOOT = 0.8
"""Share of the page's height below which an address stands."""


def addresses(layout: Layout, lines: Sequence[Fragment]) -> Iterator[Fragment]:
    """The block of address and telephone, from its first line on."""
    height = layout.sheets[0].height if layout.sheets else 0.0
    foot = [line for line in lines if _low(line, height)]
    start = next((n for n, line in enumerate(foot) if is_addresses(line.text)), len(foot))
    yield from foot[start:]


def _low(line: Fragment, height: float) -> bool:
    place = line.paragraph
    if place.page != 1 or place.box is None or place.box.y0 <= _FOOT * height:
        return False
    return line.size is not None and line.size <= _SMALL
