"""Names of files in zip archives: UTF-8 where it is said, else what Vietnamese Windows programs write."""

import struct
import unicodedata
import zipfile
import zlib

from vbdaemon.reading.charset import guessed, mended

_UTF8_NAME = 0x800
_UNICODE_PATH = 0x7075
"""Extra field of Info-ZIP with the name in UTF-8 (APPNOTE 4.6.9)."""
_EXTRA = struct.Struct("<HH")
_PATH = struct.Struct("<BI")


def entry_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name with its path, NFC, slashes forward.

    APPNOTE 4.4.4 says code page 437 without the flag, but most packers store the system's bytes.
    """
    name = _name(entry)
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def _name(entry: zipfile.ZipInfo) -> str:
    stored = _stored(entry)
    if stored is None:
        return mended(entry.filename)
    said = _unicode_path(entry.extra, stored)
    if said is not None:
        return said
    if entry.flag_bits & _UTF8_NAME or stored.isascii():
        return entry.orig_filename
    return guessed(stored, "cp437", candidates=("cp1258", "cp437", "cp1252"))


def _stored(entry: zipfile.ZipInfo) -> bytes | None:
    """The bytes of the name; the library decodes what has no flag as code page 437."""
    try:
        return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8_NAME else "cp437")
    except UnicodeEncodeError:
        return None


def _unicode_path(extra: bytes, stored: bytes) -> str | None:
    """The name in the extra field, if it belongs to this name: a packer that does not know it may have renamed."""
    at = 0
    while at + _EXTRA.size <= len(extra):
        kind, size = _EXTRA.unpack_from(extra, at)
        at += _EXTRA.size
        value = extra[at : at + size]
        at += size
        if kind == _UNICODE_PATH and len(value) > _PATH.size:
            version, check = _PATH.unpack_from(value)
            if version == 1 and check == zlib.crc32(stored):
                return value[_PATH.size :].decode("utf-8", errors="replace")
    return None
