"""The mail that carries a report."""

import json
from collections.abc import Mapping

from vbdaemon.model import Delivery, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.letters.letter_page import Subject, letter_page
from vbdaemon.rendering.words import local_moment, sentence

ADDRESSEE = "Quý cơ quan, đơn vị"


def render_report(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """`details`: `title` and `subtitle` of the report, `files`: JSON list of objects with `name` and `sha256`."""
    del document
    files: list[dict[str, str]] = json.loads(details["files"])
    title, period = sentence(details["title"]), sentence(details["subtitle"])
    subject = Subject("letters/report.j2", title.upper(), None, f"{title}, {_lowered(period)}")
    words = {
        "addressee": ADDRESSEE,
        "status": f"Hệ thống lập tự động lúc {local_moment(delivery.created_at)}",
        "report": _lowered(title),
        "period": _lowered(period),
        "files": ", ".join(each["name"] for each in files),
        "english": False,
    }
    return letter_page(subject, delivery, None, snapshot, words, {"report": details["title"], "files": files})


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
