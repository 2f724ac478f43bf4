"""One look tells what waits, why, since when, with or without a daemon."""

import os
import shutil
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from vbdaemon.claim import Ownership
from vbdaemon.intake.folder_group import Waiting
from vbdaemon.intake.folder_state import FolderState, PendingDrop, Reach
from vbdaemon.intake.imap.standing import MailboxStanding
from vbdaemon.model import Outcome
from vbdaemon.operation.status import Status, is_running, look
from vbdaemon.operation.status_age import HEADINGS, queues
from vbdaemon.operation.status_held import HeldReasons
from vbdaemon.operation.status_pulse import (
    DaemonPulse,
    PulseWriter,
    SourceState,
    read_pulse,
    source_of_folder,
    source_of_mailbox,
)
from vbdaemon.state import markers, queue_views
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.testing import NOON

LATER = NOON + timedelta(hours=2)
UNITS = """\
[[unit]]
code = "H40.1"
name = "Phòng Nội vụ"
folder = "phong-noi-vu"
account = [{ name = "vt", role = "clerk", drop = "gui" }]
"""


def pulse(**changes):
    at = {"written_at": NOON, "started_at": NOON - timedelta(hours=1)}
    return DaemonPulse(**{**at, "pid": 1, "version": "1", "snapshot": "s", **changes})


def test_queues_are_counted_by_age_as_qshape_does(site):
    for minutes in (1, 6, 30, 60 * 24 * 30):
        site.receive(at=NOON - timedelta(minutes=minutes))
    site.receive(SubmissionState.HELD, HoldKind.EVIDENCE, at=NOON - timedelta(hours=3))
    site.receive(SubmissionState.ACCEPTED)
    rows = queues(site.state.read(queue_views.queued), (), NOON)
    assert len(HEADINGS) == 8
    assert [(q.stage.value, q.name, q.total, q.by_age) for q in rows] == [
        ("decide", "", 4, (1, 1, 1, 0, 0, 0, 0, 1)),
        ("decide", "phong-noi-vu/gui", 4, (1, 1, 1, 0, 0, 0, 0, 1)),
        ("hold", "", 1, (0, 0, 0, 1, 0, 0, 0, 0)),
        ("hold", "evidence", 1, (0, 0, 0, 1, 0, 0, 0, 0)),
        ("deliver", "", 0, (0,) * 8),
    ]
    assert rows[0].oldest_seconds == timedelta(days=30).total_seconds()


def test_held_is_counted_by_reason_and_each_decision_is_read_once(site, monkeypatch):
    site.receive(SubmissionState.HELD, HoldKind.EVIDENCE, codes=("certificate-untrusted", "sender-unknown"))
    site.receive(SubmissionState.HELD, HoldKind.EVIDENCE, codes=("certificate-untrusted",))
    site.receive(SubmissionState.HELD, HoldKind.PERSON, codes=("form-unknown",))
    site.receive(SubmissionState.HELD, HoldKind.FAILURE)
    reasons = HeldReasons()
    wanted = {
        ("certificate-untrusted", "evidence", 2),
        ("sender-unknown", "evidence", 1),
        ("by-person", "person", 1),
        ("processing-failed", "failure", 1),
    }
    assert {(h.code, h.kind.value, h.count) for h in reasons.counted(site.state)} == wanted
    monkeypatch.setattr("vbdaemon.operation.status_held._codes", None)
    assert {(h.code, h.kind.value, h.count) for h in reasons.counted(site.state)} == wanted


def test_deliveries_are_told_by_destination_the_most_trouble_first(site):
    id_ = site.receive(SubmissionState.ACCEPTED)
    site.deliver(id_, None, unit="H1")
    site.deliver(id_, Outcome.deferred("no folder"), unit="H2")
    site.deliver(id_, Outcome.failed("no such unit"), unit="H3", at=NOON - timedelta(days=1))
    site.deliver(id_, Outcome.delivered(""), unit="H4")
    lines = look(site.settings, site.state, LATER).destinations
    assert [(d.destination, d.due, d.failing, d.given_up, d.words) for d in lines] == [
        ("folder:H3", 0, 0, 1, "no such unit"),
        ("folder:H2", 1, 1, 0, "no folder"),
        ("folder:H1", 1, 0, 0, ""),
    ]
    assert lines[0].oldest_seconds == timedelta(hours=26).total_seconds()


def test_without_a_daemon_the_drop_folders_are_looked_into(site):
    (site.folder / "config" / "units.toml").write_text(UNITS, "utf-8")
    drop = site.folder / "exchange" / "phong-noi-vu" / "gui"
    drop.mkdir(parents=True)
    for name in ("cv.pdf", "~$cv.docx", ".an"):
        (drop / name).touch()
    os.utime(drop / "cv.pdf", (NOON.timestamp(), NOON.timestamp()))
    site.receive(source="phong-noi-vu/gui", at=NOON)
    site.receive(source="cu/gui", at=NOON)
    seen = look(site.settings, site.state, LATER)
    assert not seen.running
    lines = {line.state.name: line for line in seen.sources}
    assert set(lines) >= {"phong-noi-vu/gui", "cu/gui"}
    assert lines["phong-noi-vu/gui"].state.waiting == 1
    assert lines["phong-noi-vu/gui"].lag_seconds == 7200
    assert lines["cu/gui"].last_received_at == NOON
    shutil.rmtree(drop)
    (line,) = [s for s in look(site.settings, site.state, LATER).sources if s.state.name == "phong-noi-vu/gui"]
    assert (line.state.usable, line.state.words) == (False, "No such file or directory")


def test_a_mistake_in_the_units_does_not_blind_the_person_on_duty(site):
    (site.folder / "config" / "units.toml").write_text("[[unit", "utf-8")
    (words,) = look(site.settings, site.state, LATER).problems
    assert "sources are not shown" in words


def test_what_the_running_daemon_says_is_believed_and_what_an_earlier_one_said_is_not(site):
    source = SourceState(
        "imap:vanthu", "imap", usable=False, last_success_at=NOON, waiting=0, oldest_since=None, words="x"
    )
    told = pulse(sources=(source,), plugins_off=("clamav: failed 5 times",))
    PulseWriter(site.spool.scratch, lambda _: told, lambda: 0.0).tick(NOON)
    assert read_pulse(site.spool.scratch) == told
    assert look(site.settings, site.state, LATER).daemon is None
    owner = Ownership(site.spool.root)
    owner.take()
    seen = look(site.settings, site.state, LATER)
    assert (seen.running, seen.daemon, seen.plugins_off) == (True, told, ())  # the state says which are off
    assert [line.state for line in seen.sources] == [source]
    owner.release()
    site.spool.prepare()
    assert read_pulse(site.spool.scratch) is None


def test_asking_whether_a_daemon_runs_disturbs_none(site):
    assert not is_running(site.spool.root)
    owner = Ownership(site.spool.root)
    owner.take()
    assert is_running(site.spool.root)
    owner.release()
    assert not is_running(site.spool.root)


def test_a_pulse_that_cannot_be_written_stops_nothing_and_is_not_written_too_often(site, tmp_path):
    made, now = [], [0.0]
    writer = PulseWriter(tmp_path, lambda at: made.append(at) or pulse(), lambda: now[0])
    writer.tick(NOON)
    writer.tick(NOON)
    assert len(made) == 1
    now[0] = 6.0
    shutil.rmtree(tmp_path)
    writer.tick(NOON)
    assert len(made) == 2


@pytest.mark.parametrize(
    ("reach", "why", "usable", "words"),
    [
        (Reach.READY, None, True, ""),
        (Reach.IN_PLACE, None, True, "in-place"),
        (Reach.AWAY, "Stale file handle", False, "Stale file handle"),
        (Reach.UNKNOWN, None, False, "unknown"),
    ],
)
def test_a_folders_state_is_told_without_names_of_files(reach, why, usable, words):
    drops = (
        PendingDrop("a", "mật.pdf", NOON, next(iter(Waiting)), 1),
        PendingDrop("b", "x.pdf", NOON - timedelta(days=1), next(iter(Waiting)), 1),
    )
    state = source_of_folder(FolderState("a", reach, NOON, why, LATER, 1), drops)
    assert (state.usable, state.words, state.oldest_since, state.last_success_at) == (usable, words, NOON, LATER)
    assert "mật" not in repr(state)


@pytest.mark.parametrize(
    ("connected", "trouble", "usable"), [(True, "", True), (False, "", False), (True, "login refused", False)]
)
def test_a_mailbox_is_usable_while_it_is_connected_and_without_trouble(connected, trouble, usable):
    state = source_of_mailbox(MailboxStanding("vanthu", connected, NOON, trouble, 3))
    assert state == SourceState("vanthu", "imap", usable, NOON, 3, None, trouble)


def test_the_last_backup_is_found_at_once_and_all_of_it_is_json(site):
    site.state.write(lambda c: markers.mark(c, "backup", NOON, "/a"))
    site.state.write(lambda c: markers.mark(c, "backup", LATER, "/b"))
    seen = look(site.settings, site.state, LATER)
    assert (seen.last_backup.words, seen.last_backup.at) == ("/b", LATER)
    table = TypeAdapter(Status).dump_python(seen, mode="json")
    assert table["counts"] == {}
    assert table["disk"][0]["free"] > 0
