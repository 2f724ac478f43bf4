"""How notices (phiếu phản hồi) leave the house."""

from dataclasses import dataclass
from pathlib import Path

from vbdaemon.model.mail import SecretSource


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """What the site says about notices, besides their words."""

    pdf: bool = False
    """Receipts and refusals go out as PDF too."""
    certificate: Path | None = None
    """The office's certificate and key (PKCS#12), for the PDF of a refusal that a person confirmed; None = unsigned."""
    password: SecretSource | None = None
    """Where the password of that file can be read; None = it has none."""
    timestamp: str = ""
    """Address of a timestamp authority (RFC 3161), asked when a PDF is signed; empty = none."""
    proxy: str = ""
    """Of HTTP, to ask it."""
    receipts: tuple[str, ...] = ("01", "03", "04")
    """Coded statuses that senders are told of what goes well; refusals are always told."""
    arrived_minutes: float = 15.0
    """After so long without a verdict the sender is told that the document arrived (01)."""
