"""What was backed up comes back byte for byte; nothing that lies there is lost, nothing locked away comes out."""

from datetime import timedelta

import pytest

from vbdaemon.claim import Ownership
from vbdaemon.errors import StateLocked, StateNewer
from vbdaemon.model import Outcome
from vbdaemon.operation.backup import make_backup
from vbdaemon.operation.backup_manifest import BackupError, open_backup
from vbdaemon.operation.fsck import Examination
from vbdaemon.operation.restore import restore
from vbdaemon.spool.store import Spool
from vbdaemon.state import submissions
from vbdaemon.state.records import SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def backup(site, memory):
    """Three submissions, one of them locked away."""
    accepted = site.receive(SubmissionState.ACCEPTED, number=1)
    site.deliver(accepted, Outcome.delivered(""))
    site.receive(SubmissionState.QUARANTINED)
    site.receive(SubmissionState.HELD)
    return open_backup(make_backup(site.settings, memory / "backups", NOON).folder)


def faults(folder):
    state = State(f"sqlite:///{folder / 'spool' / 'state.sqlite3'}", beside=True)
    found = [fault.kind.value for fault in Examination(Spool(folder / "spool"), state).faults()]
    state.close()
    return found


def test_a_new_site_gets_everything_and_agrees_with_itself(backup, memory):
    done = restore(backup, memory / "new", LATER)
    assert (done.submissions, done.kept_config, done.set_aside, done.locked) == (3, False, None, ())
    assert (memory / "new" / "plugins" / "mau.py").exists()
    assert faults(memory / "new") == ["folder-missing"]  # the quarantined one, which no backup holds unasked
    copied = memory / "new" / "spool" / "submissions" / "2026-03"
    assert all(p.stat().st_nlink == 1 for p in copied.rglob("*") if p.is_file())
    assert all(p.stat().st_mode & 0o077 == 0 for p in (memory / "new" / "spool").rglob("*"))


def test_reports_secrets_of_quarters_and_approved_lists_come_back(site, memory):
    kept = [f"{folder}/x/1" for folder in ("keys", "reports", "scoring", "disposals")]
    for path in kept:
        (site.spool.root / path).parent.mkdir(parents=True)
        (site.spool.root / path).write_text(path)
    restore(open_backup(make_backup(site.settings, memory / "backups", NOON).folder), memory / "new", LATER)
    assert [(memory / "new" / "spool" / path).read_text() for path in kept] == kept
    assert faults(memory / "new") == []


def test_a_backup_with_quarantine_brings_it_back_locked(site, backup, memory):
    made = make_backup(site.settings, memory / "backups", LATER, quarantine=True)
    restore(open_backup(made.folder), memory / "new", LATER)
    assert faults(memory / "new") == []


def test_a_byte_that_changed_in_the_backup_refuses_before_anything_is_touched(backup, memory):
    path = next(name for name in backup.entries if name.endswith("/001"))
    (backup.folder / path).chmod(0o600)
    (backup.folder / path).write_bytes(b"x")
    with pytest.raises(BackupError, match="its bytes have changed"):
        restore(backup, memory / "new", LATER)
    assert not (memory / "new").exists()


def test_a_site_that_is_not_empty_is_refused_and_forced_is_set_aside_not_deleted(site, backup, memory):
    newer = site.receive(SubmissionState.ACCEPTED)
    site.state.close()
    with pytest.raises(BackupError, match="is not empty"):
        restore(backup, site.folder, LATER)
    done = restore(backup, site.folder, LATER, force=True)
    assert done.kept_config
    assert (done.set_aside / "submissions" / "2026-03" / newer / "001").exists()
    assert (done.set_aside / "state.sqlite3").exists()
    assert not site.spool.folder_of(newer).exists()
    assert faults(site.folder) == []  # quarantine stayed where it was


def test_what_was_quarantined_since_stays_locked_away(site, backup, memory):
    held = next(p.split("/")[3] for p in backup.entries if "/submissions/" in p and p.split("/")[3].endswith("3"))
    site.state.write(lambda c: submissions.move(c, held, SubmissionState.QUARANTINED))
    site.spool.quarantine(held)
    site.state.close()
    done = restore(backup, site.folder, LATER, force=True)
    assert done.locked == (held,)
    assert not site.spool.folder_of(held).exists()
    assert site.spool.is_quarantined(held)


def test_a_running_daemon_is_not_disturbed(site, backup):
    owner = Ownership(site.spool.root)
    owner.take()
    with pytest.raises(StateLocked, match="stop it first"):
        restore(backup, site.folder, LATER, force=True)
    owner.release()


def test_a_backup_of_a_newer_program_is_refused(backup, memory):
    facts = backup.folder / "backup.json"
    facts.write_text(facts.read_text("utf-8").replace(f'"{backup.facts.revision}"', '"9999"'), "utf-8")
    with pytest.raises(StateNewer, match="newer"):
        restore(open_backup(backup.folder), memory / "new", LATER)


def test_an_interrupted_restore_is_begun_again(backup, memory):
    draft = memory / "new" / "spool" / "tmp" / "restoring"
    draft.mkdir(parents=True)
    (draft / "left").touch()
    restore(backup, memory / "new", LATER)
    assert not draft.exists()
    assert faults(memory / "new") == ["folder-missing"]


@pytest.mark.parametrize("name", ["nothing-here", "20260302T050000Z.incomplete"])
def test_what_is_no_backup_is_a_mistake_in_words(memory, name):
    with pytest.raises(BackupError, match=r"no backup here|incomplete"):
        open_backup(memory / name)
