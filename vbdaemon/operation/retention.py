"""Retention: a rule proposes, a list names what would go, a person approves the list; nothing goes silently."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from vbdaemon.errors import ActRefused, SpoolDamaged, SpoolError, VbdaemonError
from vbdaemon.operation.retention_bytes import remove_bytes
from vbdaemon.spool.durable import make_folder, sync_folder, write_file
from vbdaemon.spool.incoming import ENVELOPE
from vbdaemon.spool.store import Spool
from vbdaemon.spool.stored import from_json
from vbdaemon.state import disposals
from vbdaemon.state.connection import Connection
from vbdaemon.state.disposals import Candidate
from vbdaemon.state.records import SubmissionState
from vbdaemon.state.store import State

SCHEMA = 2
LISTS = "disposals"


class RetentionError(VbdaemonError):
    """The disposal list cannot be used; make a new one with "vbdaemon retention list --out FILE"."""


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """After how many days what was settled may go; None = never. Days count from the last decision."""

    accepted_days: int | None = None
    rejected_days: int | None = None
    filed_days: int | None = None
    """Messages that hand in no document (answers of receivers, bounces); a piece goes with its whole instead."""
    checked_days: int | None = None
    """Checks before sending (kiem-tra): answered, never registered."""
    quarantined_days: int | None = None
    """Even then only those that a person names."""

    def before(self, state: SubmissionState, at: datetime) -> datetime | None:
        """What was settled before this moment may go; None = nothing of this state."""
        days = {
            SubmissionState.ACCEPTED: self.accepted_days,
            SubmissionState.REJECTED: self.rejected_days,
            SubmissionState.FILED: self.filed_days,
            SubmissionState.CHECKED: self.checked_days,
            SubmissionState.QUARANTINED: self.quarantined_days,
        }.get(state)
        return None if days is None else at - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Doomed:
    """One line of a disposal list. No names of files, no subjects: the list may be handed on."""

    id: str
    state: SubmissionState
    version: int
    received_at: datetime
    settled_at: datetime
    numbers: tuple[str, ...]
    """Register numbers."""
    hashes: tuple[str, ...]
    """SHA-256 of the files that were handed in."""
    size: int
    """Bytes of those files."""


@dataclass(frozen=True, slots=True)
class DisposalList:
    """What would be disposed of, by which rule, as of when."""

    schema: int
    made_at: datetime
    rule: RetentionRule
    entries: tuple[Doomed, ...]
    digest: str = ""
    """SHA-256 of all above: what is approved is what was listed."""

    def sealed(self) -> "DisposalList":
        """The list with its digest."""
        return DisposalList(self.schema, self.made_at, self.rule, self.entries, self.computed())

    def computed(self) -> str:
        """The digest that the list must bear."""
        bare = DisposalList(self.schema, self.made_at, self.rule, self.entries)
        return hashlib.sha256(_codec.dump_json(bare)).hexdigest()


_codec: TypeAdapter[DisposalList] = TypeAdapter(DisposalList)


@dataclass(slots=True)
class Disposed:
    """How an approval ended."""

    gone: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Those that changed since they were listed, each with the reason."""


def propose(
    state: State, spool: Spool, rule: RetentionRule, at: datetime, quarantined: tuple[str, ...] = ()
) -> DisposalList:
    """What may go; of the quarantined only those that are named. RetentionError when one of these may not."""
    entries = [
        _doomed(spool, each)
        for kind in disposals.SETTLED
        for candidate in _candidates(state, rule, kind, at)
        for each in (candidate, *candidate.pieces)
        if kind is not SubmissionState.QUARANTINED or candidate.id in quarantined
    ]
    if missing := sorted(set(quarantined) - {entry.id for entry in entries}):
        raise RetentionError(
            f"{', '.join(missing)}: not quarantined for {rule.quarantined_days or 'enough'} days, or gone already"
        )
    return DisposalList(SCHEMA, at, rule, tuple(entries)).sealed()


def write_list(path: Path, listed: DisposalList) -> None:
    """The list as a new file; an existing one is not overwritten."""
    try:
        write_file(path, _codec.dump_json(listed, indent=1) + b"\n")
    except OSError as error:
        raise RetentionError(f"{path}: {error.strerror}; name another file") from error


def read_list(path: Path) -> DisposalList:
    """The list of a file; RetentionError when it was changed, or is none."""
    try:
        listed = _codec.validate_json(path.read_bytes())
    except OSError as error:
        raise RetentionError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise RetentionError(f"{path}: no disposal list ({error.error_count()} mistakes)") from error
    if listed.schema != SCHEMA:
        raise RetentionError(f"{path}: made by another version of vbdaemon; make a new list")
    if listed.digest != listed.computed():
        raise RetentionError(f"{path}: was changed since it was made; make a new list, with other days or fewer ids")
    return listed


def dispose(listed: DisposalList, state: State, spool: Spool, who: str, why: str, at: datetime) -> Disposed:
    """Delete the bytes of what the list names and is still as listed: event first, then the bytes.

    The list is kept in the spool. StateError or SpoolError when it cannot go on; what went has its event.
    """
    _keep(spool, listed)
    done = Disposed()
    for entry in listed.entries:
        words = _words(entry, listed, who, why)
        try:
            state.write(partial(_record, entry=entry, at=at, words=words))
        except ActRefused as refusal:
            done.kept.append(str(refusal))
            continue
        try:
            remove_bytes(spool, entry.id)
        except OSError as error:
            raise SpoolError(f'{entry.id}: {error.strerror}; "vbdaemon fsck --repair" finishes it') from error
        done.gone.append(entry.id)
    return done


def _candidates(state: State, rule: RetentionRule, kind: SubmissionState, at: datetime) -> Iterator[Candidate]:
    before = rule.before(kind, at)
    if before is not None:
        yield from state.read(lambda c: list(disposals.candidates(c, kind, before)))


def _doomed(spool: Spool, candidate: Candidate) -> Doomed:
    locked = candidate.state is SubmissionState.QUARANTINED
    folder = spool.root / "quarantine" / candidate.id if locked else spool.folder_of(candidate.id)
    try:
        files = from_json((folder / ENVELOPE).read_bytes()).files
    except (OSError, SpoolDamaged):
        files = ()
    return Doomed(
        candidate.id,
        candidate.state,
        candidate.version,
        candidate.received_at,
        candidate.settled_at,
        candidate.numbers,
        tuple(file.sha256 for file in files),
        sum(file.size for file in files),
    )


def _keep(spool: Spool, listed: DisposalList) -> None:
    """What was approved can be looked up for ever."""
    folder = spool.root / LISTS
    path = folder / f"{listed.made_at:%Y%m%dT%H%M%SZ}-{listed.digest[:12]}.json"
    try:
        make_folder(folder)
        if not path.exists():
            write_file(path, _codec.dump_json(listed, indent=1) + b"\n")
            sync_folder(folder)
    except OSError as error:
        raise SpoolError(f"{path}: {error.strerror}; nothing was disposed of") from error


def _record(connection: Connection, *, entry: Doomed, at: datetime, words: str) -> None:
    disposals.dispose(connection, entry.id, entry.version, at, words)


def _words(entry: Doomed, listed: DisposalList, who: str, why: str) -> str:
    numbers = f", register {' '.join(entry.numbers)}" if entry.numbers else ""
    hashes = f", sha256 {' '.join(entry.hashes)}" if entry.hashes else ""
    return f"{who}: {why} (list {listed.digest[:12]}; {len(entry.hashes)} files, {entry.size} bytes{numbers}{hashes})"
