"""Which delivery goes next: urgent ones first, every destination in its own lane, one worker kept from the slow ones.

Mail passes two lanes: its domain's, and the smarthost's, which shuts when several domains in a row are not served.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from vbdaemon.delivery.lane import MISSES, QUICK_SECONDS, Lane
from vbdaemon.state.gathering import Told
from vbdaemon.state.heads import Head
from vbdaemon.state.records import DeliveryRow
from vbdaemon.state.undelivered import Undelivered

MAIL = "smtp"
NEW = Lane()


def lane_name(scheme: str, address: str) -> str:
    """The lane of a destination: a folder's own, for mail the domain's."""
    return f"{scheme}:{address.rpartition('@')[2].casefold() if scheme == MAIL else address}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery whose attempt is committed; it waits for a worker, or is with one."""

    row: DeliveryRow
    decision: str
    """As it is kept."""
    told: tuple[Told, ...] = ()
    """What a digest tells."""
    missed: Undelivered | None = None
    """What a notice on a forward that failed is about."""
    details: Mapping[str, str] | None = None
    """What a letter tells, or the slip that goes with an assigned document."""

    @property
    def lane(self) -> str:
        """Name of its lane."""
        return lane_name(self.row.scheme, self.row.address)


@dataclass(frozen=True, slots=True)
class Wish:
    """So many may be taken from behind this head."""

    head: Head
    most: int
    besides: frozenset[str] = frozenset()
    """Deliveries of this lane that are under way."""


class Traffic:
    """What is under way, and what is known of each destination. Whoever uses it from several threads holds a lock."""

    def __init__(self, workers: int, ahead: int, spare: int = 0) -> None:
        """So many workers, and beside them so many spare ones, which stand in for workers that are stuck."""
        self._workers = workers
        self._spare = spare
        self._ahead = ahead
        self._lanes: dict[str, Lane] = {}
        self._missed_domains: set[str] = set()
        """Those that mail did not get through to, since any mail last did."""
        self._taken: dict[str, str] = {}
        """Lane by delivery: chosen, claimed or being sent, until the outcome is committed."""
        self._ready: list[Claimed] = []
        self._running: dict[str, tuple[str, float]] = {}
        """Lane and start by delivery, while a worker is at it."""

    @property
    def taken(self) -> frozenset[str]:
        """Deliveries that are under way in any sense."""
        return frozenset(self._taken)

    def lane(self, name: str) -> Lane:
        """What is known of a destination."""
        return self._lanes.get(name, NEW)

    def know(self, destinations: Iterable[tuple[str, str]]) -> None:
        """These destinations answered lately: they need not prove themselves anew."""
        for scheme, address in destinations:
            self._lanes[lane_name(scheme, address)] = Lane(quick=True)

    def wishes(self, heads: Iterable[Head], now: datetime) -> list[Wish]:
        """From behind which heads to take, and how many: the most urgent first, then by how little is under way."""
        room = self._ahead - len(self._taken)
        under_way = Counter(self._taken.values())
        risky = self._most_risky() * 2 - sum(n for name, n in under_way.items() if not self.lane(name).quick)
        due = [(head, lane_name(head.scheme, head.address)) for head in heads if head.due_at <= now]
        due.sort(key=lambda each: (-each[0].urgency, under_way[each[1]], each[0].due_at))
        wishes = []
        for head, name in due:
            quick = self.lane(name).quick
            most = min(self._room(head.scheme, name, under_way, now), room, room if quick else risky)
            if most <= 0:
                continue
            fair = max(most // 2, 1) if len(due) > 1 else most
            wishes.append(Wish(head, fair, frozenset(d for d, lane in self._taken.items() if lane == name)))
            under_way[name] += fair
            room -= fair
            risky -= 0 if quick else fair
        return wishes

    def take(self, rows: Iterable[DeliveryRow]) -> None:
        """These are under way from now on, until `leave`."""
        for row in rows:
            self._taken[row.id] = lane_name(row.scheme, row.address)

    def leave(self, delivery: str) -> None:
        """Its outcome is committed, or it was not started after all."""
        self._taken.pop(delivery, None)
        self._running.pop(delivery, None)

    def add(self, claimed: Claimed) -> None:
        """Ready to be sent."""
        self._ready.append(claimed)

    def next(self, ticks: float) -> Claimed | None:
        """What a free worker does now: None when no worker is free, or none may be risked on what is ready."""
        at_work = Counter(name for name, _ in self._running.values())
        long = [name for name, since in self._running.values() if ticks - since > QUICK_SECONDS]
        if len(self._running) - min(len(long), self._spare) >= self._workers:
            return None
        stuck = set(long)
        risked = sum(n for name, n in at_work.items() if name in stuck or not self.lane(name).quick)
        fit = self._ready
        if risked >= self._most_risky():
            fit = [c for c in self._ready if self.lane(c.lane).quick and c.lane not in stuck]
        if not fit:
            return None
        chosen = min(fit, key=lambda c: (-c.row.urgency, at_work[c.lane], c.row.due_at, c.row.id))
        self._ready.remove(chosen)
        self._running[chosen.row.id] = (chosen.lane, ticks)
        return chosen

    def answered(self, row: DeliveryRow, seconds: float) -> None:
        """The destination took it, or refused it for good."""
        name = lane_name(row.scheme, row.address)
        self._running.pop(row.id, None)
        if row.scheme == MAIL:
            self._way_is_open()
        self._lanes[name] = self.lane(name).answered(seconds)

    def missed(self, row: DeliveryRow, seconds: float, now: datetime) -> None:
        """The attempt was deferred."""
        name = lane_name(row.scheme, row.address)
        self._running.pop(row.id, None)
        self._lanes[name] = self.lane(name).missed(seconds, now)
        if row.scheme != MAIL:
            return
        self._missed_domains.add(name)
        if len(self._missed_domains) >= MISSES:  # not one bad domain: the smarthost itself
            self._lanes[MAIL] = self._lanes.get(MAIL, Lane(misses=MISSES - 1)).missed(seconds, now)

    def ended(self, row: DeliveryRow) -> None:
        """The attempt ended before the destination was asked: nothing is learnt about it."""
        self._running.pop(row.id, None)

    def withdraw(self, now: datetime | None = None) -> list[Claimed]:
        """What is ready and not to be sent now: all of it, or what goes to a destination that shut meanwhile."""
        back = [c for c in self._ready if now is None or self._is_shut(c, now)]
        self._ready = [c for c in self._ready if c not in back]
        return back

    def _way_is_open(self) -> None:
        """The smarthost is back: what its absence taught about the domains is forgotten."""
        if self._lanes.pop(MAIL, None) is not None:
            for name in self._missed_domains:
                self._lanes.pop(name, None)
        self._missed_domains.clear()

    def _is_shut(self, claimed: Claimed, now: datetime) -> bool:
        names = (claimed.lane, MAIL) if claimed.row.scheme == MAIL else (claimed.lane,)
        return any(self.lane(name).room(0, now) == 0 for name in names)

    def _room(self, scheme: str, name: str, under_way: Counter[str], now: datetime) -> int:
        room = self.lane(name).room(under_way[name], now)
        way = self._lanes.get(MAIL) if scheme == MAIL else None
        if way is None:
            return room
        mails = sum(n for each, n in under_way.items() if each.startswith(f"{MAIL}:"))
        return min(room, way.room(mails, now))

    def _most_risky(self) -> int:
        """Workers that slow and unproven destinations may hold: all but one, where there are two or more."""
        return max(self._workers + self._spare - 1, 1)
