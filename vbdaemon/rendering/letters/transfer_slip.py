"""The slip that goes with an assigned document (phiếu chuyển): who leads, who supports, by when, the leader's note."""

from collections.abc import Mapping
from datetime import date

from vbdaemon.model import Delivery, DocumentVerdict, Snapshot
from vbdaemon.rendering.facts import JsonObject
from vbdaemon.rendering.letters.letter_page import Subject, document_facts, letter_page
from vbdaemon.rendering.words import day_words, sentence

STEM = "phieu-chuyen-xu-ly"
_SLIP = Subject("letters/transfer-slip.j2", "PHIẾU CHUYỂN XỬ LÝ VĂN BẢN", None, "Phân công xử lý")
_TOLD = ("role", "lead", "support", "due_on", "note", "who", "title")
_ROLES = {"lead": "chủ trì", "support": "phối hợp"}


def render_transfer_slip(
    delivery: Delivery, document: DocumentVerdict, snapshot: Snapshot, details: Mapping[str, str]
) -> dict[str, bytes]:
    """The slip as page and JSON, by file name."""
    due = details.get("due_on", "")
    words = {
        "role": _ROLES[details["role"]],
        "lead": sentence(details["lead"]),
        "support": sentence(details.get("support", "")),
        "due": day_words(date.fromisoformat(due)) if due else "",
        "note": sentence(details.get("note", "")),
        "who": sentence(details["who"]),
        "person_title": sentence(details.get("title", "")),
    }
    assignment = {
        key: details.get(key) or None for key in ("role", "lead", "support", "due_on", "note", "who", "title")
    }
    machine: JsonObject = {"assignment": assignment, "documents": [document_facts(document)]}
    slip = letter_page(_SLIP, delivery, document, snapshot, words, machine)
    return {f"{STEM}.html": slip.html.encode(), f"{STEM}.json": slip.machine.encode()}
