"""`[notices]`: the words that senders read, and how they leave."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from vbdaemon.config.mail import Secret, secret_source
from vbdaemon.config.section import Section
from vbdaemon.model import NoticeRules


class NoticesSection(Section):
    """`[notices]`: templates of the site, PDF, and the certificate that signs refusals."""

    templates: Path | None = None
    pdf: bool = True
    certificate: Path | None = None
    password: Secret | None = None
    timestamp: str = ""
    receipts: tuple[Literal["01", "03", "04"], ...] = ("01", "03", "04")
    arrived_minutes: float = Field(default=15.0, gt=0)

    @model_validator(mode="after")
    def _agrees(self) -> "NoticesSection":
        if self.certificate is None and (self.password is not None or self.timestamp):
            raise ValueError("password and timestamp belong to a certificate: say where it lies (PKCS#12)")
        if self.certificate is not None and not self.pdf:
            raise ValueError("a certificate signs the PDF, and pdf is false: leave one of them out")
        if self.timestamp and not self.timestamp.startswith(("http://", "https://")):
            raise ValueError("timestamp is the address of a timestamp authority, http://… or https://…")
        return self

    def rules(self, base: Path, proxy: str = "") -> NoticeRules:
        """The values that the snapshot carries; paths are relative to `base`, `proxy` is the site's of HTTP."""
        return NoticeRules(
            pdf=self.pdf,
            certificate=Path(base, self.certificate).resolve() if self.certificate else None,
            password=secret_source(self.password, base) if self.password else None,
            timestamp=self.timestamp,
            proxy=proxy,
            receipts=self.receipts,
            arrived_minutes=self.arrived_minutes,
        )
