"""Objects of a PDF parsed once, though every signature looks at every revision after its own.

The library never keeps objects of earlier revisions: a paper with five signatures is read ten times over. What
stands at one place of one file is the same for every revision that names the place; resolvers of revisions copy
what they take over, so that sharing changes nothing.
"""

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

KEPT = "_objects_by_place"
"""Name under which a reader keeps what it parsed; it goes with the reader, so nothing outlives the file."""
MOST_OBJECTS = 20_000
"""Objects that one reader keeps; more are parsed each time."""

stock_read_object = PdfFileReader._read_object  # noqa: SLF001 - the library has no other door to it


def read_object(
    reader: PdfFileReader,
    ref: generic.Reference,
    marker: Any,
    never_decrypt: bool = False,
    as_metadata_stream: bool = False,
) -> Any:
    """What `stock_read_object` gives; errors are raised each time anew, and what is not there is never kept."""
    if marker is None:
        return stock_read_object(reader, ref, marker, never_decrypt, as_metadata_stream)
    kept: dict[Any, Any] = vars(reader).setdefault(KEPT, {})
    place = (ref.idnum, ref.generation, marker, never_decrypt, as_metadata_stream)
    if place not in kept:
        found = stock_read_object(reader, ref, marker, never_decrypt, as_metadata_stream)
        if len(kept) >= MOST_OBJECTS:
            return found
        kept[place] = found
    return kept[place]
