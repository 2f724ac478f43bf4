r"""Drawing: every entry has a hash with the seed, the smallest come first. No files, no clock, no chance.

    printf '%s\n%s\n%s' SEED PART ENTRY | sha256sum

Nothing is divided, so no entry is favoured by a remainder. An entry's hash does not depend on which others there are
nor on their order: adding or removing one moves no other past its neighbour. The two parts are drawn apart from each
other. Equal hashes of different entries would mean that SHA-256 is broken; the entry itself decides even then.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What is looked at; 552/UBND §2 and §3."""

    FORMAT = "format"
    """Thể thức: 02 documents a unit (§2)."""
    SENDING = "sending"
    """Gửi văn bản điện tử: 02 documents a unit that has a signature account (§3)."""
    STAFF = "staff"
    """Each occurrence of a person's (§1); nothing is drawn."""

    @property
    def vietnamese(self) -> str:
        """What people read."""
        return {"format": "Thể thức", "sending": "Gửi văn bản điện tử", "staff": "Lượt của cá nhân"}[self.value]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry that was drawn, with the hash that put it there."""

    entry: str
    hash: str


def rank(seed: str, part: Part, entry: str) -> str:
    """The hash by which an entry is ordered, hexadecimal."""
    return hashlib.sha256(f"{seed}\n{part}\n{entry}".encode()).hexdigest()


def draw(seed: str, part: Part, entries: Iterable[str], count: int) -> tuple[Drawn, ...]:
    """The first `count` entries in the order of their hashes; all of them when there are no more."""
    ordered = sorted((rank(seed, part, entry), entry) for entry in entries)
    return tuple(Drawn(entry, hash_) for hash_, entry in ordered[:count])
