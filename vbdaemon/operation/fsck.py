"""Spool against state: what is missing, damaged, left over or misplaced, with hashes read again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vbdaemon.errors import SpoolDamaged
from vbdaemon.spool.incoming import ENVELOPE
from vbdaemon.spool.places import is_place
from vbdaemon.spool.store import Spool, sha256_of
from vbdaemon.spool.stored import from_json
from vbdaemon.state import soundness
from vbdaemon.state.records import SubmissionState
from vbdaemon.state.soundness import Book, Sent, Standing
from vbdaemon.state.store import State

FRESH_SECONDS = 120.0
"""Beside a running daemon: a folder this young may be about to get its row."""
OURS = frozenset(
    (
        *("tmp", "submissions", "quarantine", "orphaned", "outgoing", "scratch", "daemon.lock", "state.sqlite3"),
        *("disposals", "keys", "reports", "scoring"),
    )
)
OUR_BEGINNINGS = ("before-restore-", "state.sqlite3-")
DECIDED = (SubmissionState.ACCEPTED, SubmissionState.REJECTED, SubmissionState.CHECKED)
FROM_BACKUP = 'take its folder from a backup: "vbdaemon restore" into another site, then copy it'


class FaultKind(StrEnum):
    """What can be wrong."""

    DATABASE = "database-damaged"
    """The database finds itself damaged."""
    MISSING = "folder-missing"
    """A row without its bytes."""
    DAMAGED = "bytes-changed"
    """Bytes that are not what was stored, or an envelope that cannot be read."""
    MISPLACED = "folder-misplaced"
    """A row whose whole folder lies among the orphans."""
    UNLOCKED = "quarantine-unfinished"
    """Quarantined, and the bytes still lie among the others."""
    LOCKED = "quarantine-unexplained"
    """Bytes in quarantine that the state does not know as quarantined."""
    STRAY = "folder-without-row"
    """A sealed folder without a row: it was never acknowledged."""
    DISPOSED = "disposal-unfinished"
    """Disposed of by approval, and the bytes are still there."""
    UNDECIDED = "decision-missing"
    """Settled, and no decision is kept."""
    UNRENDERED = "sent-bytes-missing"
    """Delivered, and what was sent is not kept."""
    UNSENT = "rendered-without-delivery"
    """Rendered bytes that belong to no delivery."""
    DRAFT = "draft-left"
    """What an interruption left half-rendered."""
    GAP = "register-gap"
    """Numbers that no document bears."""
    COUNTER = "counter-behind"
    """The counter would give a number again."""
    UNKNOWN = "unknown-entry"
    """Something in the spool that is not ours."""


PROVABLE = frozenset(
    (
        FaultKind.MISPLACED,
        FaultKind.UNLOCKED,
        FaultKind.STRAY,
        FaultKind.DISPOSED,
        FaultKind.DRAFT,
        FaultKind.COUNTER,
    )
)
"""Where state and bytes together prove what is right; all else is for a person."""

NOTES = frozenset((FaultKind.GAP, FaultKind.UNKNOWN))
"""To be looked at once; nothing is lost or wrong by them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it must be."""

    kind: FaultKind
    what: str
    remedy: str
    submission: str | None = None
    path: Path | None = None
    book: Book | None = None

    @property
    def provable(self) -> bool:
        """`--repair` can mend it."""
        return self.kind in PROVABLE


@dataclass(frozen=True, slots=True)
class Examination:
    """What is looked at, and how."""

    spool: Spool
    state: State
    deep: bool = True
    """Read every byte again."""
    running: bool = False
    """A daemon works beside us: what is under way is no fault."""
    own_numbers: bool = True
    """Arrival numbers are given here; where another system gives them, gaps are its own affair."""
    progress: Callable[[str, int], None] = lambda what, done: None  # noqa: ARG005 - nobody looks
    now: Callable[[], float] = time.time

    def faults(self) -> Iterator[Fault]:
        """Everything that is found, as it is found."""
        yield from self._database()
        known: dict[str, Standing] = {}
        for number, standing in enumerate(self.state.read(lambda c: list(soundness.standings(c)))):
            self.progress("submissions", number)
            known[standing.id] = standing
            yield from self._submission(standing)
        yield from self._strays(known)
        yield from self._rendered(known)
        yield from self._books()
        yield from self._unknown()

    def _database(self) -> Iterator[Fault]:
        for words in self.state.read(soundness.damage):
            yield Fault(FaultKind.DATABASE, f"database: {words}", "restore the newest backup: vbdaemon restore")

    def _submission(self, row: Standing) -> Iterator[Fault]:
        folder = self.spool.folder_of(row.id)
        if row.disposed:
            left = folder.is_dir() or (self.spool.root / "quarantine" / row.id).is_dir()
            if left and not self.running:
                what = f"{row.id}: was disposed of, and bytes of it are left"
                yield Fault(FaultKind.DISPOSED, what, "--repair removes them", row.id, folder)
        elif row.state is SubmissionState.QUARANTINED:
            yield from self._quarantined(row, folder)
        else:
            yield from self._kept(row, folder)
            if row.state in DECIDED and not row.decided:
                what = f"{row.id}: is {row.state}, and no decision is kept"
                yield Fault(FaultKind.UNDECIDED, what, 'see "vbdaemon show"; restore a backup', row.id)

    def _quarantined(self, row: Standing, folder: Path) -> Iterator[Fault]:
        if folder.is_dir() and not self.running:
            what = f"{row.id}: is quarantined, and its bytes still lie in submissions/"
            yield Fault(FaultKind.UNLOCKED, what, "--repair moves them to quarantine/", row.id, folder)
        elif not folder.is_dir() and not self.spool.is_quarantined(row.id):
            what = f"{row.id}: is quarantined, and its bytes are nowhere"
            yield Fault(FaultKind.MISSING, what, "ask the security officer whether they were taken away", row.id)

    def _kept(self, row: Standing, folder: Path) -> Iterator[Fault]:
        if not folder.is_dir():
            yield self._gone(row)
            return
        try:
            stored = self.spool.verify(row.id) if self.deep else self.spool.load(row.id)
        except SpoolDamaged as damage:
            yield Fault(FaultKind.DAMAGED, f"{row.id}: {damage}", FROM_BACKUP, row.id, folder)
            return
        names = {ENVELOPE, *(file.stored for file in stored.files)}
        found = {path.name for path in folder.iterdir()}
        for name in sorted(names - found):
            yield Fault(FaultKind.DAMAGED, f"{row.id}: file {name} is missing", FROM_BACKUP, row.id, folder)
        if strange := sorted(name for name in found - names if not is_place(name)):
            what = f"{row.id}: {len(strange)} files lie in its folder that were not stored"
            yield Fault(FaultKind.UNKNOWN, what, "look who put them there; remove them by hand", row.id, folder)

    def _gone(self, row: Standing) -> Fault:
        aside = self.spool.root / "orphaned" / row.id
        if _is_whole(aside, row.id):
            what = f"{row.id}: its folder lies in orphaned/, whole"
            return Fault(FaultKind.MISPLACED, what, "--repair moves it back", row.id, aside)
        where = "lies in quarantine/" if self.spool.is_quarantined(row.id) else "is missing"
        return Fault(FaultKind.MISSING, f"{row.id}: is {row.state}, and its folder {where}", FROM_BACKUP, row.id)

    def _strays(self, known: dict[str, Standing]) -> Iterator[Fault]:
        for submission_id in self.spool.sealed():
            if submission_id not in known and not self._may_be_new(submission_id):
                what = f"{submission_id}: sealed, but no row says that it was accepted"
                remedy = "--repair moves it to orphaned/; its source offers it again"
                yield Fault(FaultKind.STRAY, what, remedy, submission_id, self.spool.folder_of(submission_id))
        locked = self.spool.root / "quarantine"
        for folder in sorted(locked.iterdir()) if locked.is_dir() else ():
            row = known.get(folder.name)
            if row is None or (row.state is not SubmissionState.QUARANTINED and not row.disposed):
                what = f"{folder.name}: lies in quarantine/, and the state says {row.state if row else 'nothing of it'}"
                yield Fault(FaultKind.LOCKED, what, "ask the security officer", folder.name, folder)

    def _may_be_new(self, submission_id: str) -> bool:
        if self.state.is_known(submission_id):
            return True
        try:
            age = self.now() - self.spool.folder_of(submission_id).stat().st_mtime
        except OSError:  # it was moved while we looked
            return True
        return self.running and age < FRESH_SECONDS

    def _rendered(self, known: dict[str, Standing]) -> Iterator[Fault]:
        outgoing = self.spool.root / "outgoing"
        lying = {path.name for path in outgoing.iterdir()} if outgoing.is_dir() else set()
        for name in sorted(name for name in lying if name.startswith(".")):
            if not self.running:
                what = f"outgoing/{name}: half-rendered, left by an interruption"
                yield Fault(FaultKind.DRAFT, what, "--repair removes it; it is rendered again", path=outgoing / name)
        for sent in self.state.read(lambda c: list(soundness.arrived(c))):
            if sent.id not in lying and _is_kept(sent, known):
                what = f"{sent.id}: was delivered, and what was sent is not kept"
                yield Fault(FaultKind.UNRENDERED, what, FROM_BACKUP, sent.submission)
        strange = {name for name in lying if not name.startswith(".")} - self.state.read(soundness.delivery_ids)
        for name in sorted(strange):
            what = f"outgoing/{name}: belongs to no delivery"
            yield Fault(FaultKind.UNSENT, what, "look who put it there; remove it by hand", path=outgoing / name)

    def _books(self) -> Iterator[Fault]:
        for book in self.state.read(soundness.books) if self.own_numbers else ():
            if book.gaps:
                shown = ", ".join(str(number) for number in book.gaps[:20])
                more = f" and {len(book.gaps) - 20} more" if len(book.gaps) > 20 else ""  # noqa: PLR2004 - a line's length
                what = f"register {book.name}/{book.year}: no document bears {shown}{more}"
                remedy = "numbers of what was quarantined, or given by somebody else; write the reason into the book"
                yield Fault(FaultKind.GAP, what, remedy, book=book)
            if book.last < book.highest:
                what = f"register {book.name}/{book.year}: the counter says {book.last}, {book.highest} was given"
                yield Fault(FaultKind.COUNTER, what, "--repair raises the counter", book=book)

    def _unknown(self) -> Iterator[Fault]:
        for path in sorted(self.spool.root.iterdir()):
            if path.name not in OURS and not path.name.startswith(OUR_BEGINNINGS):
                yield Fault(FaultKind.UNKNOWN, f"{path.name}: not of the spool", "move it elsewhere", path=path)


def _is_kept(sent: Sent, known: dict[str, Standing]) -> bool:
    """What was rendered goes with a quarantine and with a disposal."""
    row = known.get(sent.submission)
    return row is not None and not row.disposed and row.state is not SubmissionState.QUARANTINED


def _is_whole(folder: Path, submission_id: str) -> bool:
    """True when the folder is this submission's, and every byte is what was stored."""
    try:
        stored = from_json((folder / ENVELOPE).read_bytes())
        hashes = all(sha256_of(folder / file.stored) == file.sha256 for file in stored.files)
    except (OSError, SpoolDamaged):
        return False
    return hashes and stored.id == submission_id
