"""Results of quarters that were sent: which was the last of each, so that a changed one replaces it, and none repeats.

The event says it, and a cursor finds the event again: one for each report and quarter.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vbdaemon.state import markers
from vbdaemon.state.report_letters import SENT, SKIPPED, ReportLetter, post

WAITS = "report-waits"
"""Kind of the event that says why the result of a quarter is long in coming."""
_ISSUE = re.compile(r"issue ([0-9]+)\b.*\bsha256 ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Told:
    """What was last said about a quarter."""

    at: datetime
    kind: str
    words: str
    issue: int
    """How often its result was sent; 0: it never was."""
    digest: str
    """SHA-256 of what the result comes to, as it was sent last."""


def last_told(connection: Connection, report: str, quarter: str) -> Told | None:
    """None where nothing was said yet."""
    event = markers.last_mark(connection, _name(report, quarter))
    if event is None:
        return None
    sent = _ISSUE.search(event.words or "") if event.kind == SENT else None
    return Told(event.at, event.kind, event.words or "", int(sent[1]) if sent else 0, sent[2] if sent else "")


def send(
    connection: Connection, report: str, quarter: str, digest: str, letter: ReportLetter, at: datetime, issue: int
) -> int:
    """Write the letters, and what they come to; answers how many. None where this issue was sent meanwhile."""
    told = last_told(connection, report, quarter)
    if told is not None and told.issue >= issue:
        return 0
    many = post(connection, letter, at)
    words = f"{report} {quarter}, issue {issue} in {letter.folder}: {many} letters, sha256 {digest}"
    markers.mark(connection, _name(report, quarter), at, words, SENT)
    return many


def say(connection: Connection, report: str, quarter: str, words: str, at: datetime, *, never: bool) -> bool:
    """Say why nothing is sent: it waits, or never will be (`never`). False when that was said last, or one was sent."""
    told, kind, words = (
        last_told(connection, report, quarter),
        SKIPPED if never else WAITS,
        f"{report} {quarter}: {words}",
    )
    if told is not None and (told.issue or (told.kind, told.words) == (kind, words)):
        return False
    markers.mark(connection, _name(report, quarter), at, words, kind)
    return True


def _name(report: str, quarter: str) -> str:
    return f"report:{report}/{quarter}"
