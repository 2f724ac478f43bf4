"""Reports of a running office: the numbers are those of its documents, and what is configured is mailed by itself."""

import csv
import io
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from email import message_from_bytes, policy

import pypdfium2
import pytest
from aiosmtpd.controller import Controller
from openpyxl import load_workbook

from vbdaemon.demo.post import free_port

pytestmark = pytest.mark.journey
HERE = "127.0.0.1"


class Relay:
    """Takes every mail."""

    def __init__(self):
        self.got = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.got.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def relay():
    handler = Relay()
    controller = Controller(handler, hostname=HERE, port=free_port(), ready_timeout=30)
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


def numbers(station, *words):
    """The rows of a report as CSV, by their second cell."""
    asked = station.ask("report", *words, "--format", "csv")
    assert asked.returncode == 0, asked.stderr
    rows = list(csv.reader(io.StringIO(asked.stdout.removeprefix("\ufeff")), delimiter=";"))
    return {row[1]: row for row in rows if len(row) > 2}, rows


def test_the_reports_of_a_day_say_what_became_of_its_documents(station, papers):
    station.start()
    for place, (where, case) in enumerate(
        [
            ("phong-noi-vu/gui", "submission"),
            ("phong-giao-duc/gui", "unsigned"),
            ("khach/gui", "guest"),
            ("thi-tran-ben-lam/gui", "damaged"),
        ]
    ):
        station.drop(where, f"van-ban-{place}.pdf", papers(case)[0].body)
    station.settled(4)
    said = Counter(document["verdict"] for row in station.answer("list") for document in row["documents"])

    by_name, _ = numbers(station, "daily")
    total = [int(cell) for cell in by_name["Tổng cộng"][2:9]]
    assert total == [said.total(), said["ACCEPT"], said["REJECT"], 0, said["HOLD"], 0, 0]
    listed = numbers(station, "documents", "--figure", "refused")[1]
    refused = {row["id"] for row in station.answer("list") if row["verdict"] == "REJECT"}
    assert {row[1] for row in listed if row and row[0].isdigit()} == refused

    (id_,) = refused
    assert station.ask("quarantine", id_, "--reason", "có nội dung mật").returncode == 0
    by_name, rows = numbers(station, "daily", "--documents")
    total = [int(cell) for cell in by_name["Tổng cộng"][2:9]]
    assert total == [said.total(), said["ACCEPT"], 0, 0, said["HOLD"], 1, 0]
    (locked,) = [row for row in rows if id_ in row]
    assert [cell for cell in locked if cell not in ("", "x", id_, locked[0], locked[2])] == []


def test_a_report_is_mailed_when_its_period_has_turned_and_once_only(station, relay, papers, tmp_path):
    station.change("smarthost", host=HERE, port=relay.port, security="plain", sender="vanthu@huyen.example")
    station.add("vbdaemon.toml", "reports.send", report="paper", every="month", to=["lanhdao@huyen.example"])
    station.start()
    station.drop("phong-noi-vu/gui", "a.pdf", papers("submission")[0].body)
    station.settled(1)
    assert station.stop() == 0
    last = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)  # noqa: DTZ011 - near enough
    before = (last - timedelta(days=1)).replace(day=1)
    with closing(sqlite3.connect(station.spool / "state.sqlite3")) as base:  # as if it had last run two months ago
        base.execute("INSERT OR REPLACE INTO cursors VALUES ('report:paper/month', ?)", (before.toordinal(),))
        base.commit()

    station.start()
    station.until(lambda: relay.got, "the report by mail", 90)
    ((to, body),) = relay.got
    assert to == ["lanhdao@huyen.example"]
    mail = message_from_bytes(body, policy=policy.default)
    assert mail["Subject"].startswith("Báo cáo tình hình gửi bản giấy kèm văn bản điện tử, tháng")
    attached = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
    stem = f"ban-giay_{last:%Y-%m}"
    assert "BÁO CÁO" in pypdfium2.PdfDocument(attached[f"{stem}.pdf"])[0].get_textpage().get_text_bounded()
    assert load_workbook(io.BytesIO(attached[f"{stem}.xlsx"])).worksheets
    assert station.rows("SELECT event_id FROM cursors WHERE name = 'report:paper/month'") == [(last.toordinal(),)]
    assert station.rows("SELECT count(*) FROM letters WHERE key LIKE 'letter:report:%'") == [(1,)]
