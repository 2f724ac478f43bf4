"""How often each plugin broke an attempt, and when last, as the events tell."""

import re
from dataclasses import dataclass
from datetime import datetime

from vbdaemon.state import plugin_marks
from vbdaemon.state.store import State

KINDS = ("attempt-failed", "processing-failed", "notice-fallback")
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
    for event in state.read(lambda c: plugin_marks.failures(c, KINDS)):
        culprit = _CULPRIT.match(event.words)
        if culprit:
            before = found.get(culprit[1])
            found[culprit[1]] = Failures(1 + (before.count if before else 0), event.at, event.words)
    return found
