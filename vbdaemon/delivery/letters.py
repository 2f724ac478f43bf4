"""Letters as deliveries carry them: which function renders which, and what it is given."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from vbdaemon.delivery.kept import keep, kept
from vbdaemon.delivery.parcel import Parcel
from vbdaemon.delivery.report import REPORT, report_parcel
from vbdaemon.errors import TemplateBroken
from vbdaemon.model import Delivery, DocumentVerdict, Notice, Snapshot
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.rendering.letters.alarm import render_alarm
from vbdaemon.rendering.letters.arrived import render_arrived
from vbdaemon.rendering.letters.assigned import render_assigned, render_forwarded
from vbdaemon.rendering.letters.locked import render_locked
from vbdaemon.rendering.letters.paper import render_paper_reminder
from vbdaemon.rendering.letters.recall import render_denied, render_recall, render_withdrawn
from vbdaemon.rendering.letters.transfer_slip import render_transfer_slip
from vbdaemon.spool.store import Spool
from vbdaemon.state.records import Decision

Render = Callable[[Delivery, DocumentVerdict | None, Snapshot, Mapping[str, str]], Notice]
LETTERS: Mapping[str, Render] = {
    "alarm": render_alarm,
    "arrived": render_arrived,
    "assigned": render_assigned,
    "denied": render_denied,
    "forwarded": render_forwarded,
    "locked": render_locked,
    "paper": render_paper_reminder,
    "recall": render_recall,
    "withdrawn": render_withdrawn,
}
"""By the name that stands in the delivery's key, `letter:<name>:…`."""


def letter_parcel(
    name: str, delivery: Delivery, decision: Decision, details: Mapping[str, str], place: Workplace
) -> Parcel:
    """A letter in its three forms, rendered once and kept; in our own words where the site's template broke."""
    if name == REPORT:
        return report_parcel(delivery, details, place)
    folder = Spool(place.spool).outgoing(delivery.id)
    before = kept(folder)
    if before:
        return Parcel(before)
    document = None if delivery.document is None else decision.documents[delivery.document]
    trouble = ""
    details = {"in_reply_to": decision.in_reply_to} | dict(details)
    try:
        letter = LETTERS[name](delivery, document, place.snapshot, details)
    except TemplateBroken as broken:
        trouble = str(broken)
        letter = LETTERS[name](delivery, document, replace(place.snapshot, templates=None), details)
    bodies = {"html": letter.html, "txt": letter.text, "json": letter.machine}
    forms = {f"{delivery.name}.{ending}": body.encode() for ending, body in bodies.items()}
    return Parcel(keep(folder, forms), trouble)


def transfer_slip(
    delivery: Delivery, decision: Decision, details: Mapping[str, str], place: Workplace
) -> tuple[dict[str, bytes], str]:
    """The slip that goes with an assigned document, and what to tell the operator.

    In our own words where the site's template broke; nothing where an earlier attempt kept what it rendered.
    """
    assert delivery.document is not None
    if kept(Spool(place.spool).outgoing(delivery.id)):
        return {}, ""
    document = decision.documents[delivery.document]
    try:
        return render_transfer_slip(delivery, document, place.snapshot, details), ""
    except TemplateBroken as broken:
        ours = replace(place.snapshot, templates=None)
        return render_transfer_slip(delivery, document, ours, details), str(broken)
