"""Recall, update, replacement: to everyone who has the document (13), and to the one who handed it in (15)."""

from collections.abc import Mapping
from dataclasses import replace

from vbdaemon.model import CodedStatus, Delivery, DocumentVerdict, Notice, Snapshot, Withdrawal
from vbdaemon.rendering.facts import JsonObject
from vbdaemon.rendering.letters.letter_page import Subject, document_facts, letter_page, to_superior
from vbdaemon.rendering.words import sentence

_DENIED = Subject(
    "letters/denied.j2",
    "PHIẾU TRẢ LỜI VỀ VIỆC LẤY LẠI VĂN BẢN ĐIỆN TỬ",
    CodedStatus.RECALL_DENIED,
    "Từ chối lấy lại, cập nhật",
)
WORDS = {
    Withdrawal.RECALL: ("thu hồi", "recalled"),
    Withdrawal.UPDATE: ("cập nhật", "updated"),
    Withdrawal.REPLACE: ("thay thế", "replaced"),
}


def render_recall(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """To a recipient: it is not to be used any more, and what was done with it is to be told.

    A document recalled is destroyed by its recipients, who report it (NĐ 30/2020 art. 18). Of a restricted one no
    reason is told: it may name persons.
    """
    assert document is not None
    kind = Withdrawal(details["kind"])
    if _restricted(document):
        details = {**details, "why": ""}
    asks = "Đề nghị" if to_superior(delivery, snapshot) else "Yêu cầu"
    title = f"PHIẾU {asks.upper()} {WORDS[kind][0].upper()} VĂN BẢN ĐIỆN TỬ"
    subject = Subject("letters/recall.j2", title, CodedStatus.RECALL_ASKED, f"{asks} lấy lại")
    withdrawal = document_facts(document) | {
        "kind": kind.value,
        "delivery": details.get("delivery", ""),
        "reason": details.get("why", ""),
        "replaced_by": details.get("replaced_by", ""),
    }
    return letter_page(subject, delivery, document, snapshot, _words(kind, details), {"withdrawal": withdrawal})


def render_withdrawn(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """To the one who handed it in: done, and who was told."""
    assert document is not None
    kind = Withdrawal(details["kind"])
    title = f"PHIẾU BÁO ĐÃ {WORDS[kind][0].upper()} VĂN BẢN ĐIỆN TỬ"
    subject = Subject("letters/withdrawn.j2", title, CodedStatus.RECALL_GRANTED, "Đồng ý lấy lại, cập nhật")
    one = document_facts(document) | {"status": CodedStatus.RECALL_GRANTED.value}
    machine: JsonObject = {"in_reply_to": details.get("in_reply_to") or None, "documents": [one]}
    return letter_page(subject, delivery, document, snapshot, _words(kind, details), machine)


def render_denied(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """To an office that asked for a document back and does not get it, with the reason."""
    del document
    machine: JsonObject = {"in_reply_to": details.get("in_reply_to") or None, "documents": []}
    words = {
        "why": sentence(details.get("why", "")).removesuffix("."),
        "about": sentence(details.get("about", "")),
    }
    polite = replace(_DENIED, status_name="Chưa thể lấy lại, cập nhật")
    subject = polite if to_superior(delivery, snapshot) else _DENIED
    return letter_page(subject, delivery, None, snapshot, words, machine)


def _words(kind: Withdrawal, details: Mapping[str, str]) -> dict[str, object]:
    vietnamese, english = WORDS[kind]
    return {
        "done": vietnamese,
        "done_english": english,
        "why": sentence(details.get("why", "")).removesuffix("."),
        "replaced_by": sentence(details.get("replaced_by", "")),
        "told": sentence(details.get("told", "")),
    }


def _restricted(document: DocumentVerdict) -> bool:
    return bool(document.classification and document.classification.restricted)
