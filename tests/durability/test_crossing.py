"""What a person does while an attempt is under way stays done, however the attempt ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vbdaemon.model import Act, ActKind, DeliveryKind, Destination, DocumentVerdict, Outcome, Verdict
from vbdaemon.model.register import Books
from vbdaemon.operation.acts import Bench, apply
from vbdaemon.pipeline.settlement import Desk, settle
from vbdaemon.spool.store import Spool
from vbdaemon.state import acts, deliveries, submissions
from vbdaemon.state.records import ActState, Decision, DeliveryState, HoldKind, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import make_snapshot

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
ID = "260302-ABCDEFGH"


class Desktop:
    """A state with one submission, and people who act on it."""

    def __init__(self, folder: Path) -> None:
        self.state = State(f"sqlite:///{folder / 'state.sqlite3'}")
        self.bench = Bench(Spool(folder / "spool"), Desk(make_snapshot(), Books()))
        self.state.admit(ID, "phong-noi-vu/gui", "key", NOW).result()

    def row(self):
        return self.state.read(lambda c: submissions.get(c, ID))

    def act(self, kind: ActKind) -> ActState:
        act = Act(kind, ID, "Người Trực", "thử", NOW, self.row().version)
        number = self.state.write(lambda c: acts.queue(c, act))
        queued = self.state.read(lambda c: acts.get(c, number))
        return self.state.write(lambda c: apply(c, queued, self.bench, NOW))

    def start(self) -> int:
        return self.state.write(lambda c: submissions.start_attempt(c, ID, NOW))

    def settle(self, version: int, decision: Decision) -> SubmissionState:
        return self.state.write(lambda c: settle(c, ID, version, decision, self.bench.desk, NOW))

    def fail(self, most: int = 3) -> None:
        self.state.write(lambda c: submissions.fail_attempt(c, ID, NOW, "it broke", most))

    def deliveries(self):
        return self.state.read(lambda c: deliveries.of_submission(c, ID))


@pytest.fixture
def desk(tmp_path):
    made = Desktop(tmp_path)
    yield made
    made.state.close()


def refused(snapshot: str = "test") -> Decision:
    verdict = DocumentVerdict("a.pdf", "0" * 64, ("0" * 64,), None, (), (), Verdict.reject())
    return Decision((verdict,), reply=Destination("folder", "phong-noi-vu/ket-qua", "H40"), snapshot=snapshot)


@pytest.mark.parametrize("most", [1, 3])
@pytest.mark.parametrize(
    ("kind", "state"), [(ActKind.HOLD, SubmissionState.HELD), (ActKind.QUARANTINE, SubmissionState.QUARANTINED)]
)
def test_an_attempt_that_fails_after_the_act_changes_nothing(desk, kind, state, most):
    desk.start()
    assert desk.act(kind) is ActState.APPLIED
    before = desk.row()
    desk.fail(most)
    assert desk.row().state is state
    assert desk.row() == before
    if kind is ActKind.HOLD:
        assert desk.row().hold_kind is HoldKind.PERSON


def test_an_attempt_that_fails_after_a_retry_leaves_the_retry_its_own_attempts(desk):
    desk.start()
    assert desk.act(ActKind.RETRY) is ActState.APPLIED
    desk.fail(1)
    assert desk.row().state is SubmissionState.WAITING


@pytest.mark.parametrize("kind", [ActKind.HOLD, ActKind.QUARANTINE])
def test_a_notice_that_was_withdrawn_while_it_was_being_sent_is_not_tried_again(desk, kind):
    desk.settle(desk.start(), refused())
    (notice,) = desk.deliveries()
    assert notice.kind is DeliveryKind.NOTICE
    assert desk.state.write(lambda c: deliveries.start_attempt(c, notice.id, NOW))
    assert desk.act(kind) is ActState.APPLIED
    desk.state.write(lambda c: deliveries.end_attempt(c, notice, NOW, Outcome.deferred("no folder"), LATER))
    (after,) = desk.deliveries()
    assert after.state is DeliveryState.CANCELLED
    assert not desk.state.read(lambda c: deliveries.due(c, LATER + timedelta(hours=1), 10))


def test_a_notice_that_was_withdrawn_too_late_is_known_to_have_arrived(desk):
    desk.settle(desk.start(), refused())
    (notice,) = desk.deliveries()
    desk.state.write(lambda c: deliveries.start_attempt(c, notice.id, NOW))
    desk.act(ActKind.HOLD)
    desk.state.write(lambda c: deliveries.end_attempt(c, notice, NOW, Outcome.delivered("there"), LATER))
    (after,) = desk.deliveries()
    assert after.state is DeliveryState.DELIVERED


def test_what_was_judged_under_an_earlier_snapshot_is_judged_again(desk):
    assert desk.settle(desk.start(), refused("earlier")) is SubmissionState.WAITING
    assert desk.row().state is SubmissionState.WAITING
    assert not desk.deliveries()
    assert desk.settle(desk.start(), refused()) is SubmissionState.REJECTED
