"""Committed events are shown to plugins in order; one that fails stops nothing and is named."""

from vbdaemon.delivery.tracking import TrackTask
from vbdaemon.model import Event
from vbdaemon.testing import NOON

EVENTS = tuple(Event(number, NOON, "decided", None, "") for number in (1, 2, 3))


def test_every_plugin_sees_every_event_in_order_and_failures_are_told(outbox):
    told = outbox.folder / "told"
    good = f"@hookimpl\ndef track_event(event):\n    with open({str(told)!r}, 'a') as file: file.write(str(event.id))\n"
    bad = "@hookimpl\ndef track_event(event):\n    if event.id == 2: raise ValueError('words of a document')\n"
    failures = TrackTask(EVENTS).run(outbox.place(bad=bad, good=good))
    assert told.read_text() == "123"
    assert len(failures) == 1
    assert "'bad'" in failures[0]
    assert "words of a document" not in failures[0]
