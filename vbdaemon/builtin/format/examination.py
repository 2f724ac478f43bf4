"""One file against the rules of format: which set is for it, and what each rule answers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from vbdaemon.builtin.format.checking import check_format
from vbdaemon.builtin.format.components import components_of, form_in, is_normative, is_party_paper, issued_on
from vbdaemon.errors import VbdaemonError
from vbdaemon.model import Limits, Problem
from vbdaemon.model.format import FormatRules, FormatRuleSet
from vbdaemon.model.format_result import FormatOutcome, FormatResult
from vbdaemon.model.layout import Layout, LayoutKind
from vbdaemon.model.rule import Form
from vbdaemon.reading import media
from vbdaemon.reading.layout import read_layout


@dataclass(frozen=True, slots=True)
class Examination:
    """What came of one file."""

    kind: LayoutKind
    rule_set: FormatRuleSet | None
    """None: no set is for this document."""
    results: tuple[FormatResult, ...] = ()
    problems: tuple[Problem, ...] = ()
    party: bool = False
    """A paper of the Party: these rules are not for it."""
    normative: bool = False
    """A normative document: these rules are not for it."""
    issued_on: date | None = None
    """Its date as the file shows it; None = the rules are those of the day of the check."""

    @property
    def failed(self) -> tuple[FormatResult, ...]:
        """Rules that are not kept."""
        return tuple(result for result in self.results if result.outcome is FormatOutcome.FAIL)


@dataclass(frozen=True, slots=True)
class FormatTask:
    """Examine the file at `path` in a worker: it may be hostile."""

    path: Path
    rules: FormatRules
    forms: tuple[Form, ...]
    limits: Limits
    today: date

    def run(self, place: object) -> Examination:
        """The examination; VbdaemonError for files that have no layout to read."""
        del place
        body = self.path.read_bytes() if self.path.stat().st_size <= self.limits.file_bytes else b""
        kind = media.media_type(body[: media.HEAD_BYTES], self.path.name, self.path)
        layout = read_layout(self.path, hashlib.sha256(body).hexdigest(), kind, self.limits)
        if layout is None:
            raise VbdaemonError(f"{self.path.name}: {_no_layout(body)}")
        if layout.problems and not layout.sheets and not layout.paragraphs:
            problem = layout.problems[0]
            raise VbdaemonError(f"{self.path.name}: cannot be checked: {problem.kind} ({problem.words})")
        return examined(layout, self.rules, self.forms, self.today)


def _no_layout(body: bytes) -> str:
    if not body:
        return "is empty, or larger than the limit; give a .docx or a PDF"
    return "its format cannot be checked; give a .docx or a PDF (a .doc saved as .docx)"


def examined(
    layout: Layout, rules: FormatRules, forms: Sequence[Form], today: date, form: str | None = None
) -> Examination:
    """The layout against the set for its date; `today` counts where it shows none."""
    components = components_of(layout, forms)
    if is_party_paper(components):
        return Examination(layout.kind, None, problems=layout.problems, party=True)
    form, shown = form or form_in(components, forms), issued_on(components)
    if is_normative(components, form):
        return Examination(layout.kind, None, problems=layout.problems, normative=True)
    rule_set = rules.covering(shown or today)
    if rule_set is None:
        return Examination(layout.kind, None, problems=layout.problems, issued_on=shown)
    results = check_format(components, rule_set, form)
    return Examination(layout.kind, rule_set, results, layout.problems, issued_on=shown)


def pages_of(layout: Layout, first: int, last: int | None) -> Layout:
    """The layout of some pages of a PDF; of a later part of a file the page numbers say nothing."""
    if layout.kind is LayoutKind.DOCX or (first == 1 and last is None):
        return layout

    def inside(page: int | None) -> bool:
        return page is not None and page >= first and (last is None or page <= last)

    return replace(
        layout,
        sheets=tuple(sheet for sheet in layout.sheets if inside(sheet.page)),
        paragraphs=tuple(paragraph for paragraph in layout.paragraphs if inside(paragraph.page)),
        page_number=layout.page_number if first == 1 else None,
        several_pages=layout.several_pages if first == 1 and last is None else None,
    )
