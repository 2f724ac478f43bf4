"""The files that deliveries carry: a forwarded document with its sheet, a notice in its three shapes."""

import hashlib
import json

from vbdaemon.model import Delivery, DocumentVerdict, Notice, OutgoingFile, Snapshot, Submission
from vbdaemon.rendering.facts import as_json
from vbdaemon.rendering.names import unique_names
from vbdaemon.rendering.sheet import MACHINE_NAME, SHEET_NAME, render_sheet


def forward_files(
    submission: Submission, document: DocumentVerdict, snapshot: Snapshot, delivery: Delivery
) -> tuple[OutgoingFile, ...]:
    """The original bytes of every file of the document, the check sheet and `vbdaemon.json`.

    A sender's file that is called as one of ours is renamed; its bytes and hash stay.
    """
    known = {file.sha256: file for file in submission.files}
    files = [known[sha256] for sha256 in dict.fromkeys(document.files) if sha256 in known]
    names = unique_names((MACHINE_NAME, SHEET_NAME, *(file.name for file in files)))[2:]
    sheet = render_sheet(submission, document, snapshot, delivery.id)
    originals = (OutgoingFile(name, file.sha256, path=str(file.path)) for name, file in zip(names, files, strict=True))
    return (*originals, _made(SHEET_NAME, sheet.html), _made(MACHINE_NAME, sheet.machine))


def notice_files(notice: Notice, delivery: Delivery) -> tuple[OutgoingFile, ...]:
    """The notice as HTML, text and JSON; the JSON also carries the delivery's id, by which a repeat is recognised."""
    return (
        _made("notice.html", notice.html),
        _made("notice.txt", notice.text),
        _made("notice.json", _with_delivery(notice.machine, delivery.id)),
    )


def _made(name: str, text: str) -> OutgoingFile:
    body = text.encode()
    return OutgoingFile(name, hashlib.sha256(body).hexdigest(), body=body)


def _with_delivery(machine: str, delivery: str) -> str:
    try:
        facts = json.loads(machine)
    except ValueError:  # a plugin's notice may carry another format
        return machine
    return as_json(facts | {"delivery": delivery}) if isinstance(facts, dict) else machine
