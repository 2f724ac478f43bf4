"""The notice that an accepted document could not be brought to one of its recipients."""

from datetime import UTC
from typing import Any

from vbdaemon.model import CodedStatus, Delivery, Destination, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.facts import JsonObject, as_json, register_facts
from vbdaemon.rendering.phrases import arrival_words, described
from vbdaemon.rendering.templates import render_html, render_text
from vbdaemon.rendering.words import NO_OFFICE, contact_words, local_moment, sentence

TITLE = "PHIẾU THÔNG BÁO VĂN BẢN CHƯA CHUYỂN ĐƯỢC ĐẾN NƠI NHẬN"
STATUS_NAME = "Chưa chuyển được đến nơi nhận"


def render_undelivered(
    delivery: Delivery, document: DocumentVerdict, failed: Destination, snapshot: Snapshot
) -> Notice:
    """It has no coded status: the document stays received. The sender need do nothing but knows whom to ask."""
    office = snapshot.office
    unit = snapshot.directory.unit(failed.unit)
    made = local_moment(delivery.created_at)
    values: dict[str, Any] = {
        "title": TITLE,
        "status": f"Phản hồi của hệ thống; mã tra cứu {delivery.submission}; lập lúc {made}",
        "letterhead": " – ".join(sentence(part) for part in (office.parent, office.name or NO_OFFICE) if part),
        "office": sentence(office.name) or NO_OFFICE,
        "described": described(document, snapshot.directory),
        "arrival": arrival_words(document.register),
        "recipient": sentence(unit.name if unit else failed.address),
        "contact": sentence(contact_words(office)),
        "id": delivery.submission,
        "english": True,
    }
    machine: JsonObject = {
        "schema": 1,
        "submission": delivery.submission,
        "status": None,
        "status_name": STATUS_NAME,
        "created_at": delivery.created_at.astimezone(UTC).isoformat(),
        "sha256": document.main_sha256,
        "register": register_facts(document.register),
        "undelivered_to": {"code": unit.code if unit else None, "name": unit.name if unit else None},
    }
    return Notice(
        status=CodedStatus.RECEIVED,
        title=TITLE,
        text=render_text("undelivered.j2", snapshot.templates, **values),
        html=render_html("undelivered.j2", snapshot.templates, **values),
        machine=as_json(machine),
    )
