"""Taking a group: claim it (or leave it where it lies) and copy it into a draft in the spool."""

import errno
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from vbdaemon.errors import SourceBusy, VbdaemonError
from vbdaemon.failpoint import Failpoint
from vbdaemon.intake.admission import SourceKey
from vbdaemon.intake.folder_claim import Claims, RenameRefused
from vbdaemon.intake.folder_copy import copy_files, digests_of, place_key
from vbdaemon.intake.folder_door import Door
from vbdaemon.intake.folder_group import Group, Member
from vbdaemon.intake.folder_settings import FolderSettings
from vbdaemon.intake.shared_folder import Parts, SharedFolder, Stamp
from vbdaemon.spool.incoming import Incoming


@dataclass(frozen=True, slots=True)
class Taken:
    """A group, copied and ready to be admitted."""

    id: str
    group: Group
    draft: Incoming
    copied: Mapping[Parts, Stamp]
    """The states that were copied."""
    marks: tuple[Parts, ...]
    """Files that said "done": claimed, not copied."""
    key: SourceKey
    claimed: bool
    """False when the files stay where they lie."""


class Taker:
    """Takes groups of one source. What it cannot take it leaves, or puts back, before it raises."""

    def __init__(self, settings: FolderSettings, door: Door, failpoint: Failpoint) -> None:
        self._settings = settings
        self._door = door
        self._failpoint = failpoint

    def take(self, group: Group, root: SharedFolder, now: float) -> Taken | None:
        """The group, copied; None when it was admitted before, where it lay.

        SourceBusy when a file changed; OSError when one cannot be read or the spool cannot be written;
        another VbdaemonError when the spool or the state is of no use.
        """
        if not group.in_place:
            try:
                return self._claim(group, root)
            except RenameRefused:
                group.in_place = True
            except OSError as error:
                # Somebody has the file open for long: what can be read can still be taken where it lies.
                if error.errno != errno.EBUSY or now < group.added + self._settings.give_up_after:
                    raise
                group.in_place = True
        return self._take_in_place(group, root)

    def _claim(self, group: Group, root: SharedFolder) -> Taken | None:
        claim = self._door.new_id()
        draft = self._door.begin(claim)
        claims = Claims(root)
        marks = () if group.done_mark is None else (group.done_mark,)
        try:
            claims.take(claim, (*group.members, *marks))
            self._failpoint("intake.claimed")
            with claims.opened(claim) as folder:
                copied = copy_files(folder, group.members, draft)
            earlier = self._seen_in_place(copied, draft) if group.old else None
        except (OSError, VbdaemonError, RenameRefused):
            draft.abandon()
            with suppress(OSError):  # what stays is found among the claims, and put back then
                claims.put_back(claim)
            raise
        self._failpoint("intake.copied")
        taken = Taken(claim, group, draft, copied, marks, SourceKey(self._settings.name, claim), claimed=True)
        if earlier is None:
            return taken
        draft.abandon()
        claims.remove(claim, copied, marks)
        claims.drop(claim)
        return None

    def _seen_in_place(self, copied: Mapping[Parts, Stamp], draft: Incoming) -> str | None:
        """The share could not be written when these very files were admitted; only their removal is left."""
        digests = {parts: file.sha256 for parts, file in zip(sorted(copied), draft.files, strict=True)}
        return self._door.seen(self._place_key(copied, digests))

    def _take_in_place(self, group: Group, root: SharedFolder) -> Taken | None:
        digests = digests_of(root, group.members)
        self._leave_out_what_was_seen(group, digests)
        if not group.members:
            return None
        stamps = _stamps(group.members)
        key = self._place_key(stamps, digests)
        draft = self._door.begin()
        try:
            copied = copy_files(root, group.members, draft)
            if [file.sha256 for file in draft.files] != [digests[parts] for parts in sorted(copied)]:
                raise SourceBusy
        except (OSError, VbdaemonError):
            draft.abandon()
            raise
        self._failpoint("intake.copied")
        return Taken(draft.id, group, draft, copied, (), key, claimed=False)

    def _leave_out_what_was_seen(self, group: Group, digests: Mapping[Parts, str]) -> None:
        """Files admitted by an earlier run: all together, or some of them alone before the others came."""
        self._leave_out(group, [group.members], digests)
        self._leave_out(group, [{parts: member} for parts, member in group.members.items()], digests)
        self._leave_out(group, [group.members], digests)

    def _leave_out(
        self, group: Group, together: Sequence[Mapping[Parts, Member]], digests: Mapping[Parts, str]
    ) -> None:
        for members in together:
            found = self._door.seen(self._place_key(_stamps(members), digests)) if members else None
            if found is not None:
                self._door.acknowledge(found)
                group.seen |= _stamps(members)
        group.members = {parts: member for parts, member in group.members.items() if parts not in group.seen}

    def _place_key(self, stamps: Mapping[Parts, Stamp], digests: Mapping[Parts, str]) -> SourceKey:
        return SourceKey(self._settings.name, place_key(stamps, digests))


def _stamps(members: Mapping[Parts, Member]) -> dict[Parts, Stamp]:
    return {parts: member.stamp for parts, member in members.items()}
