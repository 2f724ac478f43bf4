"""Names in certificates compared and prepared once: the same few names come back in every signature.

Kept by their bytes or their text, never by the object that holds them; what raises is not kept and raises again.
"""

from functools import lru_cache

from asn1crypto.x509 import Name, NameTypeAndValue, RDNSequence

KEPT_NAMES = 4_096
"""Names that a worker keeps; an agency and its authorities have some ten."""

Shape = tuple[tuple[int, frozenset[tuple[str, str]]], ...]
"""For each part of a name the number of its attributes and their prepared values: what RFC 5280, 7.1 compares."""

stock_prepare = NameTypeAndValue._ldap_string_prep  # noqa: SLF001 - the library has no other door to it
"""The library's own preparation (RFC 4518, 2); it reads nothing but the text that it is given."""
stock_equal = Name.__eq__
stock_hashable = Name.hashable


def prepare(value: NameTypeAndValue, text: object) -> str:
    """What `stock_prepare` gives for `text`; the same errors."""
    if isinstance(text, str):
        return _prepared(text)
    prepared: str = stock_prepare(value, text)
    return prepared


def equal(name: Name, other: object) -> bool:
    """What `stock_equal` answers, which decides where one of the names cannot be prepared as a whole."""
    if not isinstance(other, Name):
        return False
    try:
        return _shape(name.chosen.dump()) == _shape(other.chosen.dump())
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return bool(stock_equal(name, other))


@property  # type: ignore[misc]  # takes the place of a property of the library
def hashable(name: Name) -> str:
    """The prepared name as one text, as `stock_hashable` gives it."""
    return _hashable(name.chosen.dump())


@lru_cache(maxsize=KEPT_NAMES)
def _prepared(text: str) -> str:
    prepared: str = stock_prepare(_ANY, text)
    return prepared


_ANY = NameTypeAndValue()
"""The preparation is a method but looks at no object."""


@lru_cache(maxsize=KEPT_NAMES)
def _shape(der: bytes) -> Shape:
    parts = RDNSequence.load(der)
    return tuple(
        (len(part), frozenset({entry["type"].native: entry.prepped_value for entry in part}.items())) for part in parts
    )


@lru_cache(maxsize=KEPT_NAMES)
def _hashable(der: bytes) -> str:
    text: str = RDNSequence.load(der).hashable
    return text
