"""Routes an accepted document: the route table, the envelope, and the units that Kính gửi and Nơi nhận name."""

from vbdaemon.builtin.recipients.targets import targets_of
from vbdaemon.directory.way import way_to
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Destination, Document, Snapshot, Submission


@hookimpl
def route(
    submission: Submission, document: Document, classification: Classification, snapshot: Snapshot
) -> tuple[Destination, ...]:
    """The folder, or the mail address, of every unit and person that is to have the document."""
    parties = targets_of(submission, document, classification, snapshot).parties
    ways = (way_to(unit, snapshot, account) for unit, account in parties)
    return tuple(dict.fromkeys(way for way in ways if way is not None))
