"""To the sender: papers that must also come (Phụ lục II) and have not; one letter for all that are due that day."""

import json
from collections.abc import Mapping
from datetime import date

from vbdaemon.model import Delivery, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.letters.letter_page import Subject, letter_page
from vbdaemon.rendering.words import day_words, sentence

_REMINDER = Subject("letters/paper.j2", "PHIẾU NHẮC GỬI BẢN GIẤY", None, "Nhắc gửi bản giấy")


def render_paper_reminder(
    delivery: Delivery, document: DocumentVerdict | None, snapshot: Snapshot, details: Mapping[str, str]
) -> Notice:
    """`details["papers"]`: a JSON list of objects with `number`, `form`, `date`, `arrival`, `due`, `clause`.

    It names no subject: papers of several submissions stand in it.
    """
    del document
    papers: list[dict[str, str]] = json.loads(details["papers"])
    clauses = dict.fromkeys(sentence(each.get("clause", "")) for each in papers)
    words = {
        "rows": [(_name(each), _due(each)) for each in papers],
        "several": len(papers) > 1,
        "numbered": all(each.get("arrival") for each in papers),
        "clause": "; ".join(clause for clause in clauses if clause) or "quy định",
        "english": True,
    }
    told = [
        {key: each.get(key) or None for key in ("number", "date", "arrival", "due", "submission")} for each in papers
    ]
    return letter_page(_REMINDER, delivery, None, snapshot, words, {"papers_due": told})


def _name(paper: Mapping[str, str]) -> str:
    """As in "Quyết định số 15/QĐ-UBND ngày 02/03/2026"."""
    number = f"số {paper['number']}" if paper.get("number") else ""
    day = f"ngày {_day(paper['date'])}" if paper.get("date") else ""
    return sentence(f"{paper.get('form') or 'Văn bản'} {number} {day}")


def _due(paper: Mapping[str, str]) -> str:
    arrival = f"số đến {paper['arrival']}; " if paper.get("arrival") else f"mã tra cứu {paper['submission']}; "
    return sentence(f"{arrival}hạn gửi bản giấy: {_day(paper['due'])}")


def _day(words: str) -> str:
    return day_words(date.fromisoformat(words))
