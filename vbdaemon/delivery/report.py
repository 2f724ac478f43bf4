"""A report as a delivery carries it: the letter, and the files that were made for it."""

import json
from collections.abc import Mapping
from dataclasses import replace

from vbdaemon.delivery.kept import keep, kept
from vbdaemon.delivery.parcel import Parcel
from vbdaemon.errors import TemplateBroken
from vbdaemon.model import Delivery, OutgoingFile
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.rendering.letters.report import render_report
from vbdaemon.spool.store import Spool

REPORT = "report"
"""Name of the letter, as it stands in the delivery's key."""
FOLDER = "reports"
"""Of the spool, in which the files lie."""


def report_parcel(delivery: Delivery, details: Mapping[str, str], place: Workplace) -> Parcel:
    """The letter, rendered once and kept, and the files as they were made; each is checked when it is sent."""
    folder = Spool(place.spool).outgoing(delivery.id)
    trouble = ""
    ours = kept(folder)
    if not ours:
        try:
            letter = render_report(delivery, None, place.snapshot, details)
        except TemplateBroken as broken:
            trouble = str(broken)
            letter = render_report(delivery, None, replace(place.snapshot, templates=None), details)
        bodies = {"html": letter.html, "txt": letter.text, "json": letter.machine}
        ours = keep(folder, {f"{delivery.name}.{ending}": body.encode() for ending, body in bodies.items()})
    lies = place.spool / FOLDER / details["folder"]
    files = (OutgoingFile(each["name"], each["sha256"], path=str(lies / each["name"])) for each in _files(details))
    return Parcel((*ours, *files), trouble)


def _files(details: Mapping[str, str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(details["files"])
    return found
