"""The mail that carries a report."""

import json
from collections.abc import Mapping
from datetime import datetime

from vbdaemon.model import Delivery, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.facts import JsonObject
from vbdaemon.rendering.letters.letter_page import Subject, letter_page
from vbdaemon.rendering.words import local_moment, sentence

ADDRESSEE = "Quý cơ quan, đơn vị"


def render_report(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """`details`: `title` and `subtitle` of the report, `files`: JSON list of objects with `name` and `sha256`.

    `addressee`: name of the unit it goes to; `replaces`: when the report was sent that this one replaces (ISO 8601).
    Both can be empty, and letters of earlier versions have neither.
    """
    del document
    files: list[dict[str, str]] = json.loads(details["files"])
    title, period, replaces = (
        sentence(details["title"]),
        sentence(details["subtitle"]),
        _former(details.get("replaces", ""), delivery),
    )
    name = f"{title}, {_lowered(period)}" if period else title
    name = f"{name} (thay thế bản gửi {replaces})" if replaces else name
    subject = Subject("letters/report.j2", title.upper(), None, name)
    words = {
        "addressee": sentence(details.get("addressee", "")) or ADDRESSEE,
        "status": f"Hệ thống lập tự động lúc {local_moment(delivery.created_at)}",
        "report": _lowered(title),
        "period": _lowered(period),
        "files": ", ".join(each["name"] for each in files),
        "replaces": replaces,
        "english": False,
    }
    machine: JsonObject = {"report": details["title"], "files": files, "replaces": details.get("replaces") or None}
    return letter_page(subject, delivery, None, snapshot, words, machine)


def _former(replaced_at: str, delivery: Delivery) -> str:
    """Which letter is meant: that of a day, or of an hour of this one."""
    if not replaced_at:
        return ""
    words = local_moment(datetime.fromisoformat(replaced_at))
    day = words.partition(" ")[2]
    return f"lúc {words}" if local_moment(delivery.created_at).endswith(day) else day


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
