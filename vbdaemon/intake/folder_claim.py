"""Claims: drops renamed into `.vbdaemon/<id>/` of the same share, under their own names.

A claim needs no record beside it. Its files keep their paths, so that putting back restores exactly; whether it
was admitted is what the committed row says. Files are renamed one by one, a sub-folder's too: what somebody adds
to the sub-folder meanwhile stays where it was put.
"""

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

from vbdaemon.intake.folder_settings import CLAIMS, LITTER
from vbdaemon.intake.shared_folder import Kind, Parts, SharedFolder, Stamp

RENAME_REFUSED = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV, errno.ENOTSUP, errno.ENOSYS, errno.ENOTDIR}
)
"""ENOTDIR: something that is no folder has the claims' name; it is not ours to remove."""


class RenameRefused(Exception):
    """Files of this share cannot be renamed by us: they are taken where they lie."""


class Claims:
    """The claims in one drop folder."""

    def __init__(self, root: SharedFolder) -> None:
        self._root = root

    def ids(self) -> tuple[str, ...]:
        """Claims that are there, ours or left by a run that was killed; none where the folder cannot be had."""
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError), self._root.folder(CLAIMS) as claims:
            return tuple(sorted(name for name, kind in claims.entries().items() if kind is Kind.FOLDER))
        return ()

    def take(self, claim: str, files: tuple[Parts, ...]) -> None:
        """Rename the files into a new claim; all or none. RenameRefused or OSError when it cannot be."""
        try:
            with self._folder() as claims:
                os.mkdir(claim, 0o700, dir_fd=claims.fd)
                self._rename_all(claims, claim, files)
        except OSError as error:
            with suppress(OSError):  # what stays is found among the claims, and put back then
                self.put_back(claim)
            if error.errno in RENAME_REFUSED:
                raise RenameRefused from error
            raise

    @contextmanager
    def opened(self, claim: str) -> Iterator[SharedFolder]:
        """The folder of a claim, with the files under their own paths."""
        with self._root.folder(CLAIMS) as claims, claims.folder(claim) as folder:
            yield folder

    def sync(self, taken: tuple[str, ...]) -> None:
        """The renames are on disk: a power cut cannot undo them after the rows were committed."""
        with suppress(OSError), self._root.folder(CLAIMS) as claims:  # some network file systems cannot sync folders
            for claim in taken:
                with claims.folder(claim) as folder:
                    os.fsync(folder.fd)
            os.fsync(claims.fd)
            os.fsync(self._root.fd)

    def put_back(self, claim: str) -> int:
        """The claim's files are back under their paths, or under free names beside what has theirs now.

        Answers how many. OSError when some could not be moved: the claim stays and is tried again.
        """
        try:
            with self.opened(claim) as folder:
                restored = self._restore_all(folder, ())
        except FileNotFoundError:
            return 0
        self.drop(claim)
        return restored

    def remove(self, claim: str, admitted: Mapping[Parts, Stamp] | None, marks: tuple[Parts, ...] = ()) -> int:
        """The claim is empty; what changed since it was copied is put back as a new drop. Answers how many.

        `admitted` are the copied states; None after a restart, when the committed row says that all was copied.
        `marks` said "done", and were not copied.
        """
        try:
            with self.opened(claim) as folder:
                for parts in list(_files_below(folder, ())):
                    with folder.reach(parts[:-1]) as holder:
                        if admitted is None or parts in marks or holder.stamp(parts[-1]) == admitted.get(parts):
                            holder.remove(parts[-1])
                emptied = [name for name, kind in folder.entries().items() if kind is Kind.FOLDER]
                late = self._restore_all(folder, ())
        except FileNotFoundError:
            return 0
        for name in emptied:
            with suppress(OSError):  # an empty folder that stays is no harm
                self._prune(self._root, name)
        return late

    def drop(self, claim: str) -> None:
        """The empty claim is gone. Last of all: as long as it is there, a restart acknowledges its submission."""
        with suppress(FileNotFoundError), self._root.folder(CLAIMS) as claims:
            claims.remove_folder(claim)

    def _rename_all(self, claims: SharedFolder, claim: str, files: tuple[Parts, ...]) -> None:
        with claims.folder(claim) as folder:
            for parts in files:
                with self._root.reach(parts[:-1]) as source, folder.reach(parts[:-1], make=True) as target:
                    source.move(parts[-1], target)

    def _restore_all(self, folder: SharedFolder, above: Parts) -> int:
        restored = 0
        for name, kind in sorted(folder.entries().items()):
            if kind is Kind.FOLDER:
                with folder.folder(name) as below:
                    restored += self._restore_all(below, (*above, name))
                folder.remove_folder(name)
                continue
            with ExitStack() as stack:
                try:
                    home = stack.enter_context(self._root.reach(above, make=True))
                except NotADirectoryError:
                    home = self._root  # something else has the sub-folder's name now
                folder.restore(name, home)
            restored += 1
        return restored

    @contextmanager
    def _folder(self) -> Iterator[SharedFolder]:
        self._root.make_folder(CLAIMS, 0o700)
        with self._root.folder(CLAIMS) as claims:
            status = os.fstat(claims.fd)
            if stat.S_IMODE(status.st_mode) & 0o077 and status.st_uid == os.geteuid():
                with suppress(OSError):  # shares with fixed modes refuse; what matters there is their mount options
                    os.fchmod(claims.fd, 0o700)
            yield claims

    def _prune(self, folder: SharedFolder, name: str) -> None:
        """A sub-folder that holds nothing but litter of file managers goes; anything else in it stays."""
        with suppress(FileNotFoundError, NotADirectoryError):
            with folder.folder(name) as below:
                for inner, kind in below.entries().items():
                    if kind is Kind.FOLDER:
                        self._prune(below, inner)
                left = below.entries()
                if all(kind is Kind.FILE and inner.casefold() in LITTER for inner, kind in left.items()):
                    for inner in left:
                        below.remove(inner)
            folder.remove_folder(name)


def _files_below(folder: SharedFolder, above: Parts) -> Iterator[Parts]:
    for name, kind in folder.entries().items():
        if kind is Kind.FOLDER:
            with folder.folder(name) as below:
                yield from _files_below(below, (*above, name))
        else:
            yield (*above, name)
