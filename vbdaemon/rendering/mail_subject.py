"""What the subject of a mail says: the coded status first, then which document, then the id to ask by."""

import json

from vbdaemon.model import Delivery, DeliveryKind, DocumentVerdict, VerdictKind
from vbdaemon.rendering.names import visible
from vbdaemon.rendering.words import sentence

LONGEST = 160


def document_words(documents: tuple[DocumentVerdict, ...]) -> str:
    """The documents in few words; empty where a subject line may say nothing of them."""
    if not documents or any(_is_private(document) for document in documents):
        return ""
    first = _one(documents[0])
    more = f" và {len(documents) - 1} văn bản khác" if len(documents) > 1 else ""
    return _shortened(first, LONGEST - len(more)) + more if first else ""


def mail_subject(delivery: Delivery, machine: bytes, office: str) -> str:
    """One line; without words on the document it still says what happened, and to which id."""
    if delivery.kind is DeliveryKind.FORWARD:
        return delivery.subject or f"Văn bản chuyển đến, mã tra cứu {delivery.submission}"
    if delivery.kind is DeliveryKind.DIGEST:
        return f"[Tổng hợp] Kết quả tiếp nhận văn bản – {sentence(office)}".rstrip("– ")
    facts = _facts(machine)
    if "report" in facts:  # of a period, not about a submission
        return _status(facts)
    about = f": {delivery.subject}" if delivery.subject else ""
    return f"{_status(facts)}{about} (mã tra cứu {delivery.submission})"


def _facts(machine: bytes) -> dict[str, object]:
    try:
        facts = json.loads(machine)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _status(facts: dict[str, object]) -> str:
    """Code and name as the machine part has them, "[02] Từ chối tiếp nhận"; a plugin's may have none."""
    code, name = facts.get("status"), facts.get("status_name")
    words = name if isinstance(name, str) and name else "Phản hồi về văn bản"
    return f"[{code}] {words}" if isinstance(code, str) and code else words


def _is_private(document: DocumentVerdict) -> bool:
    found = document.classification
    return document.verdict.kind is VerdictKind.QUARANTINE or bool(found and found.restricted)


def _one(document: DocumentVerdict) -> str:
    """As far as it is known: "Công văn số 299/UBND-TTHC: V/v kiểm soát thủ tục"."""
    found = document.classification
    if found is None:
        return ""
    name = found.form_name or "Văn bản"
    head = f"{name} số {found.designation}" if found.number and found.designation else name
    return sentence(f"{head}: {found.subject.value}" if found.subject else head)


def _shortened(text: str, most: int) -> str:
    plain = visible(text)
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"
