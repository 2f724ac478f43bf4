"""Looking at a group: whether it stood still, is complete, and may be taken."""

import errno
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from vbdaemon.errors import VbdaemonError
from vbdaemon.intake.completeness import shortfall
from vbdaemon.intake.folder_group import Group, Member, Waiting
from vbdaemon.intake.folder_names import readable
from vbdaemon.intake.folder_settings import DONE_MARKS, FolderSettings
from vbdaemon.intake.shared_folder import Kind, Parts, SharedFolder, Stamp

DEEPEST = 16
"""Levels of folders in a dropped sub-folder; nobody files documents deeper, and half a drop is not taken."""
SEEN_AGAIN = 60.0
"""Between two looks at files that were admitted where they lie: they can be overwritten in place."""
PATIENCE = (0.2, 60.0)
"""Shortest and longest time between two looks at an unfinished file."""

OnUnfinished = Callable[[str, str, datetime], None]
"""Told once of a file that stands still unfinished: source, name, since when (aware, UTC)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, by both clocks, and when the folder's names were last read."""

    monotonic: float
    wall: datetime
    scanned: float


class Look:
    """Judges groups by what is in the folder now."""

    def __init__(self, settings: FolderSettings, ignores: Callable[[str], bool], on_unfinished: OnUnfinished) -> None:
        self._settings = settings
        self._ignores = ignores
        self._on_unfinished = on_unfinished

    def at(self, group: Group, root: SharedFolder, now: Moment) -> bool:
        """True when the group may be taken now; otherwise its next look is set. OSError when the folder is gone."""
        self._observe(group, root, now)
        if not group.members:
            group.why = Waiting.SETTLING
            group.due = now.monotonic + (SEEN_AGAIN if group.seen else self._settings.interval)
            return False
        looks = [self._look_again(parts, member, root, now) for parts, member in group.members.items()]
        if waits := [look for look in looks if look is not None]:
            self._explain(group)
            group.due = min(waits)
            return False
        settled = group.added if group.done_mark is not None else group.added + self._settings.settle
        # Names that came since the folder was last read may belong to the group: it must be read first.
        if self._read_at(group, now) >= settled:
            return True
        group.why = Waiting.SETTLING
        group.due = settled
        return False

    @staticmethod
    def _read_at(group: Group, now: Moment) -> float:
        """When the names that can belong to the group were last read: a sub-folder's are read at every look."""
        return now.scanned if group.folder is None else now.monotonic

    def _observe(self, group: Group, root: SharedFolder, now: Moment) -> None:
        """Bring the members up to what is there; a change starts a member's quiet time anew."""
        found = dict(self._files(group, root))
        group.done_mark = next((parts for parts, stamp in found.items() if _is_done_mark(parts, stamp)), None)
        if group.done_mark is not None:
            del found[group.done_mark]
        for parts in group.members.keys() - found.keys():
            del group.members[parts]
        group.seen = {parts: stamp for parts, stamp in group.seen.items() if found.get(parts) == stamp}
        for parts, stamp in found.items():
            member = group.members.get(parts)
            if parts in group.seen:
                continue
            if member is None:
                group.members[parts] = Member(stamp, now.monotonic)
                group.added = self._read_at(group, now)
            elif member.stamp != stamp:
                group.members[parts] = Member(stamp, now.monotonic, noted=member.noted)

    def _files(self, group: Group, root: SharedFolder) -> Iterator[tuple[Parts, Stamp]]:
        if group.folder is None:
            for name in sorted(group.names):
                stamp = root.stamp(name)
                if stamp is not None and stamp.kind is Kind.FILE:
                    yield (name,), stamp
            return
        with suppress(FileNotFoundError, NotADirectoryError), root.folder(group.folder) as folder:
            yield from self._files_below(folder, (group.folder,))

    def _files_below(self, folder: SharedFolder, above: Parts) -> Iterator[tuple[Parts, Stamp]]:
        for name, kind in sorted(folder.entries().items()):
            if self._ignores(name):
                continue
            if kind is Kind.FILE:
                stamp = folder.stamp(name)
                if stamp is not None and stamp.kind is Kind.FILE:
                    yield (*above, name), stamp
            elif kind is Kind.FOLDER:
                if len(above) >= DEEPEST:
                    raise OSError(errno.ENAMETOOLONG, "folders are nested too deep")
                with suppress(FileNotFoundError, NotADirectoryError), folder.folder(name) as below:
                    yield from self._files_below(below, (*above, name))

    def _look_again(self, parts: Parts, member: Member, root: SharedFolder, now: Moment) -> float | None:
        """When the member must be looked at again; None when it is ready."""
        quiet_at = self._quiet_at(member, now)
        if now.monotonic < quiet_at:
            return quiet_at
        if member.ready:
            return None
        try:
            with root.reach(parts[:-1]) as folder, folder.file(parts[-1]) as fd:
                lacks = shortfall(fd)
        except OSError:
            # Whatever keeps it closed (a lock, a permission, a network) may end: it is tried for ever.
            member.unreadable = True
            return now.monotonic + self._patience(member, now)
        member.unreadable = False
        member.complete = lacks is None
        member.unfinished = not member.complete
        member.given_up = member.unfinished and now.monotonic >= member.changed + self._settings.give_up_after
        return None if member.ready else self._wait_for_the_rest(parts, member, now)

    def _quiet_at(self, member: Member, now: Moment) -> float:
        """When the member will have stood still: since it was seen to change, and by its own date."""
        quiet = self._settings.quiet
        age = now.wall.timestamp() - member.stamp.mtime_ns / 1e9
        # A date in the future is the other machine's clock going fast, and says nothing.
        by_date = now.monotonic + quiet - age if 0 <= age < quiet else now.monotonic
        return max(member.changed + quiet, by_date)

    def _wait_for_the_rest(self, parts: Parts, member: Member, now: Moment) -> float:
        still = now.monotonic - member.changed
        if still >= self._settings.note_after and not member.noted:
            # A note that cannot be written now is written at a later look.
            with suppress(OSError, VbdaemonError):
                name = readable("/".join(parts))
                self._on_unfinished(self._settings.name, name, now.wall - timedelta(seconds=still))
                member.noted = True
        steps = (self._settings.note_after, self._settings.give_up_after)
        next_step = next(step for step in steps if step > still)
        return min(now.monotonic + self._patience(member, now), member.changed + next_step)

    def _patience(self, member: Member, now: Moment) -> float:
        shortest, longest = PATIENCE
        return min(longest, max(shortest, self._settings.quiet, (now.monotonic - member.changed) / 4))

    @staticmethod
    def _explain(group: Group) -> None:
        waiting = [m for m in group.members.values() if not m.ready]
        if any(m.unreadable for m in waiting):
            group.why = Waiting.UNREADABLE
        elif any(m.unfinished for m in waiting):
            group.why = Waiting.UNFINISHED
        else:
            group.why = Waiting.SETTLING


def _is_done_mark(parts: Parts, stamp: Stamp) -> bool:
    return len(parts) == 2 and stamp.size == 0 and parts[1].casefold() in DONE_MARKS  # noqa: PLR2004 - in the sub-folder
