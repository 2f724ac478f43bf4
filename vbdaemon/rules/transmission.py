"""Lists that say in which form documents travel, e.g. the appendices of 648/QĐ-UBND."""

from collections.abc import Collection

from vbdaemon.model import TransmissionForm, TransmissionRule, TransmissionRuleSet
from vbdaemon.rules.source import RuleFile
from vbdaemon.rules.table import Table

CATEGORIES = ("kntc", "giao-du-toan")
"""Rows that name a content instead of a form: complaints and denunciations, budget allocations."""
_WAYS = (TransmissionForm.ELECTRONIC, TransmissionForm.ELECTRONIC_AND_PAPER, TransmissionForm.PAPER)


def read_rule_set(file: RuleFile, forms: Collection[str]) -> TransmissionRuleSet:
    """The rule set in `file`; `forms` are the known slugs. Raises RuleSetError with every mistake."""
    root = file.root
    rules = _rules(file, {*forms, *CATEGORIES})
    rule_set = TransmissionRuleSet(
        id=root.text("id"),
        title=root.text("title"),
        clause=root.text("clause"),
        rules=rules,
        valid_from=root.day("valid_from"),
        valid_to=root.day("valid_to"),
        applies_to=root.texts("applies_to"),
        exempt=root.texts("exempt"),
    )
    root.close()
    if rule_set.valid_from and rule_set.valid_to and rule_set.valid_to < rule_set.valid_from:
        root.mistake('"valid_to" is before "valid_from"', "valid_to")
    if not rules:
        file.mistake("no [[rule]] in the file", 1)
    file.check()
    return rule_set


def _rules(file: RuleFile, known: Collection[str]) -> tuple[TransmissionRule, ...]:
    rules: list[TransmissionRule] = []
    rows: set[str] = set()
    forms: dict[str, str] = {}
    for table in file.tables("rule"):
        rule = _rule(table)
        if rule.form and rule.form not in known:
            table.mistake(f'the form "{rule.form}" is not known', "form")
        if rule.id in rows:
            table.mistake(f'the row "{rule.id}" stands twice', "row")
        other = forms.setdefault(rule.form, rule.id)
        if other != rule.id:
            table.mistake(f'the form "{rule.form}" stands in row "{other}" already', "form")
        rows.add(rule.id)
        rules.append(rule)
    return tuple(rules)


def _rule(table: Table) -> TransmissionRule:
    rule = TransmissionRule(
        id=table.text("row"),
        form=table.text("form"),
        transmission=_transmission(table),
        send=table.take("send", bool, default=True),
        receive=table.take("receive", bool, default=True),
        note=table.text("note", ""),
    )
    table.close()
    return rule


def _transmission(table: Table) -> TransmissionForm:
    """One of the three ways; UNLISTED and UNCLEAR are answers, nothing that a list can say."""
    word = table.text("transmission")
    if word not in _WAYS:
        allowed = ", ".join(f'"{way}"' for way in _WAYS)
        table.mistake(f'"transmission" must be one of {allowed}; found "{word}"', "transmission")
        return TransmissionForm.UNCLEAR
    return TransmissionForm(word)
