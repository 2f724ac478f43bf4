"""Every disagreement of spool and state is found, and only what is provable is mended."""

import shutil

import pytest

from vbdaemon.model import Outcome
from vbdaemon.operation.fsck import NOTES, PROVABLE, Examination, FaultKind
from vbdaemon.operation.fsck_repair import mend
from vbdaemon.spool.places import place_name
from vbdaemon.state import events, submissions
from vbdaemon.state.records import SubmissionState
from vbdaemon.testing import NOON


def look(site, **words):
    return list(Examination(site.spool, site.state, **words).faults())


def kinds(site, **words):
    return [fault.kind for fault in look(site, **words)]


def mended(site):
    """Mends all that is provable; answers what is found afterwards."""
    for fault in look(site):
        if fault.provable:
            mend(fault, site.spool, site.state, NOON)
    return kinds(site)


@pytest.fixture
def accepted(site):
    id_ = site.receive(SubmissionState.ACCEPTED, number=1)
    site.deliver(id_, Outcome.delivered(""))
    return id_


def test_a_healthy_site_has_no_fault(site, accepted):
    for state in SubmissionState:
        site.receive(state)
    site.deliver(site.receive(SubmissionState.ACCEPTED, number=2), None)
    assert look(site) == []


def test_a_folder_that_is_gone_is_told_and_not_mended(site, accepted):
    shutil.rmtree(site.spool.folder_of(accepted))
    (fault,) = look(site)
    assert (fault.kind, fault.submission, fault.provable) == (FaultKind.MISSING, accepted, False)
    assert "backup" in fault.remedy


def test_a_changed_byte_is_found_by_reading_and_not_by_a_quick_look(site, accepted):
    (site.spool.folder_of(accepted) / "001").write_bytes(b"%PDF-1.7 two")
    assert kinds(site) == [FaultKind.DAMAGED]
    assert kinds(site, deep=False) == []


@pytest.mark.parametrize("name", ["001", "envelope.json"])
def test_a_file_that_is_gone_is_found_even_by_a_quick_look(site, accepted, name):
    (site.spool.folder_of(accepted) / name).unlink()
    assert kinds(site, deep=False) == [FaultKind.DAMAGED]


def test_a_file_that_was_added_is_a_note(site, accepted):
    (site.spool.folder_of(accepted) / "ghi-chu.txt").touch()
    assert kinds(site) == [FaultKind.UNKNOWN]
    assert FaultKind.UNKNOWN in NOTES


def test_a_whole_folder_among_the_orphans_is_moved_back(site, accepted):
    site.spool.orphan(accepted)
    assert kinds(site) == [FaultKind.MISPLACED]
    assert mended(site) == []
    assert site.spool.verify(accepted)


def test_a_harmed_folder_among_the_orphans_stays_there(site, accepted):
    site.spool.orphan(accepted)
    (site.spool.root / "orphaned" / accepted / "001").write_bytes(b"x")
    assert kinds(site) == [FaultKind.MISSING]


def test_a_sealed_folder_without_a_row_is_moved_to_the_orphans(site):
    site.seal("260101-STRAY000")
    assert kinds(site) == [FaultKind.STRAY]
    assert mended(site) == []
    assert (site.spool.root / "orphaned" / "260101-STRAY000").is_dir()


def test_beside_a_daemon_what_is_young_is_no_fault(site):
    site.seal("260101-STRAY000")
    assert kinds(site, running=True) == []
    assert kinds(site, running=True, now=lambda: 1e12) == [FaultKind.STRAY]


def test_a_quarantine_that_was_interrupted_is_finished(site):
    id_ = site.receive(SubmissionState.HELD)
    site.state.write(lambda c: submissions.move(c, id_, SubmissionState.QUARANTINED))
    assert kinds(site) == [FaultKind.UNLOCKED]
    assert mended(site) == []
    assert site.spool.is_quarantined(id_)


def test_bytes_in_quarantine_that_nobody_explains_are_left_to_the_security_officer(site):
    id_ = site.receive(SubmissionState.HELD)
    site.spool.quarantine(id_)
    assert sorted(kinds(site)) == [FaultKind.MISSING, FaultKind.LOCKED]
    assert sorted(mended(site)) == [FaultKind.MISSING, FaultKind.LOCKED]


def test_a_decision_that_is_gone_is_told(site, accepted):
    from vbdaemon.state import decisions  # noqa: PLC0415 - this test alone forgets one

    site.state.write(lambda c: decisions.forget(c, accepted))
    assert kinds(site) == [FaultKind.UNDECIDED, FaultKind.GAP]


def test_what_was_sent_and_is_not_kept_is_told(site, accepted):
    shutil.rmtree(site.spool.outgoing(f"{accepted}-1"))
    assert kinds(site) == [FaultKind.UNRENDERED]


def test_what_was_rendered_for_nobody_and_half_rendered_drafts_are_told_apart(site, accepted):
    (site.spool.root / "outgoing" / f".{accepted}-9").mkdir()
    (site.spool.root / "outgoing" / "260302-99999999-1").mkdir()
    assert kinds(site) == [FaultKind.DRAFT, FaultKind.UNSENT]
    assert mended(site) == [FaultKind.UNSENT]


def test_a_gap_in_the_register_is_a_note_and_a_counter_that_is_behind_is_raised(site, accepted):
    site.receive(SubmissionState.ACCEPTED, number=5)
    assert kinds(site) == [FaultKind.GAP, FaultKind.COUNTER]
    assert "no document bears 2, 3, 4" in look(site)[0].what
    assert mended(site) == [FaultKind.GAP]
    (book,) = site.state.read(lambda c: __import__("vbdaemon.state.soundness", fromlist=["books"]).books(c))
    assert book.last == 5


def test_where_another_system_gives_the_numbers_gaps_are_its_own_affair(site, accepted):
    site.receive(SubmissionState.ACCEPTED, number=5)
    assert look(site, own_numbers=False) == []


def test_a_picture_of_a_place_beside_a_submission_is_ours_and_goes_where_it_goes(site, accepted):
    folder = site.spool.folder_of(accepted)
    picture = folder / place_name("a", 1, None)
    picture.write_bytes(b"x")
    assert kinds(site) == []
    (folder / "place-x.png").write_bytes(b"x")
    assert kinds(site) == [FaultKind.UNKNOWN]
    site.spool.quarantine(accepted)
    assert (site.spool.root / "quarantine" / accepted / picture.name).is_file()


def test_a_stranger_in_the_spool_is_a_note(site):
    (site.spool.root / "Thumbs.db").touch()
    (site.spool.root / "before-restore-20260302T000000Z").mkdir()
    assert kinds(site) == [FaultKind.UNKNOWN]


def test_each_repair_is_an_event(site):
    site.seal("260101-STRAY000")
    mended(site)
    (event,) = site.state.read(lambda c: events.of_submission(c, "260101-STRAY000"))
    assert (event.kind, event.words) == ("mended", "folder-without-row: moved to orphaned/")


def test_nothing_is_both_a_note_and_provable():
    assert not NOTES & PROVABLE
