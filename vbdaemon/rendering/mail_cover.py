"""The text of a mail that forwards a document, for people: what comes, from whom, which files."""

from vbdaemon.model import Delivery, DocumentVerdict, FileRecord, Snapshot, Submission
from vbdaemon.rendering import labels
from vbdaemon.rendering.letter import sending_unit
from vbdaemon.rendering.names import shown_name
from vbdaemon.rendering.phrases import arrival_words, described
from vbdaemon.rendering.sheet import SHEET_NAME
from vbdaemon.rendering.templates import render_text
from vbdaemon.rendering.words import NO_OFFICE, contact_words, local_moment, local_moment_english, sentence


def render_cover(
    delivery: Delivery,
    submission: Submission,
    document: DocumentVerdict,
    files: tuple[FileRecord, ...],
    snapshot: Snapshot,
) -> str:
    """Vietnamese, then English. Of a restricted document neither sender nor names of files are told."""
    office, found = snapshot.office, document.classification
    sender = sending_unit(submission, snapshot)
    recipient = snapshot.directory.unit(delivery.destination.unit)
    names = {file.sha256: file.name for file in files} | {document.main_sha256: document.main}
    restricted = bool(found and found.restricted)
    received = submission.envelope.received_at
    return render_text(
        "cover.txt.j2",
        snapshot.templates,
        letterhead=" – ".join(sentence(part) for part in (office.parent, office.name or NO_OFFICE) if part),
        recipient=sentence(recipient.name) if recipient else "Quý cơ quan, đơn vị",
        office=sentence(office.name) or NO_OFFICE,
        described=described(document, snapshot.directory),
        arrival=arrival_words(document.register or document.filed_with),
        sender=sentence(sender.name) if sender and not restricted else "",
        received=local_moment(received),
        received_english=local_moment_english(received),
        urgency=labels.URGENCY[found.urgency.value] if found and found.urgency else "",
        id=submission.id,
        files=[shown_name(names.get(sha256, sha256)) for sha256 in document.files] if not restricted else [],
        sheet=SHEET_NAME,
        contact=sentence(contact_words(office)),
    )
