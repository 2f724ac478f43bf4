"""To the sender: what was handed in is stored safely (status 01), where the verdict takes its time."""

from collections.abc import Mapping

from vbdaemon.model import CodedStatus, Delivery, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.letters.letter_page import Subject, letter_page

_ARRIVED = Subject("letters/arrived.j2", "PHIẾU XÁC NHẬN VĂN BẢN ĐIỆN TỬ ĐÃ ĐẾN", CodedStatus.ARRIVED, "Đã đến")


def render_arrived(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """It names nothing but the moment: what it is was not read yet."""
    del document
    words = {"received": details["received"], "count": details["count"]}
    return letter_page(_ARRIVED, delivery, None, snapshot, words, {"in_reply_to": None, "documents": []})
