"""Extensions of certificates and lists, as values: what is not there, and what nobody can read."""

from typing import Any, TypeVar

from cryptography import x509

E = TypeVar("E", bound=x509.ExtensionType)

UNREADABLE = (x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
"""What the library raises, beside ValueError, for extensions that break RFC 5280, 4.2; neither is a ValueError."""


def extensions(of: Any) -> x509.Extensions:
    """All extensions of a certificate, a list or an entry of one; ValueError when they cannot be read."""
    try:
        found: x509.Extensions = of.extensions
    except UNREADABLE as error:
        raise ValueError(str(error)) from error
    return found


def extension(of: Any, kind: type[E]) -> E | None:
    """The extension of this kind, None where there is none; ValueError when they cannot be read."""
    try:
        return extensions(of).get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def readable_extension(of: Any, kind: type[E]) -> E | None:
    """The extension of this kind; None where there is none, or none that can be read."""
    try:
        return extension(of, kind)
    except ValueError:
        return None
