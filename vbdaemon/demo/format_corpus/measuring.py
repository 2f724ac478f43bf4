"""What the check answers to every document of the corpus, and how right that is for each rule."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vbdaemon.builtin.format.examination import examined
from vbdaemon.demo.format_corpus.corpus import Case, cases
from vbdaemon.model import Limits
from vbdaemon.model.format import FormatRules, FormatRuleSet
from vbdaemon.model.format_result import FormatOutcome
from vbdaemon.model.layout import LayoutKind
from vbdaemon.model.rule import Form
from vbdaemon.reading import media
from vbdaemon.reading.layout import read_layout

_TODAY = date(2026, 3, 2)
_MEDIA = {LayoutKind.DOCX: media.DOCX, LayoutKind.PDF: media.PDF}


@dataclass(frozen=True, slots=True)
class Answer:
    """One document and the rules that the check calls broken; `outcome` is that of its own rule."""

    case: Case
    kind: LayoutKind
    failed: tuple[str, ...]
    outcome: FormatOutcome | None

    @property
    def right(self) -> bool:
        """Exactly its own rule where that is broken and shown, none where nothing is broken.

        What a file of this kind need not show may be found or not.
        """
        own = (self.case.rule.id,)
        if not self.case.fails:
            shown = self.outcome is FormatOutcome.PASS or self.kind is LayoutKind.PDF
            return self.failed == () and shown
        return self.failed == own if self.case.shown(self.kind) else self.failed in {(), own}


@dataclass(frozen=True, slots=True)
class Score:
    """Of one rule on one kind of file: found and missed breaks, and false alarms over the whole corpus."""

    rule: str
    found: int
    missed: int
    false: int

    @property
    def precision(self) -> float | None:
        """Share of its alarms that are true."""
        alarms = self.found + self.false
        return self.found / alarms if alarms else None

    @property
    def recall(self) -> float | None:
        """Share of its breaks that are found, those that this kind of file cannot show among them."""
        breaks = self.found + self.missed
        return self.found / breaks if breaks else None


def answers(
    rule_set: FormatRuleSet, forms: tuple[Form, ...], kind: LayoutKind, only: Iterable[Case] | None = None
) -> Iterator[Answer]:
    """The answer to each document of a set, or to those of `only`."""
    rules = FormatRules((rule_set,), rule_set.id)
    with tempfile.TemporaryDirectory(prefix="vbdaemon-format-") as folder:
        path = Path(folder) / "paper"
        for case in only if only is not None else cases(rule_set):
            if kind is LayoutKind.PDF and case.rule.forms:
                continue  # A5 slips exist as Word files only: the head needs the width of A4
            body = case.body(kind)
            path.write_bytes(body)
            layout = read_layout(path, hashlib.sha256(body).hexdigest(), _MEDIA[kind], Limits())
            assert layout is not None
            examination = examined(layout, rules, forms, _TODAY)
            own = next((r.outcome for r in examination.results if r.rule.id == case.rule.id), None)
            yield Answer(case, kind, tuple(result.rule.id for result in examination.failed), own)


def scores(found: Iterable[Answer]) -> tuple[Score, ...]:
    """One score for each rule that has a document."""
    every = list(found)
    rules = dict.fromkeys(answer.case.rule.id for answer in every)
    return tuple(_score(rule, every) for rule in rules)


def _score(rule: str, every: list[Answer]) -> Score:
    broken = [a for a in every if a.case.fails and a.case.rule.id == rule]
    others = [a for a in every if a not in broken]
    hits = sum(rule in answer.failed for answer in broken)
    return Score(rule, hits, len(broken) - hits, sum(rule in answer.failed for answer in others))


def differing(rule_set: FormatRuleSet, other: FormatRuleSet) -> Iterator[Case]:
    """The documents of a set for the rules that the other set has not in the same way."""
    limits = {rule.id: rule.limits for rule in other.rules}
    return (case for case in cases(rule_set) if limits.get(case.rule.id) != case.rule.limits)
