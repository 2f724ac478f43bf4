"""Which boxes on a page a classification rests on, each with a name for people."""

from collections.abc import Iterator

from vbdaemon.model import Box, Classification, Found

Labelled = tuple[Box, str]
_SINGLE = (
    *("issuer", "number", "symbol", "issued_on", "form", "subject", "signer"),
    *("secrecy", "urgency", "circulation", "draft"),
)
_MANY = ("addressees", "recipients", "deadlines")


def labelled(classification: Classification, page: int = 1, file: str | None = None) -> list[Labelled]:
    """Boxes on `page` (of the file with this SHA-256, any when None), named "field confidence source".

    Parts that share a box, such as number and symbol, share a label; parts without a place are left out.
    """
    named: dict[Box, list[str]] = {}
    for name, found in _found(classification):
        seen = found.evidence
        if seen.box is not None and seen.page == page and file in (None, seen.file):
            named.setdefault(seen.box, []).append(f"{name} {found.confidence:.2f} {found.source}")
    return [(box, ", ".join(names)) for box, names in named.items()]


def _found(classification: Classification) -> Iterator[tuple[str, Found[object]]]:
    for name in _SINGLE:
        value = getattr(classification, name)
        if value is not None:
            yield name.replace("issued_on", "date"), value
    for name in _MANY:
        for value in getattr(classification, name):
            yield name, value
