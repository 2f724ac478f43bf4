"""To the sender: who has the document now (status 04), after a person assigned it or every recipient has it."""

from collections.abc import Mapping

from vbdaemon.model import CodedStatus, Delivery, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.facts import JsonObject
from vbdaemon.rendering.letters.letter_page import Subject, document_facts, letter_page
from vbdaemon.rendering.words import sentence

_ASSIGNED = Subject("letters/assigned.j2", "PHIẾU BÁO PHÂN CÔNG XỬ LÝ VĂN BẢN", CodedStatus.ASSIGNED, "Phân công xử lý")
_FORWARDED = Subject("letters/forwarded.j2", "PHIẾU BÁO ĐÃ CHUYỂN VĂN BẢN", CodedStatus.ASSIGNED, "Phân công xử lý")


def render_assigned(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """A person said who deals with it; the leader's note stays in the house."""
    assert document is not None
    words = {"lead": sentence(details.get("lead", "")), "support": sentence(details.get("support", ""))}
    return letter_page(_ASSIGNED, delivery, document, snapshot, words, _machine(document, details))


def render_forwarded(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """Every recipient has it."""
    assert document is not None
    units = (snapshot.directory.unit(code) for code in details.get("units", "").split())
    words = {"recipients": "; ".join(sentence(unit.name) for unit in units if unit) or "các nơi nhận"}
    return letter_page(_FORWARDED, delivery, document, snapshot, words, _machine(document, details))


def _machine(document: DocumentVerdict, details: Mapping[str, str]) -> JsonObject:
    units = [code for code in details.get("units", "").split() if code]
    one = document_facts(document) | {"status": CodedStatus.ASSIGNED.value}
    return {"in_reply_to": details.get("in_reply_to") or None, "units": units, "documents": [one]}
