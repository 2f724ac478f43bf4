"""Judging the archive again, with other plugins or rules, for the comparison alone: nothing is written or sent."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from vbdaemon.config import Settings, read_toml
from vbdaemon.errors import ConfigurationError, VbdaemonError
from vbdaemon.pipeline.codes import Codes, codes_of, differences
from vbdaemon.pipeline.decide import DecideTask
from vbdaemon.pipeline.pool import Pool
from vbdaemon.pipeline.shadow import Judged, ShadowTask
from vbdaemon.state import corrections, decisions, soundness, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.shadow import Difference
from vbdaemon.state.store import State

AHEAD = 2
"""Submissions at hand for each worker."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How one submission went."""

    submission: str
    received_at: datetime
    documents: int = 0
    differences: tuple[Difference, ...] = ()
    failed: str = ""
    """Why it could not be judged again."""
    left_out: str = ""
    """Why it was not tried."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the state keeps of a decision."""

    task: DecideTask
    received_at: datetime
    documents: tuple[Codes, ...]
    left_out: str = ""


def replay(state: State, pool: Pool, ids: Sequence[str]) -> Iterator[Replayed]:
    """Each in turn; `pool` has the plugins and rules that are tried. People's corrections and waivers count."""
    under_way: deque[tuple[_Kept, Future[Judged]]] = deque()
    for submission_id in ids:
        kept = state.read(partial(_kept, submission_id=submission_id))
        if kept.left_out:
            yield Replayed(submission_id, kept.received_at, left_out=kept.left_out)
            continue
        under_way.append((kept, pool.submit(ShadowTask(kept.task))))
        if len(under_way) >= pool.size * AHEAD:
            yield _compared(*under_way.popleft())
    while under_way:
        yield _compared(*under_way.popleft())


def with_rules(settings: Settings, policy: Path | None, files: Sequence[Path]) -> Settings:
    """The settings with another policy, and rule files in place of those of their kind; told by what is in them."""
    changes: dict[str, Path] = {} if policy is None else {"policy": _there(policy)}
    for file in files:
        kind = _kind(_there(file))
        if kind in changes:
            raise ConfigurationError(f"{file}: a second file of the kind {kind!r}; give one")
        changes[kind] = file.absolute()
    return settings.model_copy(update={"rules": settings.rules.model_copy(update=changes)})


def _there(file: Path) -> Path:
    if not file.exists():
        raise ConfigurationError(f"{file}: no such file")
    return file.absolute()


def _kind(file: Path) -> str:
    """The key of `[rules]` that a file is for; a folder holds lists."""
    if file.is_dir():
        return "transmission"
    table = read_toml(file, "rules")
    if "finding" in table:
        return "policy"
    if "form" in table:
        return "forms"
    if "digest" in table or "key" in table:
        return "signatures"
    rows = [row for row in table.get("rule", ()) if isinstance(row, dict)]
    if any("transmission" in row for row in rows):
        return "transmission"
    if any("part" in row for row in rows):
        return "format_file"
    raise ConfigurationError(f"{file}: neither a policy nor lists, forms, rules of format or of signatures")


def _kept(connection: Connection, *, submission_id: str) -> _Kept:
    row = submissions.get(connection, submission_id)
    nothing = _Kept(DecideTask(submission_id), row.received_at, ())
    if soundness.is_disposed(connection, submission_id):
        return replace(nothing, left_out="disposed of")
    decision = decisions.latest(connection, submission_id)
    if decision is None:
        return replace(nothing, left_out="never decided")
    task = DecideTask(
        submission_id,
        submissions.waivers_of(connection, submission_id),
        corrections.of_submission(connection, submission_id),
        decision.joined,
    )
    return _Kept(task, row.received_at, codes_of(decision))


def _compared(kept: _Kept, future: "Future[Judged]") -> Replayed:
    try:
        after = future.result()
    except VbdaemonError as error:
        return Replayed(kept.task.submission, kept.received_at, failed=str(error))
    found = differences(kept.documents, after.documents)
    return Replayed(kept.task.submission, kept.received_at, len(kept.documents), found)
