"""The demo's post: units hand in by mail, and a post office keeps what the daemon sends. All on this machine."""

import re
import smtplib
import socket
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from vbdaemon.demo.papers import DemoFile

HERE = "127.0.0.1"
OFFICE_ADDRESS = "vanthu@songlam.example.vn"
_PATIENCE_SECONDS = 60.0


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


def address_of(folder: str) -> str:
    """Mail address of the unit with this folder."""
    return f"{folder}@example.vn"


def hand_in(port: int, sender: str, subject: str, files: Iterable[DemoFile]) -> None:
    """Send files to the office as a mail; OSError or SMTPException when its listener does not take it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, OFFICE_ADDRESS, subject
    mail.set_content("Kính gửi Văn phòng, đơn vị xin gửi văn bản kèm theo.\n")
    for file in files:
        mail.add_attachment(file.body, maintype="application", subtype="octet-stream", filename=file.name)
    with smtplib.SMTP(HERE, port, timeout=_PATIENCE_SECONDS) as client:
        client.send_message(mail, sender, [OFFICE_ADDRESS])


class PostOffice:
    """Takes mail for everybody and puts it into a folder for each address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._controller = Controller(self, hostname=HERE, port=self.port)

    def start(self) -> None:
        """Take mail from now on."""
        self.folder.mkdir(exist_ok=True)
        self._controller.start()

    def stop(self) -> None:
        """Take nothing more."""
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """Keep the mail under each recipient's address."""
        del server, session
        body = envelope.content if isinstance(envelope.content, bytes) else b""
        for address in envelope.rcpt_tos:
            box = self.folder / re.sub(r"[^\w.@+-]", "_", address)
            box.mkdir(exist_ok=True)
            (box / f"{len(list(box.iterdir())) + 1:03d}.eml").write_bytes(body)
        return "250 2.0.0 kept"
