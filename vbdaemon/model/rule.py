"""Rules as values: forms, lists of transmission forms, the policy, routes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from vbdaemon.model.classification import TransmissionForm, Urgency
from vbdaemon.model.finding import Finding, Severity, VerdictKind
from vbdaemon.model.place import Evidence


@dataclass(frozen=True, slots=True)
class Form:
    """A form of document (hình thức văn bản)."""

    slug: str
    name: str
    abbreviations: tuple[str, ...]
    """Abbreviations used in symbols, of both decrees; compared whole, case and accents count."""


@dataclass(frozen=True, slots=True)
class TransmissionRule:
    """One row of a list: documents of this form travel so."""

    id: str
    """Row within the rule set, e.g. "I-9"."""
    form: str
    """Form slug, or a content category: "kntc", "giao-du-toan"."""
    transmission: TransmissionForm
    send: bool = True
    receive: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class TransmissionRuleSet:
    """A list of an agency that says which forms travel how, with its validity and scope."""

    id: str
    title: str
    clause: str
    """How it is cited, in Vietnamese."""
    rules: tuple[TransmissionRule, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    applies_to: tuple[str, ...] = ()
    """Unit groups it binds; empty = all."""
    exempt: tuple[str, ...] = ()
    """Codes of partners without infrastructure or under sector rules (648 Điều 1)."""

    def rule_for(self, form: str) -> TransmissionRule | None:
        """The row for a form or content category, or None."""
        return next((r for r in self.rules if r.form == form), None)


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """What follows from a finding, and the words for it."""

    code: str
    severity: Severity
    verdict: VerdictKind | None
    """None = nothing follows: a note or a warning."""
    message: str
    """Vietnamese; `{…}` places are filled by the check."""
    english: str
    clause: str = ""
    remedy: str = ""
    remedy_english: str = ""
    evidence_may_come: bool = False
    """HELD for want of evidence: re-opens by itself when evidence comes."""


@dataclass(frozen=True)
class Policy:
    """Every finding code with what follows from it."""

    rules: tuple[PolicyRule, ...]
    refusals: str = "auto"
    """ "auto": notices of refusal leave at once; "confirm": a person sends each."""

    @cached_property
    def by_code(self) -> dict[str, PolicyRule]:
        """Rules by finding code."""
        return {r.code: r for r in self.rules}

    def finding(self, code: str, evidence: Evidence | None = None, **places: str) -> Finding:
        """The finding of this code in the policy's words, its `{places}` filled in.

        A code that the policy does not know is an error without words: it holds.
        """
        rule = self.by_code.get(code)
        if rule is None:
            return Finding(code, Severity.ERROR, code, code, evidence=evidence)
        fill = defaultdict(str, places)
        return Finding(
            code=code,
            severity=rule.severity,
            message=_filled(rule.message, fill),
            english=_filled(rule.english, fill),
            clause=rule.clause,
            remedy=_filled(rule.remedy, fill),
            remedy_english=_filled(rule.remedy_english, fill),
            evidence=evidence,
        )


def _filled(words: str, places: Mapping[str, str]) -> str:
    """The sentence with its places filled; an empty place leaves no hole."""
    filled = words.format_map(places).replace("()", "")
    return " ".join(filled.split()).replace(" .", ".").replace(" ,", ",")


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the route table: documents that match go to these units and persons."""

    to: tuple[str, ...]
    """Unit codes, and "unit/account" for persons."""
    forms: tuple[str, ...] = ()
    symbol_contains: str = ""
    issuers: tuple[str, ...] = ()
    """Unit codes of issuers."""
    subject_words: tuple[str, ...] = ()
    """Any of these, compared without case and accents."""
    draft: bool | None = None
    urgency: tuple[Urgency, ...] = ()
    """Bears any of these marks."""
    sources: tuple[str, ...] = ()
    """Came in by any of these sources: folders, mailboxes."""
