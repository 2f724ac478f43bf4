"""The installed program reads a mailbox: a signed document by mail comes to its recipients, and the mail is marked."""

import os
import tomllib
from email.message import EmailMessage

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]


def mail_with(papers):
    message = EmailMessage()
    message["From"] = "phongnoivu@example.vn"
    message["Subject"] = "Gửi văn bản"
    message["Message-ID"] = "<1@example.vn>"
    message.set_content("Kính gửi Văn phòng.")
    for file in papers:
        message.add_attachment(file.body, maintype="application", subtype="octet-stream", filename=file.name)
    return message.as_bytes()


@pytest.fixture
def mailed(station, user):
    text = station.config.read_text("utf-8")
    text += f"""
[[imap]]
name = "hop-thu"
host = "{user.host}"
port = {user.server.port}
security = "plain"
username = "{user.name}"
password = "env:IMAP_PASSWORD"
after = "move"
moved_to = "Đã tiếp nhận"
unit = "{station_unit(station)}"
"""
    station.config.write_text(text, "utf-8")
    return station


def station_unit(station):
    units = tomllib.loads((station.config.parent / "units.toml").read_text("utf-8"))["unit"]
    return next(unit["code"] for unit in units if unit.get("folder") == "phong-noi-vu")


def test_a_document_that_came_by_mail_is_decided_and_its_mail_moved(mailed, user, papers):
    letter = mail_with(papers("letter"))
    user.bring(letter)
    environment = {**os.environ, "IMAP_PASSWORD": "mat-khau-thu-nghiem"}
    mailed.start(env=environment)
    mailed.settled(1)
    mailed.until(lambda: user.messages() == [], "the move")
    assert len(user.messages("Đã tiếp nhận")) == 1
    (row,) = mailed.answer("list")
    assert row["source"] == "hop-thu/INBOX"
    user.bring(letter)
    mailed.until(lambda: len(user.messages("Đã tiếp nhận")) == 2, "the second move")
    assert mailed.stop() == 0
    assert len(mailed.rows("SELECT 1 FROM submissions")) == 1
    assert row["verdict"] == "ACCEPT", row
    assert b"mat-khau-thu-nghiem" not in mailed.said()
