"""What the system proposes for a document that was drawn, with the faults by name for who confirms or contests them."""

from vbdaemon.report.fault import MOST_NAMED, Mark, propose
from vbdaemon.report.frame import came_in
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.unsent import Unsent

Q1 = Quarter(2026, 1)


def proposal(ledger, part, named=(), **facts):
    ledger.add("H99.1", **facts)
    scene = ledger.scene()
    (row,) = scene.state.read(lambda c: came_in(c, Q1)).sent
    return propose(part, row, scene.snapshot.policy, Unsent(scene.snapshot, scene.rule, ()), named)


def test_faults_of_the_format_are_named(ledger):
    seen = proposal(ledger, Part.FORMAT, ("Lề trang chưa đúng.", "Phông chữ chưa đúng."), format_findings=2)
    assert (seen.mark, seen.grounds) == (
        Mark.DEDUCT,
        "Hệ thống ghi nhận 2 lỗi thể thức: Lề trang chưa đúng. Phông chữ chưa đúng.",
    )


def test_of_very_many_faults_the_first_are_named(ledger):
    seen = proposal(ledger, Part.FORMAT, tuple(f"Lỗi {n}." for n in range(20)), format_findings=20)
    assert seen.grounds.endswith(f"Lỗi {MOST_NAMED - 1}. …")


def test_faults_of_the_format_say_nothing_about_the_sending(ledger):
    seen = proposal(ledger, Part.SENDING, ("Lề trang chưa đúng.",), format_findings=1, editable_missing=True)
    assert seen.grounds == "Chưa gửi kèm tệp soạn thảo (Word, Excel) của văn bản."
