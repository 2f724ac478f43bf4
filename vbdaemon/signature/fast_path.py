"""The library made faster: some of its functions replaced by ours, which give the same answers.

Replaced is only what is known: other versions than these keep their own functions. What is replaced, and how much
it gains, is printed by `make bench`; that the answers agree, field by field, is proved by the differential test.
"""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from asn1crypto.x509 import Name, NameTypeAndValue
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.validation import generic_cms
from pyhanko_certvalidator.registry import PathBuilder

from vbdaemon.signature import fast_chain, fast_hex, fast_names, fast_objects, fast_streams, fast_usages

KNOWN_VERSIONS = {"pyHanko": "0.38.0", "pyhanko-certvalidator": "0.33.0", "asn1crypto": "1.5.1"}
"""The versions that the replacements were written and compared for."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How the library runs in this process."""

    fast: bool
    """Our functions stand in place of the library's."""
    chains: fast_chain.ChainMemory | None = None
    """The chains that are kept; None in a slow process."""
    unknown: str = ""
    """Package and version for which nothing was replaced."""


def speed_up(enabled: bool = True, chains: fast_chain.ChainMemory | None = None) -> Speed:
    """Put our functions in place, or with `enabled` False the library's back; called once in each worker.

    `chains` are those kept so far, if this process was fast before.

    Never raises: with any other version than the known ones the library stays as it is, and the answer says so.
    """
    unknown = unknown_version() if enabled else ""
    if not enabled or unknown:
        _put_back()
        return Speed(False, None, unknown)
    chains = chains or fast_chain.ChainMemory()
    generic.read_hex_string_from_stream = fast_hex.read_hex_string  # type: ignore[assignment]  # narrower stream
    PdfFileReader._read_object = fast_objects.read_object  # type: ignore[assignment,method-assign]  # noqa: SLF001
    PdfFileReader._get_object_from_stream = fast_streams.get_object_from_stream  # type: ignore[method-assign]  # noqa: SLF001
    HistoricalResolver._load_reverse_xref_cache = fast_usages.load_usages  # type: ignore[method-assign]  # noqa: SLF001
    NameTypeAndValue._ldap_string_prep = fast_names.prepare  # noqa: SLF001 - the library has no other door to it
    Name.__eq__ = fast_names.equal
    Name.hashable = fast_names.hashable
    PathBuilder.async_build_paths_lazy = fast_chain.build  # type: ignore[assignment,method-assign]  # a method
    generic_cms.validate_cert_usage = chains.validate
    return Speed(True, chains)


def _put_back() -> None:
    generic.read_hex_string_from_stream = fast_hex.stock_read
    PdfFileReader._read_object = fast_objects.stock_read_object  # type: ignore[method-assign]  # noqa: SLF001 - as above
    PdfFileReader._get_object_from_stream = fast_streams.stock_get  # type: ignore[method-assign]  # noqa: SLF001
    HistoricalResolver._load_reverse_xref_cache = fast_usages.stock_load  # type: ignore[method-assign]  # noqa: SLF001
    NameTypeAndValue._ldap_string_prep = fast_names.stock_prepare  # noqa: SLF001 - as above
    Name.__eq__ = fast_names.stock_equal
    Name.hashable = fast_names.stock_hashable
    PathBuilder.async_build_paths_lazy = fast_chain.stock_build  # type: ignore[method-assign]  # as above
    generic_cms.validate_cert_usage = fast_chain.stock_validate


def unknown_version() -> str:
    """The first package, with its version, that is not one of the known; empty when all are."""
    for package, known in KNOWN_VERSIONS.items():
        try:
            found = version(package)
        except PackageNotFoundError:
            found = "absent"
        if found != known:
            return f"{package} {found}"
    return ""
