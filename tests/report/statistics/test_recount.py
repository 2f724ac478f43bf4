"""Numbers in reports, added up once more by other code from what was decided, as it is kept."""

import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vbdaemon.report.making import ReportName, Wish, make
from vbdaemon.report.period import period_of
from vbdaemon.report.sheet import Report, Section
from vbdaemon.report.targets import Targets
from vbdaemon.state import statistics_list, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.statistics import Figure

LEADING = ("CHỦ TỊCH", "PHÓ CHỦ TỊCH")
NOT_AN_AGENCYS = {"no-document", "not-an-agency-document", "unreadable-file", "malware"}
PERIODS = ("2026-01-05", "2026-02", "2026-q1", "2026-q2", "2026", "2026-01-20..2026-03-03")


@dataclass
class Sums:
    """What the counting hand wrote down."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[int] = field(default_factory=list)

    def note(self, marks: dict[str, bool], seconds: int | None) -> None:
        self.counts.update(name for name, counts in marks.items() if counts)
        if seconds is not None and marks["received"]:
            self.seconds.append(seconds)

    def rank(self, share: float) -> float | None:
        """By nearest rank, in minutes."""
        ordered = sorted(self.seconds)
        at = -(-len(ordered) * int(share * 100) // 100)
        return ordered[at - 1] if ordered else None


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def recounted(path: Path, since: date, until: date) -> dict[str, dict[Any, Sums]]:
    """From the tables of submissions and decisions alone: all documents, and by unit, form, issuer and reason."""
    sums: dict[str, dict[Any, Sums]] = defaultdict(lambda: defaultdict(Sums))
    with closing(sqlite3.connect(path)) as base:
        submissions = base.execute("SELECT id, received_at, state, hold_kind FROM submissions").fetchall()
        decided = base.execute("SELECT submission_id, body, decided_at FROM decisions ORDER BY version").fetchall()
    for id_, received, state, hold in submissions:
        at = moment(received)
        versions = [row[1:] for row in decided if row[0] == id_]
        day = (at + timedelta(hours=7)).date()
        if not versions or not since <= day <= until:
            continue
        decision = json.loads(versions[-1][0])
        if decision["purpose"] != "exchange":
            continue
        for place, document in enumerate(decision["documents"]):
            kept_in_hand = state == "HELD" and hold == "person"
            kind = "HOLD" if kept_in_hand else document["verdict"]["kind"]
            seconds = None
            if kind in ("ACCEPT", "REJECT"):
                seconds = round((first_said(versions, place) - at).total_seconds())
            marks = marked(decision, document, kind)
            unit = decision["unit"] if kind != "QUARANTINE" else None
            found = document["classification"] or {}
            locked = kind == "QUARANTINE"
            sums["all"][""].note(marks, seconds)
            sums["unit"][unit].note(marks, seconds)
            sums["form"][found["form"]["value"] if found and not locked else None].note(marks, seconds)
            sums["issuer"][None if locked else found.get("issuer_unit") or unit].note(marks, seconds)
            if marks["refused"] or marks["returned"]:
                for reason in document["verdict"]["reasons"]:
                    sums["reason"][reason["code"]].note(marks, seconds)
    return sums


def first_said(versions: list[tuple[str, str]], place: int) -> datetime:
    """When the document got the verdict that it has still."""
    said = [(json.loads(body)["documents"], moment(at)) for body, at in versions]
    last = said[-1][0][place]
    since = said[-1][1]
    for documents, at in reversed(said):
        same = place < len(documents) and documents[place]["verdict"]["kind"] == last["verdict"]["kind"]
        if not same or documents[place]["returned"] != last["returned"]:
            break
        since = at
    return since


def marked(decision: dict[str, Any], document: dict[str, Any], kind: str) -> dict[str, bool]:
    codes = [finding["code"] for finding in document["findings"]]
    found = document["classification"]
    again = document["duplicate_of"] is not None or document["filed_with"] is not None
    first, locked = not again, kind == "QUARANTINE"
    drafts = {file["sha256"] for file in decision["files"] if file["role"] == "draft"}
    draft = not locked and bool(
        (found and found["draft"] and found["draft"]["value"]) or drafts & set(document["files"])
    )
    by = dict.fromkeys(("organisation", "person"), False)
    for signature in document["signatures"]:
        by[signature["role"]] = by.get(signature["role"], False) or signature["status"] == "PASSED"
    signable = bool(
        found
        and found["transmission"] != "paper"
        and first
        and not draft
        and not locked
        and not NOT_AN_AGENCYS & set(codes)
    )
    leader = (
        by["person"] and "person-not-the-signer" not in codes and found["signer"]["value"]["title"] in LEADING
        if found
        else False
    )
    format_ = any(f["code"].startswith("format-") and f["severity"] != "note" for f in document["findings"])
    return {
        "received": first,
        "accepted": first and kind == "ACCEPT",
        "refused": first and kind == "REJECT" and not document["returned"],
        "returned": first and kind == "REJECT" and document["returned"],
        "held": first and kind == "HOLD",
        "quarantined": locked,
        "repeated": again,
        "editable_missing": first and not locked and "editable-file-missing" in codes,
        "misformed": first and not locked and format_,
        "paper_due": first and document["verdict"]["kind"] == "ACCEPT" and "paper-also-due" in codes,
        "signable": signable,
        "organisation": signable and by["organisation"],
        "person": signable and by["person"],
        "leader": signable and leader,
        "drafts": first and draft,
        "paper_only": first and not draft and bool(found and found["transmission"] == "paper"),
        "unsignable": first and not (locked or draft or signable) and not (found and found["transmission"] == "paper"),
    }


COLUMNS = (
    "received", "accepted", "refused", "returned", "held", "quarantined", "repeated", "editable_missing", "misformed",
    "paper_due",
)  # fmt: skip


def made(busy: Any, name: ReportName, period: str, today: date, **more: Any) -> Report:
    wish = Wish(name, period_of(period, today), **more)
    return busy.state.read(lambda c: make(c, wish, busy.head, Targets(), today))


def section(report: Report, words: str) -> Section:
    return next(each for each in report.sections if words in each.heading)


def by_name(table: Section) -> dict[str, tuple[Any, ...]]:
    return {str(row[1]): row[2:] for row in table.rows}


def near(value: float | None) -> Any:
    return None if value is None else pytest.approx(value)


@pytest.mark.parametrize("period", PERIODS)
def test_the_overview_says_what_the_kept_decisions_add_up_to(busy, today, period):
    span = period_of(period, today)
    sums = recounted(busy.path, span.since, span.until)
    report = made(busy, ReportName.MONTHLY, period, today)

    for words, dimension, name in (("Theo đơn vị", "unit", busy.head.unit), ("Theo hình thức", "form", busy.head.form)):
        rows = by_name(section(report, words))
        expected = {name(key): each for key, each in sums[dimension].items()} | {"Tổng cộng": sums["all"][""]}
        if locked := sums["all"][""].counts["quarantined"]:
            expected["Bị cách ly"] = Sums(Counter(received=locked, quarantined=locked))
            unknown = expected[name(None)] = copy(expected[name(None)])
            unknown.counts = unknown.counts - Counter(received=locked, quarantined=locked)
            if not unknown.counts["received"]:
                del expected[name(None)]
        assert rows == {
            key: (*(each.counts[column] for column in COLUMNS), near(each.rank(0.5)), near(each.rank(0.95)))
            for key, each in expected.items()
        }
    summary = {row[0]: row[1] for row in section(report, "Tổng hợp").rows}
    counts = sums["all"][""].counts
    assert summary["Văn bản nhận được"] == counts["received"]
    assert summary["– Có chữ ký số cá nhân"] == counts["person"]


@pytest.mark.parametrize("period", PERIODS[1:])
def test_reasons_of_refusals_are_those_of_the_kept_decisions(busy, today, period):
    span = period_of(period, today)
    sums = recounted(busy.path, span.since, span.until)
    rows = section(made(busy, ReportName.MONTHLY, period, today), "IV. Lý do").rows
    assert {row[2]: row[3] for row in rows} == {
        code: each.counts["refused"] + each.counts["returned"] for code, each in sums["reason"].items()
    }


@pytest.mark.parametrize("period", PERIODS[1:])
def test_rates_of_signing_are_those_of_the_kept_decisions(busy, today, period):
    span = period_of(period, today)
    sums = recounted(busy.path, span.since, span.until)
    report = made(busy, ReportName.SIGNING, period, today)
    expected = {busy.head.unit(key): each.counts for key, each in sums["issuer"].items() if each.counts["signable"]}
    expected["Tổng cộng"] = sums["all"][""].counts
    rows = by_name(section(report, "Theo đơn vị"))
    assert {name: row[:7:2] for name, row in rows.items()} != {}
    assert {name: (row[0], *row[1:7]) for name, row in rows.items()} == {
        name: (
            counts["signable"],
            *(
                cell
                for part in ("organisation", "person", "leader")
                for cell in (counts[part], near(counts[part] / counts["signable"]))
            ),
        )
        for name, counts in expected.items()
    }
    left_out = {row[0]: row[1] for row in section(report, "Kết quả chung").rows}
    counts = sums["all"][""].counts
    assert left_out["Không tính: văn bản bị cách ly (mật hoặc có mã độc)"] == counts["quarantined"]
    assert left_out["Không tính: văn bản thuộc danh mục bản giấy"] == counts["paper_only"]
    assert left_out["Không tính: dự thảo, tờ trình kèm dự thảo"] == counts["drafts"]
    assert left_out["Không tính: không phải văn bản của cơ quan, không đọc được"] == counts["unsignable"]
    named = sum(row[1] for row in section(report, "Kết quả chung").rows if str(row[0]).startswith("Không tính"))
    assert named + counts["signable"] == counts["received"]


@pytest.mark.parametrize("period", ["2026-q1", "2026"])
def test_the_documents_of_a_report_add_up_to_its_numbers(busy, today, period):
    report = made(busy, ReportName.MONTHLY, period, today, documents=True)
    listed = section(report, "Danh sách văn bản")
    titles = {column.title: place for place, column in enumerate(listed.columns)}
    ticks = {title: sum(bool(row[place]) for row in listed.rows) for title, place in titles.items()}
    total = section(report, "Theo đơn vị").rows[-1][2:]
    shown = [ticks[title] for title in ("TN", "TC", "TL", "CX", "CL", "TR", "TS", "TT", "BG")]
    assert shown == list(total[1:10])
    assert len(listed.rows) - ticks["TR"] == total[0]


@pytest.mark.parametrize("figure", Figure)
def test_a_figure_lists_exactly_the_documents_that_it_counts(busy, today, figure):
    wish = Wish(ReportName.MONTHLY, period_of("2026", today))
    listed = busy.state.read(lambda c: list(statistics_list.counted(c, wish.scope, figure)))
    sums = recounted(busy.path, wish.period.since, wish.period.until)
    assert len(listed) == sums["all"][""].counts[figure.value] > 0
    assert all(figure in each.figures for each in listed)


def test_what_has_no_decision_yet_is_told_beside_the_numbers(busy, today):
    def wait(connection: Connection) -> None:
        for name, day in (("260614-0000000a", 13), ("260614-0000000b", 15)):  # 14 June begins on the 13th at 17:00 UTC
            submissions.admit(connection, name, "drop", name, datetime(2026, 6, day, 16 + (day == 13), tzinfo=UTC))

    busy.state.write(wait)
    report = made(busy, ReportName.MONTHLY, "2026-06-14", today)
    assert section(report, "Tổng hợp").notes[-1].startswith("Ngoài ra có 1 hồ sơ gửi đến chưa có kết quả")


def test_a_report_about_one_unit_counts_its_documents_alone(busy, today):
    span = period_of("2026", today)
    sums = recounted(busy.path, span.since, span.until)
    report = made(busy, ReportName.MONTHLY, "2026", today, unit="H99.02")
    assert section(report, "Theo đơn vị").rows[-1][2] == sums["unit"]["H99.02"].counts["received"]
    assert "Đơn vị: Ủy ban nhân dân xã Đông Hưng" in report.subtitle


def test_a_report_about_one_form_says_nothing_of_papers_of_other_forms(busy, today):
    everything = section(made(busy, ReportName.MONTHLY, "2026", today), "Tổng hợp")
    one = section(made(busy, ReportName.MONTHLY, "2026", today, form="cong-van"), "Tổng hợp")
    assert any("Bản giấy đến hạn" in str(row[0]) for row in everything.rows)
    assert not any("Bản giấy đến hạn" in str(row[0]) for row in one.rows)
    for report in (everything, one):
        assert [report.rows[row][0] for row, _, _ in report.lights] == [
            "– Có chữ ký số của cơ quan, tổ chức",
            "– Có chữ ký số cá nhân",
        ]
