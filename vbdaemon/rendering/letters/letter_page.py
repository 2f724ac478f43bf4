"""What all letters share: letterhead, addressee, status line, the three forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from vbdaemon.model import CodedStatus, Delivery, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.facts import JsonObject, as_json, register_facts
from vbdaemon.rendering.phrases import arrival_words, described
from vbdaemon.rendering.templates import render_html, render_text
from vbdaemon.rendering.words import NO_OFFICE, contact_words, local_moment, sentence

SOMEONE = "Quý cơ quan, đơn vị"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a letter is: its template, title, and the coded status it tells, if any."""

    template: str
    title: str
    status: CodedStatus | None
    status_name: str


def letter_page(
    subject: Subject,
    delivery: Delivery,
    document: DocumentVerdict | None,
    snapshot: Snapshot,
    words: Mapping[str, object],
    machine: JsonObject,
) -> Notice:
    """The letter in its three forms; `words` are for the template alone, `machine` stands in the JSON.

    A restricted document is named without its subject and issuer.
    """
    values = {**_common(subject, delivery, document, snapshot), **words}
    facts: JsonObject = {
        "schema": 1,
        "submission": delivery.submission,
        "status": subject.status.value if subject.status else None,
        "status_name": subject.status_name,
        "created_at": delivery.created_at.astimezone(UTC).isoformat(),
        **machine,
    }
    return Notice(
        status=subject.status or CodedStatus.RECEIVED,
        title=subject.title,
        text=render_text(subject.template, snapshot.templates, **values),
        html=render_html(subject.template, snapshot.templates, **values),
        machine=as_json(facts),
    )


def _common(
    subject: Subject, delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot
) -> dict[str, object]:
    """What every letter's template may name."""
    office = snapshot.office
    unit = snapshot.directory.unit(delivery.destination.unit)
    told = f"trạng thái {subject.status.value} – {subject.status_name}; " if subject.status else ""
    made = local_moment(delivery.created_at)
    return {
        "title": subject.title,
        "status": f"Phản hồi của hệ thống; {told}mã tra cứu {delivery.submission}; lập lúc {made}",
        "letterhead": " – ".join(sentence(part) for part in (office.parent, office.name or NO_OFFICE) if part),
        "addressee": sentence(unit.name) if unit else SOMEONE,
        "office": sentence(office.name) or NO_OFFICE,
        "address": sentence(office.address) or sentence(office.name) or NO_OFFICE,
        "described": described(document, snapshot.directory) if document else "",
        "arrival": arrival_words(document.register) if document else "",
        "contact": sentence(contact_words(office)),
        "id": delivery.submission,
        "english": bool(unit and unit.language == "en"),
        "superior": to_superior(delivery, snapshot),
    }


def to_superior(delivery: Delivery, snapshot: Snapshot) -> bool:
    """True for a letter to a body above this office: it is asked (đề nghị), nothing is demanded or refused."""
    return snapshot.directory.is_above(delivery.destination.unit or "", snapshot.office.unit)


def document_facts(document: DocumentVerdict) -> JsonObject:
    """The document by hash, number and date; no subject, no names."""
    found = document.classification
    return {
        "sha256": document.main_sha256,
        "number": found.number.value if found and found.number else None,
        "symbol": found.symbol.value if found and found.symbol else None,
        "date": found.issued_on.value.isoformat() if found and found.issued_on else None,
        "register": register_facts(document.register),
    }
