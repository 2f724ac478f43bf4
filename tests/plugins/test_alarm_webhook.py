"""plugins/alarm_webhook.py, posting to a real server on a loopback port."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from vbdaemon.errors import PluginError, PluginFailed
from vbdaemon.model import Event
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import NOON

FOLDER = Path(__file__).parents[2] / "plugins"
NAME = "alarm_webhook"
EVENT = Event(7, NOON, "processing-failed", "20260302-0001", "released by Trần Thị Hoài Thu: đã xem")


class Receiver(HTTPServer):
    """Keeps what it is sent; answers with the next of `statuses`, 204 when there is none left."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posted: list[tuple[str, str, bytes]] = []
        self.statuses: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/alarm?room=1"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, self.headers["Content-Type"], body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def load(**table: object) -> Registry:
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def track(registry: Registry, event: Event = EVENT) -> PluginFailed | None:
    (failure,) = registry.each("track_event", event=event)
    return failure


def test_an_alarm_is_posted_as_json_without_the_words_of_the_event(receiver):
    assert track(load(url=receiver.url, site="van-thu-1")) is None

    ((path, kind, body),) = receiver.posted
    assert (path, kind) == ("/alarm?room=1", "application/json; charset=utf-8")
    assert json.loads(body) == {
        "event": 7,
        "at": "2026-03-02T05:00:00+00:00",
        "kind": "processing-failed",
        "submission": "20260302-0001",
        "site": "van-thu-1",
        "text": "vbdaemon van-thu-1 processing-failed 20260302-0001",
    }


def test_other_kinds_are_not_posted(receiver):
    track(load(url=receiver.url), Event(8, NOON, "decided", "20260302-0001", "ACCEPT"))
    track(load(url=receiver.url, kinds=["disk"]))
    assert receiver.posted == []

    track(load(url=receiver.url, kinds=["decided"]), Event(8, NOON, "decided", None, "ACCEPT"))
    assert json.loads(receiver.posted[0][2])["text"] == "vbdaemon decided"


@pytest.mark.parametrize(
    ("statuses", "posted", "failed"), [([500], 2, False), ([500, 503], 2, True), ([302] * 2, 2, True)]
)
def test_it_is_tried_twice_and_a_redirect_is_not_followed(receiver, statuses, posted, failed):
    receiver.statuses = list(statuses)

    failure = track(load(url=receiver.url))
    assert (len(receiver.posted), failure is not None) == (posted, failed)
    assert {path for path, _, _ in receiver.posted} == {"/alarm?room=1"}


def test_a_receiver_that_is_away_or_silent_is_a_named_failure_within_its_time(receiver):
    receiver.shutdown()  # connections are taken, nobody answers
    failure = track(load(url=receiver.url, seconds=0.1))

    assert failure is not None
    assert (failure.plugin, failure.hook) == (NAME, "track_event")
    assert "ConnectionError" in str(failure)
    assert "Thu" not in str(failure)


@pytest.mark.parametrize("url", ["ftp://example.vn/x", "example.vn/x", "http:///x", "https://user:pw@example.vn/x"])
def test_an_address_that_cannot_be_posted_to_is_named_with_its_key(url):
    with pytest.raises(PluginError, match=r"plugins\.alarm_webhook\.url"):
        load(url=url)


def test_it_does_not_start_without_an_address():
    with pytest.raises(PluginError, match=r"plugins\.alarm_webhook\.url: Field required"):
        load()
