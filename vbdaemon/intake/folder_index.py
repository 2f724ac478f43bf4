"""What is known of the names in a drop folder; only names are read to keep it up to date."""

from collections.abc import Callable, Iterator
from datetime import datetime

from vbdaemon.intake.folder_group import Group
from vbdaemon.intake.folder_names import readable, stem_of
from vbdaemon.intake.shared_folder import Kind


class FolderIndex:
    """Groups by name. A name keeps its group as long as it is there and its kind stays."""

    def __init__(self, ignores: Callable[[str], bool], reserved: frozenset[str]) -> None:
        self._ignores = ignores
        self._reserved = reserved
        self._kinds: dict[str, Kind] = {}
        self._groups: dict[str, Group] = {}
        self._by_stem: dict[str, Group] = {}
        self._odd: dict[str, datetime] = {}

    def update(self, entries: dict[str, Kind], now: float, wall: datetime, *, old: bool = False) -> None:
        """Take in what the folder holds: new names join or found groups, names that went leave theirs.

        `old`: it was there before anybody looked.
        """
        gone = [name for name, kind in self._kinds.items() if entries.get(name) is not kind]
        for name in gone:
            self._drop(name)
        for name in sorted(entries.keys() - self._kinds.keys()):
            self._kinds[name] = entries[name]
            self._add(name, entries[name], now, wall)
            if old and name in self._groups:
                self._groups[name].old = True

    def groups(self) -> list[Group]:
        """All groups, the longest known first."""
        return list(dict.fromkeys(list(self._groups.values())))

    def odd(self) -> Iterator[tuple[str, datetime]]:
        """Names that are no files (links, pipes), and since when they were seen."""
        yield from list(self._odd.items())

    def group_of(self, name: str) -> Group | None:
        """The group to which a name belongs; None when it is unknown or ignored."""
        return self._groups.get(name)

    def knows(self, name: str) -> bool:
        """True when the name was there when the names were last read."""
        return name in self._kinds

    def forget(self, group: Group) -> None:
        """The group was taken out of the folder: a name that comes again is a new drop."""
        group.taken = False
        for name in list(group.names):
            self._drop(name)

    def _add(self, name: str, kind: Kind, now: float, wall: datetime) -> None:
        if name in self._reserved or self._ignores(name):
            return
        if kind is Kind.OTHER:
            self._odd[name] = wall
        elif kind is Kind.FOLDER:
            self._groups[name] = Group(since=wall, added=now, due=now, folder=name, names={name})
        else:
            self._join(name, now, wall)

    def _join(self, name: str, now: float, wall: datetime) -> None:
        stem = stem_of(name)
        group = self._by_stem.get(stem)
        if group is None or group.taken or _has_twin(group, name):
            group = self._by_stem[stem] = Group(since=wall, added=now, due=now)
        group.names.add(name)
        group.added = now
        group.hint(now)
        self._groups[name] = group

    def _drop(self, name: str) -> None:
        """A name that went; the group of a claim keeps its names until the claim ended."""
        group = self._groups.get(name)
        if group is not None and group.taken:
            return
        self._kinds.pop(name, None)
        self._odd.pop(name, None)
        if group is None:
            return
        del self._groups[name]
        group.names.discard(name)
        if not group.names and group.folder is None:
            stem = stem_of(name)
            if self._by_stem.get(stem) is group:
                del self._by_stem[stem]


def _has_twin(group: Group, name: str) -> bool:
    """NFC and NFD writings of one name are two documents, not two files of one."""
    return any(readable(other) == readable(name) for other in group.names)
