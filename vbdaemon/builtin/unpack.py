"""Built-in unpacking: mails, zip, RAR and 7z archives, TNEF (winmail.dat), signed content (.p7m).

A container that is over the limits, damaged or locked is not taken apart at all: half of a submission must
not look like a whole one. The container itself stays a file of the submission, and `read` says why.
"""

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import File, Limits, Part, Problem, Snapshot
from vbdaemon.reading import media
from vbdaemon.reading.archive import ARCHIVES, entries
from vbdaemon.reading.enclosed import with_signed_content
from vbdaemon.reading.mail import mail_parts
from vbdaemon.reading.name import renamed
from vbdaemon.reading.split import rejoined
from vbdaemon.reading.tnef import tnef_parts


@hookimpl
def unpack(file: File, snapshot: Snapshot) -> tuple[Part, ...] | None:
    """The files inside a container; None for anything else and for a container that stays closed.

    Pieces of one file that lie in the same container are joined; what a signature holds inside comes out,
    and the signature stays beside it.
    """
    if file.size > snapshot.limits.file_bytes:
        return None
    found = _inside(file, snapshot.limits)
    if found is None or isinstance(found, Problem):
        return None
    whole = rejoined(found, snapshot.limits)
    return with_signed_content(whole, mails=file.media_type != media.MAIL)


def _inside(file: File, limits: Limits) -> tuple[Part, ...] | Problem | None:
    if file.media_type == media.MAIL:
        return mail_parts(file.path.read_bytes(), limits)
    if file.media_type == media.TNEF:
        return tnef_parts(file.path.read_bytes(), limits)
    if file.media_type == media.CMS and file.container is None:
        # one that came out of a container was opened there
        signature = Part(file.name, file.path.read_bytes(), file.role)
        opened = with_signed_content((signature,))
        return opened if len(opened) > 1 else None
    if file.media_type in ARCHIVES:
        inside = entries(file.path, limits, file.media_type)
        if isinstance(inside, Problem):
            return inside
        return renamed(Part(entry.name, entry.body) for entry in inside)
    return None
