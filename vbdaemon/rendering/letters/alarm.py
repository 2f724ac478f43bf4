"""To those on duty in this office: what needs a person now."""

import json
from collections.abc import Mapping
from datetime import datetime

from vbdaemon.model import Delivery, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.letters.letter_page import Subject, letter_page
from vbdaemon.rendering.words import local_moment, sentence

ADDRESSEE = "Bộ phận trực văn thư"
KINDS = {
    "held": ("chờ xem xét quá ngày làm việc tiếp theo", "held past the next working day"),
    "promise": ("chưa đến đủ nơi nhận trong thời hạn cam kết", "not with every recipient in the promised time"),
    "undelivered": ("không chuyển được, hệ thống đã thôi gửi", "could not be delivered, given up"),
}


def render_alarm(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """`details["alarms"]`: JSON list of objects with `kind`, `submission`, `at`, `words`; `more`: how many besides."""
    del document
    alarms: list[dict[str, str]] = json.loads(details.get("alarms", "[]"))  # gone when its submission is locked away
    count = len(alarms) + int(details.get("more", "0"))
    name = f"Cảnh báo: {count} việc cần xử lý" if count else "Cảnh báo"
    subject = Subject("letters/alarm.j2", "PHIẾU CẢNH BÁO CỦA HỆ THỐNG", None, name)
    words = {
        "addressee": ADDRESSEE,
        "rows": [(each["submission"], _line(each)) for each in alarms],
        "more": int(details.get("more", "0")),
        "english": True,
    }
    told = [{key: each[key] for key in ("kind", "submission", "at")} for each in alarms]
    return letter_page(subject, delivery, None, snapshot, words, {"alarms": told})


def _line(alarm: Mapping[str, str]) -> str:
    vietnamese, english = KINDS[alarm["kind"]]
    since = local_moment(datetime.fromisoformat(alarm["at"]))
    return sentence(f"{vietnamese} ({english}); {alarm['words']}; {since}")
