"""How often each plugin broke an attempt, and when last, as the events tell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from vbdaemon.model import Event
from vbdaemon.state import events
from vbdaemon.state.store import State

KINDS = ("attempt-failed", "processing-failed", "notice-fallback")
AT_ONCE = 5000
_CULPRIT = re.compile(r"plugin '([^']+)' (?:failed )?in hook '(\w+)'")


@dataclass(frozen=True, slots=True)
class Failures:
    """Of one plugin."""

    count: int
    last_at: datetime
    last_words: str


def failures(state: State) -> dict[str, Failures]:
    """By name of the plugin, over all events that are kept."""
    found: dict[str, Failures] = {}
    cursor = 0
    while some := state.read(partial(events.after, event_id=cursor, limit=AT_ONCE)):
        _count(some, found)
        cursor = some[-1].id
    return found


def _count(some: Iterable[Event], found: dict[str, Failures]) -> None:
    for event in some:
        culprit = _CULPRIT.search(event.words) if event.kind in KINDS else None
        if culprit:
            before = found.get(culprit[1])
            found[culprit[1]] = Failures(1 + (before.count if before else 0), event.at, event.words)
