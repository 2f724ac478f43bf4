"""Every document of the corpus: for each rule one that keeps it, and those that break one measure of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from vbdaemon.demo.format_corpus.base import copy, decision, letter, slip
from vbdaemon.demo.format_corpus.change import changes
from vbdaemon.demo.format_corpus.page_file import page_file
from vbdaemon.demo.format_corpus.paper import Paper
from vbdaemon.demo.format_corpus.word_file import word_file
from vbdaemon.model.format import FormatRule, FormatRuleSet, Measure, Part
from vbdaemon.model.layout import LayoutKind

_PAGES = (Part.PAGE, Part.PAGE_NUMBER, Part.TEXT)
_OF_COLUMNS = frozenset(
    {Part.PARENT, Part.ISSUER, Part.NUMBER, Part.PLACE_DATE, Part.AUTHORITY, Part.SIGNER_NAME, Part.LETTER_SUBJECT}
)
_UNSEEN = frozenset({Measure.COLOUR, Measure.GAP, Measure.SPACING, Measure.TOP, Measure.BOTTOM})


@dataclass(frozen=True, slots=True)
class Case:
    """One document: what it breaks, if anything."""

    name: str
    """By the rule and the measure: "F6-size"."""
    rule: FormatRule
    paper: Paper
    measure: Measure | None = None
    fails: bool = True

    def body(self, kind: LayoutKind) -> bytes:
        """The file."""
        return word_file(self.paper) if kind is LayoutKind.DOCX else page_file(self.paper)

    def shown(self, kind: LayoutKind) -> bool:
        """True when a file of this kind shows what is broken."""
        if kind is LayoutKind.DOCX:
            return True
        in_column = self.measure is Measure.ALIGNMENT and self.rule.part in _OF_COLUMNS
        # programs that write PDFs take letters apart by themselves; only foreign letters show
        encoded = self.measure is not Measure.ENCODING or any("Ð" in words.text for words in self.paper.body)
        return kind in self.rule.kinds and self.measure not in _UNSEEN and not in_column and encoded and not self._small

    @property
    def _small(self) -> bool:
        return bool(self.rule.forms)


def base_for(rule: FormatRule, rules: str) -> Paper:
    """The document that shows the rule's component."""
    if rule.forms:
        return slip(rules)
    for paper in (decision(rules), letter(rules), copy(rules)):
        if rule.part in _PAGES or paper.has(rule.part):
            return paper
    raise LookupError(rule.id)


def cases(rule_set: FormatRuleSet) -> Iterator[Case]:
    """All documents for a set of rules."""
    for rule in rule_set.rules:
        paper = base_for(rule, rule_set.id)
        yield Case(f"{rule.id}-kept", rule, paper, fails=False)
        for name, measure, change in changes(rule):
            yield Case(f"{rule.id}-{name}", rule, change(paper), measure)
