"""Built-in unpacking: mails and zip archives.

A container that is over the limits, damaged or locked is not taken apart at all: half of a submission must
not look like a whole one. The container itself stays a file of the submission, and `read` says why.
"""

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import File, Part, Problem, Snapshot
from vbdaemon.reading import media
from vbdaemon.reading.archive import entries
from vbdaemon.reading.mail import mail_parts
from vbdaemon.reading.name import distinct


@hookimpl
def unpack(file: File, snapshot: Snapshot) -> tuple[Part, ...] | None:
    """The files inside a mail or a zip; None for anything else and for a container that stays closed."""
    if file.size > snapshot.limits.file_bytes:
        return None
    if file.media_type == media.MAIL:
        found = mail_parts(file.path.read_bytes(), snapshot.limits)
        return None if isinstance(found, Problem) else found
    if file.media_type == media.ZIP:
        inside = entries(file.path, snapshot.limits)
        if isinstance(inside, Problem):
            return None
        names = distinct(entry.name for entry in inside)
        return tuple(Part(name, entry.body) for name, entry in zip(names, inside, strict=True))
    return None
