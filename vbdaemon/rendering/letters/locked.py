"""To everyone who has a copy of a document that was found secret afterwards: stop using it. No word of what it is."""

from collections.abc import Mapping

from vbdaemon.model import CodedStatus, Delivery, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.facts import JsonObject
from vbdaemon.rendering.letters.letter_page import Subject, letter_page

_LOCKED = Subject(
    "letters/locked.j2",
    "PHIẾU ĐỀ NGHỊ NGỪNG SỬ DỤNG VĂN BẢN ĐÃ CHUYỂN",
    CodedStatus.RECALL_ASKED,
    "Đề nghị lấy lại",
)


def render_locked(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """The copy is found by the id that its `vbdaemon.json` and its check sheet bear, and by the moment it was sent."""
    del document
    machine: JsonObject = {"delivery": details.get("delivery") or None}
    return letter_page(_LOCKED, delivery, None, snapshot, {"sent": details["sent"]}, machine)
