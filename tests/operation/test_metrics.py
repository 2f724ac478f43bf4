"""Measurements are those of the state, in the words that Prometheus reads, over HTTP on this machine alone."""

import json
import urllib.error
import urllib.request
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from vbdaemon.errors import ConfigurationError, StateError
from vbdaemon.model import Outcome
from vbdaemon.operation.disk import Room
from vbdaemon.operation.health import Health, HealthServer, Listen, health_of
from vbdaemon.operation.metrics import MetricReader, TrustAges
from vbdaemon.operation.metrics_family import Durations, gauge
from vbdaemon.operation.notify_heartbeat import Heartbeat
from vbdaemon.state import markers, submissions
from vbdaemon.state.events import record
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.testing import NOON


def values(page):
    """Numbers by name and labels; Prometheus' own parser reads the page."""
    families = text_string_to_metric_families(page.decode())
    return {(s.name, *sorted(s.labels.items())): s.value for family in families for s in family.samples}


def of(name, **labels):
    return (f"vbdaemon_{name}", *sorted(labels.items()))


def test_a_histogram_counts_what_is_at_most_so_long():
    durations = Durations((1.0, 5.0))
    for seconds in (0.5, 1.0, 3.0, 60.0, -2.0):
        durations.add(seconds)
    assert durations.buckets() == [("1.0", 3.0), ("5.0", 4.0), ("+Inf", 5.0)]
    assert (durations.total, durations.count) == (64.5, 5)
    assert Durations((1.0,)).buckets() == [("1.0", 0.0), ("+Inf", 0.0)]


@pytest.fixture
def reader(site):
    heartbeat = Heartbeat(lambda: 0.0)
    heartbeat.expect("runner")
    return MetricReader(
        site.state,
        lambda: NOON + timedelta(minutes=10),
        heartbeat=heartbeat,
        disk=lambda: (Room(Path("/srv"), 5, 10),),
        paused=lambda: "why",
        further=(lambda: [gauge("plugin_seconds", "x", [], [((), 1)])],),
    )


def test_what_waits_is_measured_now(site, reader):
    site.receive(at=NOON)
    site.receive(SubmissionState.HELD, HoldKind.REVIEW, codes=("form-unknown",))
    site.deliver(site.receive(SubmissionState.ACCEPTED), Outcome.deferred("no folder"))
    site.state.write(lambda c: markers.mark(c, "backup", NOON, "/b"))
    found = values(reader.page())
    assert found[of("queue", stage="decide")] == 1
    assert found[of("oldest_waiting_seconds", stage="decide")] == 600
    assert found[of("held", reason="form-unknown", kind="review")] == 1
    assert found[of("deliveries_outstanding", destination="folder:H40.1", state="failing")] == 1
    assert found[of("last_backup_timestamp_seconds")] == NOON.timestamp()
    assert found[of("disk_free_bytes", path="/srv")] == 5
    assert found[of("intake_paused")] == 1
    assert found[of("loop_silent_seconds", loop="runner")] == 0
    assert found[of("plugin_seconds")] == 1


def decide(site, id_, started, ended):
    site.state.write(partial(submissions.start_attempt, submission_id=id_, at=started))
    site.state.write(partial(submissions.end_attempt, submission_id=id_, at=ended, words=""))
    words = "REJECT form-unknown secret"
    site.state.write(partial(record, at=ended, kind="decided", submission_id=id_, words=words))


def test_what_was_done_is_counted_once_from_the_start_of_the_reader_on(site):
    site.receive()
    reader = MetricReader(site.state, lambda: NOON)
    id_ = site.receive(at=NOON)
    decide(site, id_, NOON + timedelta(seconds=2), NOON + timedelta(seconds=5))
    site.deliver(site.receive(SubmissionState.ACCEPTED), Outcome.delivered(""), at=NOON + timedelta(seconds=3))
    for _ in range(2):
        found = values(reader.page())
    assert found[of("submissions_received_total", source="phong-noi-vu/gui")] == 2
    assert found[of("decisions_total", verdict="REJECT")] == 1
    assert found[of("verdict_reasons_total", verdict="REJECT", reason="form-unknown")] == 1
    assert found[of("deliveries_total", kind="notice", outcome="delivered")] == 1
    assert found[of("stage_seconds_sum", stage="wait")] == 2
    assert found[of("stage_seconds_sum", stage="decide")] == 3
    assert found[of("stage_seconds_sum", stage="deliver")] == 3
    assert found[of("stage_seconds_count", stage="decide")] == 1


def test_what_alerts_ask_for_is_there_before_it_happens(site):
    found = values(MetricReader(site.state, lambda: NOON).page())
    assert {kind: found[of("deliveries_total", kind=kind, outcome="failed")] for kind in ("forward", "returned")} == {
        "forward": 0,
        "returned": 0,
    }
    assert found[of("decisions_total", verdict="QUARANTINE")] == 0
    assert found[of("events_total", kind="reload-refused")] == 0


def test_a_mail_that_came_back_is_counted_as_such(site):
    reader = MetricReader(site.state, lambda: NOON)
    id_ = site.receive()
    words = "delivery 260302-1-1 came back: unknown user"
    site.state.write(partial(record, at=NOON, kind="delivery-failed", submission_id=id_, words=words))
    assert values(reader.page())[of("deliveries_total", kind="returned", outcome="failed")] == 1


def test_the_trust_folder_is_read_again_only_when_it_changed(site, monkeypatch):
    ages = TrustAges(site.folder / "config" / "trust", lambda: NOON)
    assert [metric.name for metric in ages.metrics()] == [
        "vbdaemon_certificate_end_timestamp_seconds",
        "vbdaemon_crl_end_timestamp_seconds",
    ]
    monkeypatch.setattr("vbdaemon.operation.metrics.trust_lines", None)
    list(ages.metrics())


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_late_loops_are_deadly_and_a_pause_or_a_silent_database_is_not():
    clock = Clock()
    heartbeat = Heartbeat(clock)
    heartbeat.expect("runner", 60)
    assert health_of(heartbeat, "", int) == Health(live=True, ready=True)
    assert health_of(heartbeat, "paused because", int) == Health(live=True, ready=False, why=("paused because",))

    def silent():
        raise StateError("state store: locked")

    assert health_of(heartbeat, "", silent).why == ("state store: locked",)
    clock.now = 100.0
    assert health_of(heartbeat, "", int) == Health(False, False, ("runner has not turned for 100 s",))


@pytest.fixture
def served():
    answers = {"metrics": lambda: b"x 1\n", "health": Health(live=True, ready=False, why=("paused",))}

    def metrics() -> bytes:
        return answers["metrics"]()

    server = HealthServer(Listen("127.0.0.1", 0), metrics, lambda: answers["health"])
    server.start()
    yield server, answers
    server.stop()


def fetch(server, path, method="GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", method=method)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.status, refusal.headers["Content-Type"], refusal.read().decode()


def test_four_pages_are_served_and_nothing_else(served):
    server, _ = served
    assert fetch(server, "/metrics") == (200, "text/plain; version=0.0.4; charset=utf-8", "x 1\n")
    assert fetch(server, "/health/live")[0] == 200
    status, kind, body = fetch(server, "/health/ready")
    assert (status, kind, json.loads(body)) == (
        503,
        "application/json",
        {"live": True, "ready": False, "why": ["paused"], "alarms": {}},
    )
    assert fetch(server, "/health")[0] == 503
    assert fetch(server, "/")[0] == 404
    assert fetch(server, "/metrics", "POST")[0] == 501


def test_a_database_that_does_not_answer_is_said_and_the_server_lives_on(served):
    server, answers = served

    def silent():
        raise StateError("state store: locked")

    answers["metrics"] = silent
    assert fetch(server, "/metrics") == (503, "text/plain", "state store: locked\n")
    answers["metrics"] = lambda: b"x 2\n"
    assert fetch(server, "/metrics")[0] == 200


def test_a_taken_port_is_a_mistake_in_words(served):
    server, _ = served
    with pytest.raises(ConfigurationError, match="name another port"):
        HealthServer(Listen("127.0.0.1", server.port), bytes, lambda: Health(True, True)).start()


@pytest.mark.parametrize(("words", "host", "port"), [("127.0.0.1:9273", "127.0.0.1", 9273), ("[::1]:80", "::1", 80)])
def test_it_listens_on_this_machine(words, host, port):
    assert Listen.of(words) == Listen(host, port)


@pytest.mark.parametrize("words", ["0.0.0.0:9273", "192.168.1.5:80", "9273", "localhost:80", "127.0.0.1:x"])
def test_it_listens_nowhere_else(words):
    with pytest.raises(ConfigurationError, match=r"\[metrics\] listen"):
        Listen.of(words)
