"""What the spool keeps beside the bytes of a submission."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from vbdaemon.errors import SpoolDamaged
from vbdaemon.model import Envelope


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a submission as it lies in the spool."""

    name: str
    """As the sender named it; NFC; no path parts."""
    stored: str
    """Name inside the submission's folder, e.g. "001"."""
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A submission in the spool: envelope and files. Names live here, never in the state before the decision."""

    id: str
    envelope: Envelope
    files: tuple[StoredFile, ...]


_codec: TypeAdapter[Stored] = TypeAdapter(Stored)


def to_json(stored: Stored) -> bytes:
    """The envelope file's bytes."""
    return _codec.dump_json(stored, indent=1)


def from_json(body: bytes) -> Stored:
    """The value back; SpoolDamaged when it is not one."""
    try:
        return _codec.validate_json(body)
    except ValidationError as error:
        raise SpoolDamaged(f"envelope file is not readable: {error.error_count()} mistakes") from error
