"""What people are shown of an examination: comments for the Word file, boxes for a page's picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vbdaemon.builtin.format.examination import Examination
from vbdaemon.model import Box, Limits
from vbdaemon.model.format_result import Fault, FormatResult
from vbdaemon.reading.docx_comment import Remark, with_comments


@dataclass(frozen=True, slots=True)
class CommentTask:
    """Write the Word file's copy with comments in a worker: the file is hostile."""

    path: Path
    remarks: tuple[Remark, ...]
    limits: Limits

    def run(self, place: object) -> bytes:
        """The copy; NotAnnotatable when the file is no Word file."""
        del place
        return with_comments(self.path, self.remarks, self.limits)


def remarks(examination: Examination) -> Iterator[Remark]:
    """One comment for every fault at its place; the rule's clause below it."""
    for result in examination.failed:
        for fault in result.faults:
            yield Remark(fault.spot.index, _words(result, fault))


def labels(examination: Examination) -> tuple[int, tuple[tuple[Box, str], ...]]:
    """The first page with a fault that has a place, and the boxes on it, each named by its rules."""
    spots = [(f.spot, result.rule.id) for result in examination.failed for f in result.faults]
    placed = [(spot.page, spot.box, rule) for spot, rule in spots if spot.page and spot.box]
    page = min((number for number, _, _ in placed), default=1)
    named: dict[Box, list[str]] = {}
    for number, box, rule in placed:
        if number == page:
            rules = named.setdefault(box, [])
            rules.extend([rule] if rule not in rules else [])
    return page, tuple((box, ", ".join(rules)) for box, rules in named.items())


def _words(result: FormatResult, fault: Fault) -> str:
    rule = result.rule
    return f"{rule.title}: {fault.measured}. Quy định: {fault.allowed} ({rule.clause})."
