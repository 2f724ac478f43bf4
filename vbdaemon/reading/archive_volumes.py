"""libarchive opened on one file or on several volumes. Importing this loads the shared library."""

import contextlib
import locale
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_int, c_size_t, c_void_p
from pathlib import Path

from libarchive import ffi  # type: ignore[import-untyped] # publishes no types
from libarchive.entry import ArchiveEntry  # type: ignore[import-untyped] # publishes no types
from libarchive.read import ArchiveRead, new_archive_read  # type: ignore[import-untyped] # publishes no types

_BLOCK = 65_536


@contextmanager
def opened_archive(paths: Sequence[Path], name: str) -> Iterator[Iterator[ArchiveEntry]]:
    """The entries of an archive of this format (a name of libarchive); raises ArchiveError."""
    # the binding offers a single file only
    opened = ffi.ffi("read_open_filenames", [ffi.c_archive_p, POINTER(c_char_p), c_size_t], c_int, ffi.check_int)
    names = (c_char_p * (len(paths) + 1))(*(os.fsencode(path) for path in paths), None)
    with _unicode_names(), new_archive_read(name, "none") as archive:
        opened(archive, names, _BLOCK)
        yield iter(ArchiveRead(archive))


@contextmanager
def _unicode_names() -> Iterator[None]:
    """The library turns names into the locale's letters; under LC_ALL=C it would lose them."""
    before = locale.setlocale(locale.LC_CTYPE)
    if "utf" not in locale.nl_langinfo(locale.CODESET).lower():
        with contextlib.suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def is_locked(entry: ArchiveEntry) -> bool:
    """True for an entry whose bytes are encrypted."""
    asked = ffi.ffi("entry_is_data_encrypted", [c_void_p], c_int)
    return bool(asked(entry._entry_p))  # noqa: SLF001 - the binding does not offer the question
