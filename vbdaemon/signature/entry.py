"""Entries of PDF dictionaries as values: the library's `get` hands out mere references to them."""

from typing import Any

from pyhanko.pdf_utils import generic


def entry(dictionary: generic.DictionaryObject, key: str, default: Any = None) -> Any:
    """The value of `key`, looked up when it stands elsewhere (ISO 32000-1, 7.3.10); `default` where there is none."""
    return dictionary[key] if key in dictionary else default  # noqa: SIM401 - `get` is what this avoids
