"""Confirmed certificates: exactly this certificate belongs to that unit, and a named person says so."""

import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vbdaemon.config import mistakes, read_toml
from vbdaemon.errors import DirectoryError
from vbdaemon.model import ConfirmedCertificate, SignerRole

HEADER = "# Certificates that people confirmed; written by `vbdaemon units pin`.\n"


class _CertificateTable(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    role: SignerRole
    subject: str = ""
    confirmed_by: str = Field(min_length=1)
    confirmed_at: datetime


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    certificate: tuple[_CertificateTable, ...] = ()


def load_certificates(path: Path) -> tuple[ConfirmedCertificate, ...]:
    """All confirmed certificates; a missing file means none. DirectoryError lists every mistake."""
    if not path.exists():
        return ()
    try:
        tables = _File.model_validate(read_toml(path, "list of certificates")).certificate
    except ValidationError as error:
        raise DirectoryError("\n".join(f"{path}: {line}" for line in mistakes(error))) from error
    return tuple(
        ConfirmedCertificate(t.unit, t.sha256, t.role, t.subject, t.confirmed_by, t.confirmed_at.astimezone(UTC))
        for t in tables
    )


def confirm(path: Path, certificate: ConfirmedCertificate) -> None:
    """Add one to the file; what stands there, comments too, is kept. The file is replaced in one step."""
    before = path.read_text(encoding="utf-8") if path.exists() else HEADER
    after = before.rstrip("\n") + "\n\n" + _entry(certificate)
    tomllib.loads(after)  # never leave a file behind that we could not read again
    draft = path.with_name(f".{path.name}.new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(after)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _entry(certificate: ConfirmedCertificate) -> str:
    rows = {
        "unit": certificate.unit,
        "sha256": certificate.sha256,
        "role": certificate.role.value,
        "subject": certificate.subject,
        "confirmed_by": certificate.confirmed_by,
    }
    lines = [f"{key} = {_quoted(value)}" for key, value in rows.items()]
    lines.append(f"confirmed_at = {certificate.confirmed_at.astimezone(UTC).isoformat(timespec='seconds')}")
    return "[[certificate]]\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04X}" for c in escaped) + '"'
