"""Held, and why: codes of the reasons for which submissions are held, counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from vbdaemon.model import VerdictKind
from vbdaemon.state import decisions, queue_views
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import HoldKind, SubmissionRow
from vbdaemon.state.store import State

MOST = 2000
"""Held submissions that are looked at; an office where more are held has another question first."""
Read = Callable[[Callable[[Connection], list[SubmissionRow]]], list[SubmissionRow]]


@dataclass(frozen=True, slots=True)
class HeldFor:
    """How many are held for one reason."""

    code: str
    """Of the reason; "by-person" and "processing-failed" where no finding holds."""
    kind: HoldKind
    count: int
    oldest_at: datetime


class HeldReasons:
    """Looks into each decision once: a decision never changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[str, ...]] = {}

    def counted(self, state: State) -> tuple[HeldFor, ...]:
        """Reasons with their counts, most often first; a submission held for two reasons counts in both."""
        rows = state.read(partial(queue_views.held, limit=MOST))
        known = {(row.id, row.version): self._known.get((row.id, row.version)) for row in rows}
        counts: dict[tuple[str, HoldKind], list[datetime]] = {}
        for row in rows:
            codes = known[row.id, row.version]
            if codes is None:
                codes = state.read(partial(_codes, row=row))
            self._known[row.id, row.version] = codes
            for code in codes:
                counts.setdefault((code, row.hold_kind or HoldKind.REVIEW), []).append(row.received_at)
        self._known = {key: self._known[key] for key in known}
        found = (HeldFor(code, kind, len(moments), min(moments)) for (code, kind), moments in counts.items())
        return tuple(sorted(found, key=lambda each: (-each.count, each.code)))


def _codes(connection: Connection, row: SubmissionRow) -> tuple[str, ...]:
    if row.hold_kind is HoldKind.FAILURE:
        return ("processing-failed",)
    if row.hold_kind is HoldKind.PERSON:
        return ("by-person",)
    decision = decisions.latest(connection, row.id)
    held = [d.verdict for d in decision.documents if d.verdict.kind is VerdictKind.HOLD] if decision else []
    return tuple(dict.fromkeys(reason.code for verdict in held for reason in verdict.reasons)) or ("no-reason",)
