"""Certificates that break RFC 5280 in small ways occur; the library's warning of them is for those who issue."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.utils import CryptographyDeprecationWarning


@contextmanager
def lenient() -> Iterator[None]:
    """Reads serial numbers that are not positive, and the like, without a line in our log for every such document.

    Of no use for threads: the warnings' settings belong to the process. Files are read in workers, which have one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        yield
