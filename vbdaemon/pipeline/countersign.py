"""The countersign of a delivery: what only those know who got its mail, and who got it back (RFC 3464).

A delivery's id can be guessed by everybody who ever got one; its Message-ID bears the countersign too, so a report
that names both is about a mail that we sent. The key lies in the spool, closed to others, and in every backup.
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from vbdaemon.errors import SpoolError
from vbdaemon.spool.durable import make_folder, sync_folder, write_file

FOLDER = "keys"
"""Below the spool."""
NAME = "deliveries.key"
KEY_BYTES = 32
LETTERS = 20
"""Of base32: 100 bits."""
_WRITTEN = re.compile(r"(?P<since>\S{10,40}) (?P<key>[0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Countersign:
    """Makes countersigns, and knows them again. Stays in the parent: workers get the one of a delivery, not the key."""

    key: bytes = field(repr=False)
    since: datetime
    """When the key was made: deliveries of before bear none."""

    def of(self, delivery_id: str) -> str:
        """Small letters and digits, for the left half of a Message-ID."""
        digest = hmac.digest(self.key, delivery_id.encode(), "sha256")
        return b32encode(digest).decode("ascii").lower()[:LETTERS]

    def borne_by(self, delivery_id: str, created_at: datetime) -> str:
        """What the mails of this delivery bear; "" for one of before the key: its repeats stay as they were."""
        return self.of(delivery_id) if created_at >= self.since else ""

    def proves(self, delivery_id: str, said: str, created_at: datetime) -> bool:
        """True when `said` is what the delivery bears, or it bears none. Takes as long whatever is said."""
        if created_at < self.since:
            return True
        return hmac.compare_digest(said.lower().encode("utf-8", "replace"), self.of(delivery_id).encode())


def split(named: str) -> tuple[str, str]:
    """A delivery's id and the countersign, as the left half of a Message-ID has them."""
    delivery_id, _, said = named.partition(".")
    return delivery_id, said


def open_countersign(
    spool: Path, now: datetime, randomness: Callable[[int], bytes], told: Callable[[str], None] = lambda _: None
) -> Countersign:
    """The office's own, made where there is none; then `told` is given a line for the story of the house.

    One that cannot be read is laid aside. SpoolError when a new one cannot be written.
    """
    path = spool / FOLDER / NAME
    try:
        found = _read(path)
        if found is not None:
            return found
        words = _lay_aside(path, now)
        made = Countersign(randomness(KEY_BYTES), now)
        _write(path, made)
    except OSError as error:
        raise SpoolError(f"{path}: {error.strerror}; free disk space or mend its permissions") from error
    told(f"a new key for countersigns of deliveries was made{words}; reports on mails sent before need none")
    return made


def _read(path: Path) -> Countersign | None:
    """None where there is none, or it is damaged."""
    try:
        written = _WRITTEN.fullmatch(path.read_bytes().decode("ascii", "replace"))
        since = datetime.fromisoformat(written["since"]) if written else None
    except (FileNotFoundError, ValueError):
        return None
    if written is None or since is None or since.tzinfo is None:
        return None
    return Countersign(bytes.fromhex(written["key"]), since)


def _lay_aside(path: Path, now: datetime) -> str:
    if not path.exists():
        return ""
    aside = path.with_name(f"{NAME}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    path.rename(aside)
    return f": the former one was damaged, and is {aside.name} now"


def _write(path: Path, made: Countersign) -> None:
    """There whole or not at all."""
    make_folder(path.parent)
    draft = path.with_name(f".{NAME}")
    draft.unlink(missing_ok=True)
    write_file(draft, f"{made.since.isoformat()} {made.key.hex()}\n".encode("ascii"))
    draft.rename(path)
    sync_folder(path.parent)
