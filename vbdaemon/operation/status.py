"""One look at everything: what waits, why, since when, and what will be trouble soon. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from vbdaemon.claim import is_running
from vbdaemon.clock import VIETNAM
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.folders import drop_folders
from vbdaemon.intake.folder_settings import CLAIMS, FolderSettings, name_filter
from vbdaemon.model import Event
from vbdaemon.operation.disk import Room, rooms
from vbdaemon.operation.plugin_off import off_words
from vbdaemon.operation.status_age import Queue, queues
from vbdaemon.operation.status_held import HeldFor, HeldReasons
from vbdaemon.operation.status_mark import BACKUP
from vbdaemon.operation.status_pulse import DaemonPulse, SourceState, read_pulse
from vbdaemon.operation.status_trust import TrustLine, trust_lines
from vbdaemon.reload import REFUSED, TAKEN
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state import alarms, follow, markers, papers, plugin_marks, queue_views
from vbdaemon.state.alarms import Alarm
from vbdaemon.state.queue_views import Outstanding
from vbdaemon.state.records import DeliveryState
from vbdaemon.state.store import State

MOST_ALARMS = 200


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source, with what came from it last."""

    state: SourceState
    last_received_at: datetime | None
    lag_seconds: float
    """How long the oldest that waits in it has been waiting; 0 when nothing does."""


@dataclass(frozen=True, slots=True)
class DestinationLine:
    """One destination to which something has not arrived."""

    destination: str
    due: int
    failing: int
    """Of those due: tried in vain already."""
    given_up: int
    oldest_seconds: float
    words: str
    """What the last attempt in vain said."""


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers that must come beside documents."""

    awaited: int
    overdue: int
    """Of those awaited: past their day."""


@dataclass(frozen=True, slots=True)
class Status:
    """Everything on one screen."""

    at: datetime
    running: bool
    daemon: DaemonPulse | None
    """None while no daemon runs, or it has not spoken yet."""
    counts: dict[str, int]
    """Submissions by state."""
    sources: tuple[SourceLine, ...]
    queues: tuple[Queue, ...]
    held: tuple[HeldFor, ...]
    destinations: tuple[DestinationLine, ...]
    trust: tuple[TrustLine, ...]
    disk: tuple[Room, ...]
    plugins_off: tuple[str, ...]
    alarms: tuple[Alarm, ...]
    """Those that are open, the oldest first; at most MOST_ALARMS."""
    papers: Papers
    to_assign: int
    """Accepted documents that wait for a person to say who deals with them."""
    last_backup: Event | None
    problems: tuple[str, ...]
    """What could not be looked at, and why."""


def look(settings: Settings, state: State, now: datetime) -> Status:
    """The status of a site, with or without a running daemon. StateError when the state cannot be read."""
    spool = settings.path(settings.spool.path)
    running = is_running(spool)
    pulse = read_pulse(spool / "scratch") if running else None
    problems = list(_refused(state, pulse))
    outstanding = state.read(queue_views.outstanding)
    return Status(
        at=now,
        running=running,
        daemon=pulse,
        counts={kind.value: count for kind, count in state.read(queue_views.counts).items()},
        sources=_sources(settings, state, pulse, now, problems),
        queues=queues(state.read(queue_views.queued), outstanding, now),
        held=HeldReasons().counted(state),
        destinations=destinations(outstanding, now),
        trust=trust_lines(settings.path(settings.trust.folder), now),
        disk=_disk(settings),
        plugins_off=_plugins_off(settings, state),
        alarms=state.read(partial(alarms.opened, limit=MOST_ALARMS)),
        papers=Papers(*state.read(partial(papers.open_counts, today=now.astimezone(VIETNAM).date()))),
        to_assign=state.read(follow.count_waiting),
        last_backup=state.read(lambda c: markers.last_mark(c, BACKUP)),
        problems=tuple(problems),
    )


def _refused(state: State, pulse: DaemonPulse | None) -> Iterator[str]:
    """Settings that the running daemon refused, and nobody mended since."""
    refused, taken = state.read(lambda c: (markers.last_mark(c, REFUSED), markers.last_mark(c, TAKEN)))
    if pulse is None or refused is None or refused.at < pulse.started_at:
        return
    if taken is None or taken.id < refused.id:
        words = f"changed settings were refused on {refused.at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
        yield f"{words}, the former ones are in force: {refused.words}"


def _plugins_off(settings: Settings, state: State) -> tuple[str, ...]:
    acting = settings.plugins.acting
    return tuple(off_words(each) for each in state.read(plugin_marks.off) if each.name in acting)


def destinations(outstanding: list[Outstanding], now: datetime) -> tuple[DestinationLine, ...]:
    """Where something has not arrived: the most trouble first."""
    by_name: dict[str, list[Outstanding]] = {}
    for delivery in outstanding:
        by_name.setdefault(delivery.destination, []).append(delivery)
    lines = [_destination(name, some, now) for name, some in by_name.items()]
    return tuple(sorted(lines, key=lambda line: (-line.given_up, -line.failing, -line.due, line.destination)))


def _destination(name: str, some: list[Outstanding], now: datetime) -> DestinationLine:
    due = [each for each in some if each.state is DeliveryState.DUE]
    words = next((each.words for each in reversed(some) if each.words and each.failing), "")
    return DestinationLine(
        destination=name,
        due=len(due),
        failing=sum(each.failing for each in due),
        given_up=len(some) - len(due),
        oldest_seconds=max((now - each.created_at).total_seconds() for each in some),
        words=words or "",
    )


def _disk(settings: Settings) -> tuple[Room, ...]:
    """Spool and exchange folder; one line where both lie on one file system of the same room."""
    found = rooms((settings.path(settings.spool.path), settings.path(settings.exchange.root)))
    return tuple({(room.total, room.free // (1 << 20)): room for room in reversed(found)}.values())[::-1]


def _sources(
    settings: Settings, state: State, pulse: DaemonPulse | None, now: datetime, problems: list[str]
) -> tuple[SourceLine, ...]:
    received = state.read(queue_views.last_received)
    if pulse is not None:
        known = {source.name: source for source in pulse.sources}
    else:
        known = {source.name: source for source in _configured(settings, problems)}
    for name in sorted(set(received) - set(known)):
        known[name] = SourceState(name, "", usable=True, last_success_at=None, waiting=0, oldest_since=None)
    return tuple(
        SourceLine(source, received.get(name), _lag(source.oldest_since, now)) for name, source in known.items()
    )


def _lag(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _configured(settings: Settings, problems: list[str]) -> Iterator[SourceState]:
    """Without a daemon: what lies in the drop folders, as far as a look can tell."""
    try:
        drops = drop_folders(settings, build_snapshot(settings))
    except ConfigurationError as error:
        problems.append(f"sources are not shown: {str(error).splitlines()[0]}")
        return
    for drop in drops:
        yield _dropped(drop)


def _dropped(drop: FolderSettings) -> SourceState:
    ignored = name_filter(drop.ignored)
    try:
        paths = [p for p in drop.path.iterdir() if p.name not in drop.reserved and not ignored(p.name)]
        claims = drop.path / CLAIMS
        paths += list(claims.iterdir()) if claims.is_dir() else []
        since = [datetime.fromtimestamp(p.stat(follow_symlinks=False).st_mtime, tz=UTC) for p in paths]
    except OSError as error:
        words = error.strerror or "cannot be read"
        return _seen(drop.name, usable=False, words=words)
    return _seen(drop.name, waiting=len(paths), since=min(since, default=None))


def _seen(
    name: str, *, usable: bool = True, waiting: int = 0, since: datetime | None = None, words: str = ""
) -> SourceState:
    return SourceState(name, "folder", usable, None, waiting, since, words)
