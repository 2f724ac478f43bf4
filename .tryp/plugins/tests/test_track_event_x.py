# ruff: noqa: D103 - a test's name is its sentence
"""track_event_x.py, loaded as the daemon loads it.

`vbdaemon plugin test track_event_x` runs these tests as well; so does `python -m pytest`.
"""

import logging
from io import StringIO
from pathlib import Path

from vbdaemon.model import Event
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import NOON

FOLDER = Path(__file__).parents[1]
NAME = "track_event_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def test_events_of_the_listed_kinds_are_told() -> None:
    told = StringIO()
    handler = logging.StreamHandler(told)
    logging.getLogger("track_event_x").addHandler(handler)
    for kind in ("processing-failed", "decided"):
        assert list(load().each("track_event", event=Event(1, NOON, kind, "id", "words"))) == [None]
    logging.getLogger("track_event_x").removeHandler(handler)

    assert told.getvalue() == "processing-failed id words\n"
