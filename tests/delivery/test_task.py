"""One attempt: rendered once, sent, and its outcome told; a broken plugin delays no document."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest

from vbdaemon.delivery.task import DeliverTask
from vbdaemon.delivery.unfinished import UnfinishedTask
from vbdaemon.model import DeliveryKind, Finding, OutcomeKind, PluginOff, Reason, Severity, Verdict
from vbdaemon.state import decisions, undelivered
from vbdaemon.state.gathering import Told
from vbdaemon.testing import NOON

LETTER = "0001_2026-03-02_1-PNV-TCCC"
POST = """
@hookimpl
def deliver(delivery, files):
    return Outcome.delivered(delivery.subject + " | " + " ".join(file.name for file in files))
"""
REFUSED = Verdict.reject(Reason.of(Finding("paper-only-form", Severity.ERROR, "Văn bản chỉ nhận bản giấy.")))


def tasks(outbox, name):
    """The forward and the notice of a submission."""
    rows = {row.kind: DeliverTask(row, outbox.body(row)) for row in outbox.rows(name)}
    return rows.get(DeliveryKind.FORWARD), rows[DeliveryKind.NOTICE]


def test_a_forward_carries_the_original_bytes_the_sheet_and_its_machine_part(outbox):
    forward, _ = tasks(outbox, outbox.decide())
    sent = forward.run(outbox.place())
    assert (sent.outcome.kind, sent.trouble) == (OutcomeKind.DELIVERED, "")
    arrived = outbox.arrived()
    here = f"phong-y-te/nhan/{LETTER}"
    assert arrived[f"{here}/công văn 15.pdf"] == b"%PDF-1.7 1"
    assert sorted(arrived) == [
        f"{here}/{n}" for n in ("công văn 15.pdf", "phieu-ket-qua-kiem-tra.html", "vbdaemon.json")
    ]


def test_a_notice_arrives_in_three_forms(outbox):
    name = outbox.decide(REFUSED)
    _, notice = tasks(outbox, name)
    assert notice.run(outbox.place()).outcome.kind is OutcomeKind.DELIVERED
    arrived = outbox.arrived()
    assert sorted(arrived) == [f"phong-noi-vu/ket-qua/{name}_tu-choi.{e}" for e in ("html", "json", "txt")]
    assert "chỉ nhận bản giấy" in arrived[f"phong-noi-vu/ket-qua/{name}_tu-choi.txt"].decode()
    assert json.loads(arrived[f"phong-noi-vu/ket-qua/{name}_tu-choi.json"])


@pytest.mark.parametrize("which", [0, 1], ids=["forward", "notice"])
def test_what_was_rendered_once_is_not_rendered_again(outbox, which):
    """A repeat carries the same bytes, whatever the office is called by then."""
    task = tasks(outbox, outbox.decide())[which]
    assert task.run(outbox.place()).outcome.kind is OutcomeKind.DELIVERED
    first = outbox.arrived()
    for path in sorted(outbox.exchange.rglob("*"), reverse=True):
        if path.is_file():
            path.unlink()
        elif path.name == LETTER:
            path.rmdir()
    place = outbox.place()
    place = replace(place, snapshot=replace(place.snapshot, office=replace(place.snapshot.office, name="Tên mới")))
    assert task.run(place).outcome.kind is OutcomeKind.DELIVERED
    assert outbox.arrived() == first


def test_a_repeat_after_an_arrival_that_nobody_recorded_changes_nothing(outbox):
    forward, notice = tasks(outbox, outbox.decide())
    for _ in range(3):
        for task in (forward, notice):
            assert task.run(outbox.place()).outcome.kind is OutcomeKind.DELIVERED
    assert len(outbox.arrived()) == 3 + 3


def test_a_draft_that_a_crash_left_is_not_taken_for_what_was_rendered(outbox):
    _, notice = tasks(outbox, outbox.decide())
    left = outbox.spool.outgoing(f".{notice.row.id}")
    left.mkdir()
    (left / "half.html").write_text("<html>")
    assert notice.run(outbox.place()).outcome.kind is OutcomeKind.DELIVERED
    assert len(outbox.arrived()) == 3
    assert not left.exists()


@pytest.mark.parametrize(
    "broken",
    [
        "@hookimpl\ndef compose_notice(submission):\n    raise ValueError('words of a document')\n",
        "@hookimpl\ndef compose_notice(submission):\n    raise SystemExit\n",
        "@hookimpl\ndef compose_notice(submission):\n    return 'Kính gửi'\n",
    ],
    ids=["raises", "exits", "answers nonsense"],
)
def test_a_broken_notice_plugin_is_told_of_and_the_builtin_notice_goes_out(outbox, broken):
    _, notice = tasks(outbox, outbox.decide(REFUSED))
    sent = notice.run(outbox.place(odd=broken))
    assert sent.outcome.kind is OutcomeKind.DELIVERED
    assert "plugin 'odd' failed in hook 'compose_notice'" in sent.trouble
    assert "words of a document" not in sent.trouble
    texts = [body.decode() for name, body in outbox.arrived().items() if name.endswith(".txt")]
    assert "chỉ nhận bản giấy" in texts[0]


def test_a_plain_notice_asks_no_plugin(outbox):
    """What the agent sends after a notice plugin hung."""
    _, notice = tasks(outbox, outbox.decide())
    own = "@hookimpl\ndef compose_notice(submission):\n    raise SystemExit\n"
    sent = replace(notice, plain=True).run(outbox.place(own=own))
    assert (sent.outcome.kind, sent.trouble) == (OutcomeKind.DELIVERED, "")


def test_a_plugins_notice_goes_out_as_it_wrote_it(outbox):
    own = (
        "@hookimpl\ndef compose_notice(submission):\n    return Notice(CodedStatus.RECEIVED, 't', 'chữ', '<p>', '{}')\n"
    )
    _, notice = tasks(outbox, outbox.decide())
    notice.run(outbox.place(own=own))
    assert sorted(outbox.arrived().values()) == [b"<p>", "chữ".encode(), b"{}"]


@pytest.mark.parametrize(
    ("plugin", "kind", "words"),
    [
        ("return Outcome.deferred('no room')", OutcomeKind.DEFERRED, "no room"),
        ("return Outcome.failed('gone')", OutcomeKind.FAILED, "gone"),
        ("raise ValueError('x')", OutcomeKind.DEFERRED, "'odd' failed in hook 'deliver': ValueError"),
        ("return True", OutcomeKind.DEFERRED, "answered bool"),
        ("return None", OutcomeKind.DELIVERED, "phong-y-te/nhan"),
    ],
)
def test_an_outcome_is_what_the_first_plugin_says(outbox, plugin, kind, words):
    forward, _ = tasks(outbox, outbox.decide())
    sent = forward.run(outbox.place(odd=f"@hookimpl\ndef deliver(delivery):\n    {plugin}\n"))
    assert sent.outcome.kind is kind
    assert words in sent.outcome.words


def test_an_unknown_scheme_fails_for_good_and_is_named(outbox):
    forward, _ = tasks(outbox, outbox.decide(scheme="fax", to="0204"))
    sent = forward.run(outbox.place())
    assert sent.outcome.kind is OutcomeKind.FAILED
    assert "'fax'" in sent.outcome.words


def test_what_nobody_takes_because_the_plugin_that_delivers_is_off_is_put_off(outbox):
    forward, _ = tasks(outbox, outbox.decide(scheme="archive", to="luu-tru"))
    outbox.snapshot = replace(outbox.snapshot, plugins_off=(PluginOff("archive_copy", ("deliver", "route")),))
    sent = forward.run(outbox.place())
    assert (sent.outcome.kind, sent.outcome.words) == (OutcomeKind.DEFERRED, "plugin archive_copy is switched off")
    assert sent.seconds is None
    other, _ = tasks(outbox, outbox.decide())
    assert other.run(outbox.place()).outcome.kind is OutcomeKind.DELIVERED


def test_a_missing_folder_defers(outbox):
    forward, _ = tasks(outbox, outbox.decide())
    (outbox.exchange / "phong-y-te" / "nhan").rmdir()
    assert forward.run(outbox.place()).outcome.kind is OutcomeKind.DEFERRED


def test_damaged_bytes_are_never_forwarded(outbox):
    name = outbox.decide()
    forward, _ = tasks(outbox, name)
    (outbox.spool.folder_of(name) / "001").write_bytes(b"other bytes")
    sent = forward.run(outbox.place())
    assert sent.outcome.kind is OutcomeKind.DEFERRED
    assert name in sent.outcome.words
    assert outbox.arrived() == {}


def test_a_quarantine_notice_needs_no_byte_of_the_submission(outbox):
    name = outbox.decide(Verdict.quarantine(Reason("secret-marking", "Văn bản mang dấu chỉ độ mật.")))
    _, notice = tasks(outbox, name)
    outbox.spool.quarantine(name)
    assert notice.run(outbox.place()).outcome.kind is OutcomeKind.DELIVERED
    assert all("công văn 15" not in body.decode() for body in outbox.arrived().values())


LOCKS = """
@hookimpl
def deliver(delivery, files):
    from pathlib import Path
    from vbdaemon.spool.store import Spool
    Spool(Path({root!r})).quarantine(delivery.submission)
    Path({root!r}, "outgoing", delivery.id).mkdir(exist_ok=True)
    return Outcome.delivered()
"""


@pytest.mark.parametrize("which", [0, 1], ids=["forward", "notice"])
def test_what_is_locked_away_while_it_is_sent_leaves_nothing_rendered_behind(outbox, which):
    task = tasks(outbox, outbox.decide())[which]
    task.run(outbox.place(locks=LOCKS.format(root=str(outbox.spool.root))))
    assert outbox.spool.is_quarantined(task.row.submission)
    assert list((outbox.spool.root / "outgoing").iterdir()) == []


def test_a_quarantine_notice_stays_as_it_was_rendered(outbox):
    name = outbox.decide(Verdict.quarantine())
    _, notice = tasks(outbox, name)
    outbox.spool.quarantine(name)
    notice.run(outbox.place())
    assert list((outbox.spool.outgoing(notice.row.id)).iterdir())


def test_a_countersign_goes_with_the_delivery_to_whoever_delivers(outbox):
    forward, _ = tasks(outbox, outbox.decide())
    post = "@hookimpl\ndef deliver(delivery, files):\n    return Outcome.delivered(delivery.known_as)\n"
    sent = replace(forward, countersign="abcdefghij234567abcd").run(outbox.place(post=post))
    assert sent.outcome.words == f"{forward.row.id}.abcdefghij234567abcd"


def test_a_note_about_an_unfinished_file_is_written_once(outbox):
    task = UnfinishedTask("phong-noi-vu/ket-qua", "bao-cao.pdf", NOON)
    for _ in range(2):
        assert task.run(outbox.place()).kind is OutcomeKind.DELIVERED
    assert len(outbox.arrived()) == 3
    replace(task, since=NOON + timedelta(hours=1)).run(outbox.place())
    assert len(outbox.arrived()) == 6


def test_without_anybody_who_delivers_to_folders_a_note_fails_in_words(outbox):
    outcome = UnfinishedTask("phong-noi-vu/ket-qua", "bao-cao.pdf", NOON).run(outbox.place(builtins=()))
    assert (outcome.kind, outcome.words) == (OutcomeKind.FAILED, "no plugin delivers to folders")


def test_a_sender_learns_where_a_document_could_not_be_brought(outbox):
    name = outbox.decide(scheme="smtp", to="vanthu@y-te.example")
    forward = next(row for row in outbox.rows(name) if row.kind is DeliveryKind.FORWARD)
    assert outbox.state.write(lambda c: undelivered.tell_sender(c, forward.id, NOON))
    assert not outbox.state.write(lambda c: undelivered.tell_sender(c, forward.id, NOON))
    row = outbox.rows(name)[-1]
    missed = outbox.state.read(lambda c: undelivered.undelivered(c, row))
    assert DeliverTask(row, outbox.body(row), missed=missed).run(outbox.place()).outcome.kind is OutcomeKind.DELIVERED
    stem = f"phong-noi-vu/ket-qua/{forward.id}_chua-chuyen-duoc"
    text = outbox.arrived()[f"{stem}.txt"].decode()
    assert "chưa chuyển được đến Phòng Y tế" in text
    assert "văn bản số 1/PNV-TCCC" in text
    assert json.loads(outbox.arrived()[f"{stem}.json"])["undelivered_to"]["code"] == "H2"


def test_a_notice_that_failed_is_told_to_nobody(outbox):
    name = outbox.decide()
    notice = next(row for row in outbox.rows(name) if row.kind is DeliveryKind.NOTICE)
    assert not outbox.state.write(lambda c: undelivered.tell_sender(c, notice.id, NOON))
    assert outbox.state.read(lambda c: undelivered.undelivered(c, notice)) is None


def test_a_digest_tells_what_waited(outbox):
    names = [outbox.decide(REFUSED), outbox.decide(REFUSED)]
    notice = outbox.rows(names[0])[-1]
    told = (Told(names[0], NOON, outbox.body(notice)), Told(names[1], NOON, None))
    row = replace(notice, id=f"{names[0]}-9", kind=DeliveryKind.DIGEST, name=f"{names[0]}_tong-hop")
    assert DeliverTask(row, "", told).run(outbox.place()).outcome.kind is OutcomeKind.DELIVERED
    text = outbox.arrived()[f"phong-noi-vu/ket-qua/{names[0]}_tong-hop.txt"].decode()
    assert "[02] Từ chối tiếp nhận – văn bản số 1/PNV-TCCC: Văn bản chỉ nhận bản giấy." in text
    assert f"Mã tra cứu {names[1]}" in text


def test_a_broken_template_of_the_site_costs_its_words_alone_and_is_told(outbox, tmp_path):
    site = tmp_path / "words"
    site.mkdir()
    for name in ("digest.j2", "undelivered.j2", "sheet.html.j2", "cover.txt.j2"):
        (site / name).write_text("{{ no_such_word }}", "utf-8")
    place = replace(outbox.place(post=POST), snapshot=replace(outbox.snapshot, templates=site))
    name = outbox.decide(scheme="smtp", to="vanthu@y-te.example")
    forward, _ = tasks(outbox, name)
    row = next(each for each in outbox.rows(name) if each.kind is DeliveryKind.NOTICE)
    digest = replace(row, id=f"{name}-9", kind=DeliveryKind.DIGEST, name=f"{name}_tong-hop")
    outbox.state.write(lambda c: undelivered.tell_sender(c, forward.row.id, NOON))
    late = outbox.rows(name)[-1]
    missed = outbox.state.read(lambda c: undelivered.undelivered(c, late))
    for task, template in (
        (forward, "sheet.html.j2"),
        (DeliverTask(digest, "", (Told(name, NOON, outbox.body(row)),)), "digest.j2"),
        (DeliverTask(late, outbox.body(late), missed=missed), "undelivered.j2"),
    ):
        sent = task.run(place)
        assert sent.outcome.kind is OutcomeKind.DELIVERED
        assert f"template {template} of the site" in sent.trouble


def test_a_mail_gets_a_cover_and_its_subject_names_the_document(outbox):
    forward, _ = tasks(outbox, outbox.decide(scheme="smtp", to="vanthu@y-te.example"))
    words = forward.run(outbox.place(post=POST)).outcome.words
    assert words.startswith("Công văn số 1/PNV-TCCC: rà soát đội ngũ cán bộ")
    assert words.endswith("| công văn 15.pdf phieu-ket-qua-kiem-tra.html thu.txt vbdaemon.json")


class TestLetters:
    RECALLED: ClassVar = {"kind": "recall", "why": "nhầm", "replaced_by": "", "delivery": "x-1"}

    def task(self, outbox, key, document, details, message_id="<a@sender.example>"):
        """A letter of a submission that came by mail."""
        name = outbox.decide()
        (row,) = [row for row in outbox.rows(name) if row.kind is DeliveryKind.NOTICE]
        decision = replace(decisions.parse(outbox.body(row)), message_id=message_id)
        letter = replace(row, key=key, document=document)
        return DeliverTask(letter, decisions.codec.dump_json(decision).decode(), details=details)

    def test_a_recall_does_not_refer_its_readers_to_the_senders_mail(self, outbox):
        names = "def deliver(delivery, files):\n    return Outcome.delivered(delivery.in_reply_to)\n"
        place = outbox.place(post=f"@hookimpl\n{names}")
        recall = self.task(outbox, "letter:recall:1:0", 0, self.RECALLED)
        assert recall.run(place).outcome.words == ""
        withdrawn = self.task(outbox, "letter:withdrawn:1", 0, self.RECALLED)
        assert withdrawn.run(place).outcome.words == "<a@sender.example>"

    def test_a_letter_about_no_one_document_names_none_in_its_subject(self, outbox):
        place = outbox.place(post=POST)
        alarm = self.task(outbox, "letter:alarm:1", None, {"alarms": "[]"})
        assert alarm.run(place).outcome.words.startswith(" | ")

    def test_a_broken_slip_goes_out_in_our_words_and_the_operator_is_told_once(self, outbox):
        name = outbox.decide()
        (row,) = [row for row in outbox.rows(name) if row.kind is DeliveryKind.FORWARD]
        slip = {"role": "lead", "lead": "Phòng Y tế", "who": "Trần Thị Mẫu"}
        task = DeliverTask(row, outbox.body(row), details=slip)
        broken = outbox.folder / "templates" / "letters"
        broken.mkdir(parents=True)
        (broken / "transfer-slip.j2").write_text("{{ nothing.here }}", encoding="utf-8")
        place = outbox.place()
        place = replace(place, snapshot=replace(place.snapshot, templates=outbox.folder / "templates"))
        first = task.run(place)
        assert "transfer-slip.j2" in first.trouble
        assert any(path.endswith("phieu-chuyen-xu-ly.html") for path in outbox.arrived())
        assert task.run(place).trouble == ""
