"""The agent: an attempt is on disk before anything is sent, its outcome after; nothing is sent twice at once."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest
from sqlalchemy import text

from vbdaemon.delivery import agent as agents
from vbdaemon.delivery.agent import Agent
from vbdaemon.delivery.task import DeliverTask, Sent
from vbdaemon.errors import StateError
from vbdaemon.model import DeliveryKind, NoticeRules, Outcome
from vbdaemon.pipeline.pool import AttemptFailed
from vbdaemon.state import deliveries
from vbdaemon.state.records import DeliveryState, NewDelivery
from vbdaemon.testing import NOON, FrozenClock

DUE, DELIVERED, FAILED = DeliveryState.DUE, DeliveryState.DELIVERED, DeliveryState.FAILED


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.002)


class FakePool:
    size = 4

    def __init__(self) -> None:
        self.tasks: dict[str, tuple[DeliverTask, Future[Sent]]] = {}
        self.story: list[str] = []

    def submit(self, task: DeliverTask) -> "Future[Sent]":
        future: Future[Sent] = Future()
        self.tasks[task.row.id] = (task, future)
        self.story.append(task.row.id)
        return future

    def end(self, delivery: str, outcome: Outcome | Exception, trouble: str = "") -> DeliverTask:
        eventually(lambda: delivery in self.tasks)
        task, future = self.tasks.pop(delivery)
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(Sent(outcome, trouble))
        return task


class FlakyState:
    def __init__(self, state) -> None:
        self._state, self.broken, self.refused = state, False, 0

    def __getattr__(self, name: str):
        return getattr(self._state, name)

    def write_later(self, change):
        if not self.broken:
            return self._state.write_later(change)
        self.refused += 1
        future: Future[object] = Future()
        future.set_exception(StateError("state store: database or disk is full"))
        return future


class Post:
    def __init__(self, outbox) -> None:
        self.outbox, self.pool, self.clock = outbox, FakePool(), FrozenClock()
        self.state = FlakyState(outbox.state)
        self.steps: list[str] = []
        silent = NoticeRules(receipts=("03",))
        self.agent = Agent(self.state, self.pool, self.clock, self.steps.append, notices=lambda: silent)

    def state_of(self, delivery: str) -> DeliveryState:
        return next(r.state for r in self.outbox.rows(delivery.rpartition("-")[0]) if r.id == delivery)


@pytest.fixture
def post(outbox, monkeypatch) -> Iterator[Post]:
    monkeypatch.setattr(agents, "LOOK_SECONDS", 0.02)
    post = Post(outbox)
    yield post
    post.agent.stop()


def ids(outbox, name) -> tuple[str, str]:
    """Delivery ids of the forward and of the notice."""
    rows = {row.kind: row.id for row in outbox.rows(name)}
    return rows[DeliveryKind.FORWARD], rows[DeliveryKind.NOTICE]


def test_what_is_due_is_sent_and_recorded(post):
    forward, notice = ids(post.outbox, post.outbox.decide())
    post.agent.start()
    for delivery in (forward, notice):
        post.pool.end(delivery, Outcome.delivered("there"))
    eventually(lambda: post.state_of(forward) is post.state_of(notice) is DELIVERED)
    assert sorted(post.pool.story) == sorted([forward, notice])
    kinds = [kind for kind, _ in post.outbox.story(forward.rpartition("-")[0])]
    assert kinds.count("delivery-delivered") == 2
    assert post.steps.count("delivery.started") == post.steps.count("delivery.recorded") == 2


def test_a_worker_is_given_the_countersign_of_its_delivery_and_no_key(post):
    post.agent = Agent(
        post.state, post.pool, post.clock, countersign=lambda delivery, at: f"{delivery} {at.isoformat()}"
    )
    forward, _ = ids(post.outbox, post.outbox.decide())
    post.agent.start()
    eventually(lambda: forward in post.pool.tasks)
    row = next(each for each in post.outbox.rows(forward.rpartition("-")[0]) if each.id == forward)
    assert post.pool.tasks[forward][0].countersign == f"{forward} {row.created_at.isoformat()}"


def test_an_attempt_is_counted_before_it_is_sent(post):
    name = post.outbox.decide()
    forward, _ = ids(post.outbox, name)
    post.agent.start()
    eventually(lambda: forward in post.pool.tasks)
    assert all(row.attempts == 1 for row in post.outbox.rows(name))
    open_ = post.outbox.state.read(lambda c: c.execute(text("SELECT outcome FROM delivery_attempts")).scalars().all())
    assert open_ == [None, None]


def test_a_delivery_under_way_is_not_sent_a_second_time(post):
    forward, notice = ids(post.outbox, post.outbox.decide())
    post.agent.start()
    eventually(lambda: len(post.pool.tasks) == 2)
    for _ in range(5):
        post.agent.wake()
        time.sleep(0.01)
    assert sorted(post.pool.story) == sorted([forward, notice])


def test_a_deferred_delivery_is_tried_again_in_its_time(post):
    forward, _ = ids(post.outbox, post.outbox.decide())
    post.agent.start()
    post.pool.end(forward, Outcome.deferred("no room"))
    eventually(lambda: "delivery.recorded" in post.steps)
    time.sleep(0.1)
    assert forward not in post.pool.tasks
    post.clock.advance(seconds=5)
    post.pool.end(forward, Outcome.deferred("no room"))
    eventually(lambda: post.steps.count("delivery.recorded") == 2)
    post.clock.advance(seconds=9)
    time.sleep(0.1)
    assert forward not in post.pool.tasks
    post.clock.advance(seconds=1)
    post.pool.end(forward, Outcome.delivered())
    eventually(lambda: post.state_of(forward) is DELIVERED)


def test_a_failed_delivery_is_told_and_given_up(post):
    forward, _ = ids(post.outbox, post.outbox.decide())
    post.agent.start()
    post.pool.end(forward, Outcome.failed("no plugin delivers to 'fax'"))
    eventually(lambda: post.state_of(forward) is FAILED)
    post.clock.advance(days=1)
    time.sleep(0.05)
    assert forward not in post.pool.tasks
    assert ("delivery-failed", "forward to folder:H2") in post.outbox.story(forward.rpartition("-")[0])


def test_a_worker_that_was_killed_defers(post):
    forward, _ = ids(post.outbox, post.outbox.decide())
    post.agent.start()
    post.pool.end(forward, AttemptFailed("plugin 'odd' in hook 'deliver' took longer than 120 s", "odd", "deliver"))
    eventually(lambda: "delivery.recorded" in post.steps)
    assert post.state_of(forward) is DUE


def test_a_notice_plugin_that_hangs_is_told_of_and_not_asked_again(post):
    """Otherwise the sender would never be told: every attempt would hang."""
    name = post.outbox.decide()
    _, notice = ids(post.outbox, name)
    post.agent.start()
    hung = "plugin 'odd' in hook 'compose_notice' took longer than 10 s"
    assert not post.pool.end(notice, AttemptFailed(hung, "odd", "compose_notice")).plain
    eventually(lambda: ("notice-fallback", hung) in post.outbox.story(name))
    post.clock.advance(seconds=5)
    assert post.pool.end(notice, Outcome.delivered()).plain
    eventually(lambda: post.state_of(notice) is DELIVERED)


def test_trouble_on_the_way_is_an_event(post):
    name = post.outbox.decide()
    _, notice = ids(post.outbox, name)
    post.agent.start()
    post.pool.end(notice, Outcome.delivered(), "plugin 'odd' failed in hook 'compose_notice': ValueError")
    eventually(lambda: "notice-fallback" in dict(post.outbox.story(name)))


def test_a_database_that_refuses_is_not_asked_without_pause(post, monkeypatch):
    monkeypatch.setattr(agents, "LOOK_SECONDS", 0.1)
    forward, _ = ids(post.outbox, post.outbox.decide())
    post.state.broken = True
    post.agent.start()
    time.sleep(0.5)
    assert 1 <= post.state.refused <= 20
    assert post.pool.story == []
    post.state.broken = False
    post.pool.end(forward, Outcome.delivered())


def test_a_delivery_that_cannot_be_started_does_not_keep_the_others_waiting(post, monkeypatch):
    monkeypatch.setattr(agents, "LOOK_SECONDS", 30.0)
    forward, notice = ids(post.outbox, post.outbox.decide())
    spoilt = "INSERT INTO delivery_attempts (delivery_id, number, started_at) VALUES (:d, 1, '2026-03-02 05:00:00')"
    post.outbox.state.write(lambda c: c.execute(text(spoilt), {"d": forward}))
    post.agent.start()
    post.pool.end(notice, Outcome.delivered())
    for _ in range(3):
        name = post.outbox.decide()
        post.agent.wake()
        post.pool.end(ids(post.outbox, name)[1], Outcome.delivered())
    assert forward not in post.pool.tasks


def test_an_outcome_that_could_not_be_written_makes_it_go_out_again(post):
    """At least once: the destination recognises the repeat."""
    forward, _ = ids(post.outbox, post.outbox.decide())
    post.agent.start()
    eventually(lambda: forward in post.pool.tasks)
    post.state.broken = True
    post.pool.end(forward, Outcome.delivered())
    eventually(lambda: post.state.refused >= 1)
    post.state.broken = False
    post.pool.end(forward, Outcome.delivered())
    eventually(lambda: post.state_of(forward) is DELIVERED)


def test_a_destination_is_tried_with_one_delivery_and_gets_more_as_it_answers(post):
    for _ in range(6):
        post.outbox.decide(to="phong-y-te/nhan")
    post.agent.start()
    eventually(lambda: len(post.pool.tasks) == 2)  # one to each of the two folders
    time.sleep(0.05)
    assert len(post.pool.tasks) == 2
    post.pool.end(to(post, "phong-y-te/nhan")[0], Outcome.delivered())
    eventually(lambda: len(to(post, "phong-y-te/nhan")) == 2)
    for delivery in to(post, "phong-y-te/nhan"):
        post.pool.end(delivery, Outcome.delivered())
    eventually(lambda: len(to(post, "phong-y-te/nhan")) == 3)


def test_a_destination_that_does_not_answer_is_left_alone_for_a_while(post):
    for _ in range(5):
        post.outbox.decide()
    post.agent.start()
    for _ in range(3):
        eventually(lambda: to(post, "phong-y-te/nhan"))
        post.pool.end(to(post, "phong-y-te/nhan")[0], Outcome.deferred("the folder does not exist"))
    time.sleep(0.1)
    assert to(post, "phong-y-te/nhan") == []
    post.clock.advance(seconds=11)
    eventually(lambda: len(to(post, "phong-y-te/nhan")) == 1)
    time.sleep(0.05)
    probe = to(post, "phong-y-te/nhan")
    assert len(probe) == 1
    post.pool.end(probe[0], Outcome.delivered())
    eventually(lambda: to(post, "phong-y-te/nhan"))


def test_what_hangs_holds_up_nobody_else(post):
    """Slow and unknown destinations never hold the last worker."""
    post.pool.size = 2
    agent = post.agent = Agent(post.state, post.pool, post.clock, post.steps.append)
    for folder in ("chet-1", "chet-2", "chet-3"):
        post.outbox.decide(to=f"{folder}/nhan")
    agent._traffic.know([("folder", "song/nhan")])
    agent.start()
    eventually(lambda: len(post.pool.tasks) == 1)  # it hangs
    for _ in range(4):
        post.outbox.decide(to="song/nhan")
    agent.wake()
    for _ in range(4):
        eventually(lambda: to(post, "song/nhan"))
        assert len(post.pool.tasks) == 2
        post.pool.end(to(post, "song/nhan")[0], Outcome.delivered())


def test_what_answered_before_a_restart_is_trusted_after_it(post):
    forward, notice = ids(post.outbox, post.outbox.decide())
    post.agent.start()
    for delivery in (forward, notice):
        post.pool.end(delivery, Outcome.delivered())
    eventually(lambda: post.steps.count("delivery.recorded") == 2)
    post.agent.stop()
    post.agent = Agent(post.state, post.pool, post.clock, post.steps.append)
    post.agent.start()
    eventually(lambda: post.agent._traffic.lane("folder:phong-y-te/nhan").quick)


def test_an_urgent_document_goes_before_those_that_wait(post):
    post.pool.size = 1
    agent = post.agent = Agent(post.state, post.pool, post.clock, post.steps.append)
    plain = [post.outbox.decide() for _ in range(3)]
    urgent = post.outbox.decide(urgency=3)
    agent.start()
    eventually(lambda: post.pool.tasks)
    assert post.pool.story[0] == ids(post.outbox, urgent)[0]
    assert plain


def test_a_mail_that_never_gets_through_is_given_up_and_told(post):
    name = post.outbox.decide(scheme="smtp", to="vanthu@y-te.example")
    forward, notice = ids(post.outbox, name)
    post.agent.start()
    post.pool.end(notice, Outcome.delivered())
    post.pool.end(forward, Outcome.deferred("450 try later"))
    eventually(lambda: post.steps.count("delivery.recorded") == 2)
    assert post.state_of(forward) is DUE
    post.clock.advance(days=5)
    post.pool.end(forward, Outcome.deferred("450 try later"))
    eventually(lambda: post.state_of(forward) is FAILED)
    rows = {row.id: row for row in post.outbox.rows(name)}
    assert rows[forward].words == "given up after 5 days: 450 try later"
    told = rows[f"{name}-3"]
    assert (told.kind, told.address) == (DeliveryKind.NOTICE, "phong-noi-vu/ket-qua")
    assert told.name == f"{forward}_chua-chuyen-duoc"
    task = post.pool.end(told.id, Outcome.delivered())
    assert task.missed.destination.address == "vanthu@y-te.example"
    kinds = [kind for kind, _ in post.outbox.story(name)]
    assert "delivery-given-up" in kinds


def test_a_folder_is_waited_for_as_long_as_it_takes(post):
    forward, _ = ids(post.outbox, post.outbox.decide())
    post.agent.start()
    for count in (1, 2):
        post.clock.advance(days=30)
        post.pool.end(forward, Outcome.deferred("no such folder"))
        eventually(lambda count=count: post.steps.count("delivery.recorded") == count)
    assert post.state_of(forward) is DUE


def test_a_letter_that_has_nothing_left_to_tell_is_withdrawn_not_tried_forever(post):
    name = post.outbox.decide()
    new = NewDelivery(DeliveryKind.NOTICE, "letter:assigned:1", "folder", "phong-y-te/ket-qua", "H2", "x", 0)
    post.outbox.state.write(lambda c: deliveries.write(c, name, 77, NOON, (new,)))
    post.agent.start()
    eventually(lambda: any(row.name == "x" and row.state is DeliveryState.CANCELLED for row in post.outbox.rows(name)))


def test_an_attempt_that_was_only_prepared_is_taken_back_at_the_end(post):
    post.pool.size = 1
    agent = post.agent = Agent(post.state, post.pool, post.clock, post.steps.append)
    name = post.outbox.decide()
    agent.start()
    eventually(lambda: post.steps.count("delivery.started") == 2)
    agent.stop()
    eventually(lambda: sorted(row.attempts for row in post.outbox.rows(name)) == [0, 1])
    open_ = post.outbox.state.read(lambda c: c.execute(text("SELECT count(*) FROM delivery_attempts")).scalar())
    assert open_ == 1


def to(post, address) -> list[str]:
    """Deliveries to this address that a worker has."""
    return [delivery for delivery, (task, _) in list(post.pool.tasks.items()) if task.row.address == address]
