"""Ids of submissions: short enough to be read out on the telephone, sortable by day."""

import secrets
from collections.abc import Callable
from datetime import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""

NewId = Callable[[datetime], str]


def random_id(moment: datetime) -> str:
    """yymmdd-XXXXXXXX, 40 random bits: an id says nothing of the document."""
    return f"{moment:%y%m%d}-" + "".join(secrets.choice(ALPHABET) for _ in range(8))
