"""A small site on disk and the program's commands, run in this process."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import Result
from typer.testing import CliRunner

from vbdaemon.cli.main import app
from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import (
    Channel,
    Classification,
    DocumentVerdict,
    Envelope,
    SignatureReport,
    SignatureStatus,
    SignerRole,
    Verdict,
)
from vbdaemon.signature.signing import sign
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, submissions
from vbdaemon.state.records import Decision, HoldKind, SubmissionState
from vbdaemon.state.store import State

NOW = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)

SETTINGS = """\
[office]
name = "Văn phòng mẫu"

[workers]
memory_megabytes = 1024
"""
UNITS = """\
[[unit]]
code = "H40.1"
name = "Ủy ban nhân dân huyện Bến Lam"

[[unit]]
code = "H40.2"
name = "Phòng Nội vụ huyện Bến Lam"
"""


@dataclass(frozen=True)
class Site:
    """A configured site without a daemon."""

    folder: Path

    @property
    def trust(self) -> Path:
        return self.folder / "config" / "trust"

    def run(self, *words: str, **options: Any) -> Result:
        config = str(self.folder / "config" / "vbdaemon.toml")
        return CliRunner().invoke(app, ["--config", config, *words], **options)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    config = tmp_path / "site" / "config"
    (config / "trust").mkdir(parents=True)
    (config / "vbdaemon.toml").write_text(SETTINGS, encoding="utf-8")
    (config / "units.toml").write_text(UNITS, encoding="utf-8")
    return Site(tmp_path / "site")


@pytest.fixture(scope="session")
def pki() -> DemoPki:
    return DemoPki.create(datetime.now(UTC), key_size=1024)


@pytest.fixture(scope="session")
def sha256() -> Callable[[bytes], str]:
    return lambda body: hashlib.sha256(body).hexdigest()


@pytest.fixture
def received(site: Site, pki: DemoPki, sha256: Callable[[bytes], str]) -> Callable[[str], str]:
    """A held document of a unit, signed by the unit's own certificate; the answer is that certificate's SHA-256."""

    def receive(unit: str) -> str:
        signer = pki.issue("Ủy ban nhân dân huyện Bến Lam")
        body = sign(PDF, signer, field="Sig1", signed_at=NOW)
        report = SignatureReport(
            file=sha256(body),
            file_name="1.pdf",
            field="Sig1",
            status=SignatureStatus.INDETERMINATE,
            role=SignerRole.ORGANISATION,
            signer="Ủy ban nhân dân huyện Bến Lam",
            subject="CN=Ủy ban nhân dân huyện Bến Lam, C=VN",
            certificate=signer.sha256,
            missing_issuer="CA vắng mặt",
            missing_issuer_urls=("http://ca.example.vn/crt/vang.crt",),
        )
        document = DocumentVerdict(
            main="1.pdf",
            main_sha256=report.file,
            files=(report.file,),
            classification=Classification(issuer_unit=unit),
            signatures=(report,),
            findings=(),
            verdict=Verdict.hold(),
        )
        _store(site, body, Decision((document,)))
        return signer.sha256

    return receive


def _store(site: Site, body: bytes, decision: Decision) -> None:
    spool = Spool(site.folder / "spool")
    spool.prepare()
    draft = spool.begin(ID)
    (site.folder / "1.pdf").write_bytes(body)
    with (site.folder / "1.pdf").open("rb") as file:
        draft.add("1.pdf", file.fileno())
    draft.seal(Envelope("gui", Channel.FOLDER, NOW))
    state = State(f"sqlite:///{site.folder / 'spool' / 'state.sqlite3'}")
    state.admit(ID, "gui", "1.pdf", NOW).result()
    state.write(lambda c: decisions.write(c, ID, 1, NOW, "test", decision))
    state.write(lambda c: submissions.move(c, ID, SubmissionState.HELD, HoldKind.EVIDENCE))
    state.close()


def _pdf() -> bytes:
    """One empty page."""
    body = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(body)
    return body.getvalue()


PDF = _pdf()
ID = "261101-0800-aaaa"
