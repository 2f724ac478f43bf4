"""A backup is one moment: exactly the submissions that its database knows, each with its bytes, hashed."""

import json
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from vbdaemon.model import Outcome
from vbdaemon.operation import backup as backup_room
from vbdaemon.operation.backup import make_backup
from vbdaemon.operation.backup_manifest import BackupError, backups_in, leftovers_in, open_backup, wrong_files
from vbdaemon.state.copying import copy_database
from vbdaemon.state.records import SubmissionState
from vbdaemon.testing import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def target(memory):
    return memory / "backups"


def paths(made):
    return {path for path in open_backup(made.folder).entries if path.startswith("spool/")}


def test_a_backup_holds_submissions_rendered_notices_settings_and_plugins(site, target):
    id_ = site.receive(SubmissionState.ACCEPTED, number=1)
    delivery = site.deliver(id_, Outcome.delivered(""))
    made = make_backup(site.settings, target, NOON)
    found = set(open_backup(made.folder).entries)
    assert found == {
        "config/vbdaemon.toml",
        "config/units.toml",
        "plugins/mau.py",
        "state.sqlite3",
        f"spool/submissions/2026-03/{id_}/001",
        f"spool/submissions/2026-03/{id_}/envelope.json",
        f"spool/outgoing/{delivery}/phieu.html",
    }
    assert made.folder.name == "20260302T050000Z"
    assert made.facts.last_numbers == ("den/2026: 1",)
    assert made.trouble == ()
    assert all(p.stat().st_mode & 0o077 == 0 for p in (made.folder, *made.folder.rglob("*")))


def test_sha256sum_itself_agrees(site, target):
    site.receive(SubmissionState.ACCEPTED)
    (site.folder / "config" / "một tệp\\lạ.toml").write_text("", "utf-8")
    made = make_backup(site.settings, target, NOON)
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    done = subprocess.run(command, cwd=made.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_quarantine_is_left_out_unless_it_is_asked_for(site, target):
    secret = site.receive(SubmissionState.QUARANTINED)
    assert paths(make_backup(site.settings, target, NOON)) == set()
    made = make_backup(site.settings, target, LATER, quarantine=True)
    assert paths(made) == {f"spool/quarantine/{secret}/001", f"spool/quarantine/{secret}/envelope.json"}
    assert made.facts.quarantine


def test_drafts_and_orphans_are_left_out(site, target):
    site.seal("260302-ORPHAN00")
    site.spool.begin("260302-DRAFT000")
    assert paths(make_backup(site.settings, target, NOON)) == set()


def test_what_has_not_changed_is_linked_to_the_former_backup_and_shares_nothing_with_the_spool(site, target):
    first = site.receive(SubmissionState.ACCEPTED)
    one = make_backup(site.settings, target, NOON)
    second = site.receive(SubmissionState.REJECTED)
    two = make_backup(site.settings, target, LATER)
    place = f"spool/submissions/2026-03/{first}/001"
    assert (one.folder / place).samefile(two.folder / place)
    assert not (two.folder / place).samefile(site.spool.folder_of(first) / "001")
    assert (two.folder / f"spool/submissions/2026-03/{second}/001").stat().st_nlink == 1
    assert (one.linked, one.copied) == (0, 5)
    assert (two.linked, two.copied) == (5, 2)  # the database is copied by itself
    assert list(wrong_files(open_backup(two.folder))) == []


def test_a_changed_setting_is_not_linked(site, target):
    make_backup(site.settings, target, NOON)
    (site.folder / "config" / "units.toml").write_text("#\n", "utf-8")
    two = make_backup(site.settings, target, LATER)
    assert (two.folder / "config" / "units.toml").read_text("utf-8") == "#\n"


def test_what_comes_in_while_it_is_made_belongs_to_it_as_far_as_the_database_knows(site, target, monkeypatch):
    late, sealed = [], []

    def meanwhile(url, folder):
        if not late:
            late.append(site.receive())
        copied = copy_database(url, folder)
        sealed.append(site.receive())
        return copied

    monkeypatch.setattr(backup_room, "copy_database", meanwhile)
    made = make_backup(site.settings, target, NOON)
    assert {path.split("/")[3] for path in paths(made)} == set(late)
    assert sealed[0] not in late


def test_what_is_quarantined_while_it_is_made_is_not_in_it(site, target, monkeypatch):
    secret, copies = site.receive(SubmissionState.HELD), []

    def meanwhile(url, folder):
        copied = copy_database(url, folder)
        copies.append(copied)
        if len(copies) == 1:  # right after the database was copied: the copy has names that must go
            site._settle_late = site.state.write(lambda c: backup_quarantine(c, secret))
            site.spool.quarantine(secret)
        return copied

    monkeypatch.setattr(backup_room, "copy_database", meanwhile)
    made = make_backup(site.settings, target, NOON)
    assert len(copies) == 2
    assert paths(made) == set()


def backup_quarantine(connection, id_):
    from vbdaemon.state import submissions  # noqa: PLC0415 - this test alone acts on the state

    submissions.move(connection, id_, SubmissionState.QUARANTINED)


def test_bytes_that_are_not_what_was_stored_are_reported(site, target):
    id_ = site.receive(SubmissionState.ACCEPTED)
    (site.spool.folder_of(id_) / "001").write_bytes(b"changed")
    assert make_backup(site.settings, target, NOON).trouble == (f"submission {id_}: file 001 is not what was stored",)


def test_the_oldest_go_when_only_so_many_are_kept(site, target):
    names = [make_backup(site.settings, target, NOON + timedelta(hours=n), keep=2).folder.name for n in range(4)]
    assert [path.name for path in backups_in(target)] == names[2:]
    assert list(wrong_files(open_backup(target))) == []


def test_two_backups_of_one_second_are_two(site, target):
    first, second = (make_backup(site.settings, target, NOON).folder.name for _ in range(2))
    assert second == f"{first}-2"
    assert open_backup(target).folder.name == second


def test_a_former_backup_that_was_harmed_is_not_linked_to(site, target):
    made = make_backup(site.settings, target, NOON)
    (made.folder / "SHA256SUMS").write_text("", "utf-8")
    again = make_backup(site.settings, target, LATER)
    assert again.linked == 0
    assert "its bytes have changed" in again.trouble[0]


@pytest.mark.parametrize("inside", ["spool/backups", "."])
def test_a_backup_in_the_spool_or_around_it_is_refused(site, inside):
    with pytest.raises(BackupError, match="neither in the spool nor around it"):
        make_backup(site.settings, site.folder / inside, NOON)


def test_a_disk_that_refuses_leaves_a_backup_that_is_named_incomplete(site, target, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", "state.sqlite3")

    monkeypatch.setattr(backup_room, "copy_database", full)
    with pytest.raises(BackupError, match=r"No space left on device; the backup is incomplete"):
        make_backup(site.settings, target, NOON)
    assert backups_in(target) == []
    assert len(leftovers_in(target)) == 1


KILLED = """
import os, signal, sys
from datetime import datetime, timezone
from pathlib import Path
from vbdaemon.config import load_settings
from vbdaemon.operation import backup, backup_copy, backup_manifest

steps, at = iter(range(10**6)), int(sys.argv[3])
def dying(function):
    def call(*words, **named):
        if next(steps) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*words, **named)
    return call
for room, name in ((backup_copy, "_copy"), (backup, "copy_database"), (backup_copy, "_sync"),
                   (backup_manifest, "write_file"), (backup, "sync_folder"), (backup, "_remove")):
    setattr(room, name, dying(getattr(room, name)))
backup.make_backup(load_settings(Path(sys.argv[1])), Path(sys.argv[2]), datetime.now(timezone.utc))
print("steps", next(steps))
"""


@pytest.mark.durability
def test_killed_anywhere_it_leaves_no_backup_or_one_that_is_named_incomplete_or_a_whole_one(site, target):
    for _ in range(3):
        site.receive(SubmissionState.ACCEPTED)

    def run(folder, step):
        words = [sys.executable, "-c", KILLED, str(site.folder / "config" / "vbdaemon.toml"), str(folder), str(step)]
        return subprocess.run(words, capture_output=True, text=True, check=False)

    whole = run(target, 10**6)
    assert whole.returncode == 0, whole.stderr
    last = int(whole.stdout.split()[1])
    for step in (1, 4, last // 2, last - 4, last - 3, last - 2, last - 1):
        folder = target / str(step)
        assert run(folder, step).returncode == -signal.SIGKILL
        for path in backups_in(folder):
            assert list(wrong_files(open_backup(path))) == []
        assert len(backups_in(folder)) + len(leftovers_in(folder)) <= 1
        for path in leftovers_in(folder):
            with pytest.raises(BackupError, match="incomplete"):
                open_backup(path)
    assert backups_in(target / str(last - 1)), "the last step comes after the backup is whole"
    assert leftovers_in(target / str(last - 4))
    assert run(target / str(last - 4), 10**6).returncode == 0
    assert leftovers_in(target / str(last - 4)) == []


def test_the_facts_are_told_as_json(site, target):
    made = make_backup(site.settings, target, NOON)
    facts = json.loads((made.folder / "backup.json").read_text("utf-8"))
    assert facts["revision"]
    assert facts["made_at"] == "2026-03-02T05:00:00Z"
    assert (made.folder / "backup.json").stat().st_mode & 0o777 == 0o600
