"""From where an object of a PDF can be reached: asked when revisions are compared, and most of that work.

The library walks through everything below the trailer for each revision, with a call and a list node for every
number on the way, and makes a path of every visit. Here only containers and references are walked into, by the same
rules and in the same order, and paths are made for those objects alone that somebody asks about. Chains of several
hundred objects, for which the library runs out of stack, are walked about twice as far.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath

stock_load = HistoricalResolver._load_reverse_xref_cache  # noqa: SLF001 - the library has no other door to it

Steps = tuple[Any, Any] | None
"""The way from the trailer to a place, backwards: last step first, then the rest; None = the trailer itself."""

STRUCTURE: Steps = ("/StructTreeRoot", ("/Root", None))
WALKED = (generic.IndirectObject, generic.DictionaryObject, generic.ArrayObject)
"""Everything else holds no references."""


class Usages(dict[generic.Reference, Any]):
    """By reference the paths on which an object is reached; each made when it is first asked for."""

    def __getitem__(self, reference: generic.Reference) -> set[RawPdfPath]:
        found = super().__getitem__(reference)
        if isinstance(found, list):
            found = {RawPdfPath(*reversed(list(_flat(steps)))) for steps in found}
            self[reference] = found
        paths: set[RawPdfPath] = found
        return paths


def load_usages(resolver: HistoricalResolver) -> None:
    """Takes the place of `stock_load`: the same paths, and the same errors."""
    if resolver._indirect_object_access_cache is None:  # noqa: SLF001 - this is what the replaced method fills
        walk = _Walk(resolver)
        walk.through(resolver.trailer_view, None, structural=False)
        resolver._indirect_object_access_cache = Usages(walk.found)  # noqa: SLF001 - as above


def _flat(steps: Steps) -> Iterator[Any]:
    while steps is not None:
        yield steps[0]
        steps = steps[1]


class _Walk:
    """One walk through a revision."""

    def __init__(self, resolver: HistoricalResolver) -> None:
        self.resolver = resolver
        self.found: defaultdict[generic.Reference, list[Steps]] = defaultdict(list)
        self.above: set[generic.Reference] = set()
        """What the walk stands in."""
        root = resolver.root
        self.pages: dict[generic.Reference, Steps] = {}
        self._take_pages(root.raw_get("/Pages"), ("/Pages", ("/Root", None)))
        self.structure: set[generic.Reference] = set()
        try:
            for reference in _elements(root.raw_get("/StructTreeRoot").get_object()):
                if reference in self.structure:
                    raise PdfReadError("Circular reference in structure tree")
                self.structure.add(reference)
        except KeyError:
            pass  # as the library does: there is no such tree, or it ends here

    def through(self, thing: Any, steps: Steps, *, structural: bool) -> None:
        """Everything below `thing`, which stands at `steps`; `structural` inside the tree of structure elements.

        Pages are entered by the page tree alone, elements of structure by their tree alone: other ways to them,
        such as links, would multiply without end.
        """
        entered = thing.reference if isinstance(thing, generic.IndirectObject) else None
        if entered is not None:
            thing = self._entered(entered, steps, structural=structural)
            if thing is None:
                return
        if isinstance(thing, generic.DictionaryObject):
            left_out = ("/Parent", "/P") if structural else ("/Parent",)
            begins = "/K" if steps == STRUCTURE else None
            for key, value in thing.items():
                if isinstance(value, WALKED) and key not in left_out:
                    self.through(value, (key, steps), structural=structural or key == begins)
        elif isinstance(thing, generic.ArrayObject):
            for number, value in enumerate(thing):
                if isinstance(value, WALKED):
                    self.through(value, (number, steps), structural=structural)
        if entered is not None:
            self.above.discard(entered)

    def _entered(self, reference: generic.Reference, steps: Steps, *, structural: bool) -> Any:
        """The object that is reached on this way, to be walked through; None where this is not the way to walk."""
        if reference in self.above:
            return None
        self.found[reference].append(steps)
        reached = self.resolver(reference)
        if self.pages.get(reference, steps) != steps or (not structural and reference in self.structure):
            return None
        self.above.add(reference)
        return reached

    def _take_pages(self, node: Any, steps: Steps) -> None:
        """The way to each node of the page tree; a node met twice is an error."""
        if isinstance(node, generic.IndirectObject):
            self.pages[node.reference] = steps
        self._take_kids(node.get_object(), steps)

    def _take_kids(self, node: Any, steps: Steps) -> None:
        for number, kid in enumerate(node["/Kids"]):
            way = (number, ("/Kids", steps))
            if isinstance(kid, generic.IndirectObject):
                if kid.reference in self.pages:
                    raise PdfReadError("Circular reference in page tree")
                self.pages[kid.reference] = way
            page = kid.get_object()
            if page.get("/Type", None) == "/Pages":
                self._take_kids(page, way)


def _elements(element: Any) -> Iterator[generic.Reference]:
    """The elements of structure below one, those that stand in objects of their own (ISO 32000-1, 14.7.2)."""
    try:
        children = element["/K"]
    except KeyError:
        return
    for child in children if isinstance(children, generic.ArrayObject) else (children,):
        reference = child.reference if isinstance(child, generic.IndirectObject) else None
        below = child.get_object() if reference is not None else child
        if not isinstance(below, generic.DictionaryObject):
            continue
        if not _is_element(below):
            continue
        if reference is not None:
            yield reference
        yield from _elements(below)


def _is_element(below: Any) -> bool:
    """Without a type it is one."""
    try:
        return bool(below["/Type"] == "/StructElem")
    except KeyError:
        return True
