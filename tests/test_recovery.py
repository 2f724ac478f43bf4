"""After whatever happened, spool and state agree; running recovery twice changes nothing more."""

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from vbdaemon.model import Act, ActKind, Channel, DeliveryKind, Envelope, VerdictKind
from vbdaemon.recovery import Recovered, recover
from vbdaemon.spool.store import Spool
from vbdaemon.state import acts, deliveries, events, submissions
from vbdaemon.state.records import HoldKind, NewDelivery, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import NOON

NOTHING = Recovered(0, 0, 0, ())
ID, OTHER = "260302-AAAAAAAA", "260302-BBBBBBBB"


class Site:
    def __init__(self, folder: Path, template: Path) -> None:
        self.spool = Spool(folder / "spool")
        self.spool.prepare()
        self.state = State(f"sqlite:///{shutil.copy(template, folder / 'state.sqlite3')}")

    def seal(self, id_: str = ID) -> None:
        incoming = self.spool.begin(id_)
        read, write = os.pipe()
        os.write(write, b"%PDF")
        os.close(write)
        incoming.add("a.pdf", read)
        os.close(read)
        incoming.seal(Envelope("gui", Channel.FOLDER, NOON))

    def admit(self, id_: str = ID) -> None:
        self.state.admit(id_, "gui", id_, NOON).result()

    def start(self, id_: str = ID) -> None:
        self.state.write(lambda c: submissions.start_attempt(c, id_, NOON))

    def move(self, state: SubmissionState, id_: str = ID) -> None:
        self.state.write(lambda c: submissions.move(c, id_, state))

    def row(self, id_: str = ID):
        return self.state.read(lambda c: submissions.get(c, id_))

    def story(self, id_: str = ID) -> list[str]:
        return [e.kind for e in self.state.read(lambda c: events.of_submission(c, id_))]

    def recover(self, attempts: int = 3) -> Recovered:
        return recover(self.spool, self.state, NOON, attempts)

    def twice(self, attempts: int = 3) -> Recovered:
        """What the first run found; the second finds nothing and changes nothing."""
        found = self.recover(attempts)
        rows, story = self.state.read(submissions.listed), self.state.read(lambda c: events.after(c, 0, 1000))
        files = sorted(p for p in self.spool.root.rglob("*"))
        assert self.recover(attempts) == NOTHING
        assert self.state.read(submissions.listed) == rows
        assert self.state.read(lambda c: events.after(c, 0, 1000)) == story
        assert sorted(p for p in self.spool.root.rglob("*")) == files
        return found


@pytest.fixture
def tmp_path(in_memory: Path) -> Path:
    """Every step is synced to disk, and no test here cuts the power."""
    return in_memory


@pytest.fixture
def site(tmp_path: Path, template: Path) -> Iterator[Site]:
    site = Site(tmp_path, template)
    yield site
    site.state.close()


def test_an_empty_site_needs_nothing(site):
    assert site.twice() == NOTHING


def test_what_is_whole_is_left_as_it_is(site):
    site.seal()
    site.admit()
    assert site.twice() == NOTHING
    assert site.row().state is SubmissionState.WAITING
    assert site.spool.verify(ID)


def test_a_draft_is_forgotten_its_source_still_has_it(site):
    site.spool.begin(ID)
    assert site.twice() == Recovered(1, 0, 0, ())
    assert list(site.spool.drafts()) == []


def test_a_sealed_folder_without_a_row_moves_aside_with_an_event(site):
    site.seal()
    assert site.twice() == Recovered(0, 1, 0, ())
    assert (site.spool.root / "orphaned" / ID / "001").read_bytes() == b"%PDF"
    assert site.story() == ["orphaned"]


@pytest.mark.parametrize("damage", ["folder", "envelope", "torn envelope"])
@pytest.mark.parametrize("started", [False, True], ids=["waiting", "deciding"])
def test_a_row_without_its_folder_is_held_with_an_alarm(site, damage, started):
    site.seal()
    site.admit()
    if started:
        site.start()
    folder = site.spool.folder_of(ID)
    if damage == "folder":
        folder.rename(folder.with_name("lost"))
        site.admit("lost")
        site.move(SubmissionState.ACCEPTED, "lost")
    elif damage == "envelope":
        (folder / "envelope.json").unlink()
    else:
        (folder / "envelope.json").write_bytes(b'{"id"')
    assert site.twice() == Recovered(0, 0, 1, ())
    row = site.row()
    assert (row.state, row.hold_kind, row.verdict) == (SubmissionState.HELD, HoldKind.FAILURE, VerdictKind.HOLD)
    assert site.story()[-1] == "spool-damaged"


def test_an_interrupted_attempt_counts_and_its_submission_is_a_suspect(site):
    for id_ in (ID, OTHER):
        site.seal(id_)
        site.admit(id_)
    site.start()
    assert site.twice() == Recovered(0, 0, 0, (ID,))
    assert (site.row().state, site.row().failures) == (SubmissionState.WAITING, 1)
    assert site.story() == ["admitted", "attempt-failed"]
    assert site.row(OTHER).failures == 0


def test_what_brings_us_down_again_and_again_is_held(site):
    site.seal()
    site.admit()
    for _ in range(3):
        site.start()
        site.recover()
    assert (site.row().state, site.row().hold_kind) == (SubmissionState.HELD, HoldKind.FAILURE)
    assert site.twice() == NOTHING


def test_a_quarantine_that_was_committed_and_not_moved_is_moved(site):
    site.seal()
    site.admit()
    site.move(SubmissionState.QUARANTINED)
    assert site.twice() == NOTHING
    assert site.spool.is_quarantined(ID)


@pytest.mark.parametrize("stood", [SubmissionState.ACCEPTED, SubmissionState.WAITING, SubmissionState.DECIDING])
def test_what_an_older_state_knows_as_open_is_locked_away_again(site, stood):
    """A backup of before the quarantine was put back: its words are in the state, its bytes are not in reach."""
    site.seal()
    site.admit()
    site.start()
    site.state.write(lambda c: acts.queue(c, Act(ActKind.HOLD, ID, "chị An", "trích yếu mật", NOON, 0)))
    site.spool.quarantine(ID)
    site.move(stood)
    assert site.twice() == NOTHING
    assert site.row().state is SubmissionState.QUARANTINED
    assert site.state.read(lambda c: [each.why for each in acts.queued(c)]) == [""]


def test_an_interrupted_delivery_stays_due_and_its_attempt_is_closed(site):
    site.seal()
    site.admit()
    new = NewDelivery(DeliveryKind.FORWARD, "forward:1", "folder", "a/nhan", "H1", "0001")
    site.state.write(partial(deliveries.write, submission_id=ID, version=1, at=NOON, wanted=(new,)))
    site.state.write(lambda c: deliveries.start_attempt(c, f"{ID}-1", NOON))
    assert site.twice() == NOTHING
    (due,) = site.state.read(lambda c: deliveries.due(c, NOON, 10))
    assert (due.id, due.attempts) == (f"{ID}-1", 1)


def test_everything_at_once(site):
    site.spool.begin("260302-DRAFT000")
    site.seal("260302-ORPHAN00")
    site.seal(ID)
    site.admit(ID)
    site.start(ID)
    site.admit("260302-LOST0000")
    site.seal(OTHER)
    site.admit(OTHER)
    site.move(SubmissionState.QUARANTINED, OTHER)
    assert site.twice() == Recovered(1, 1, 1, (ID,))
