"""The transmission form of a document by the lists in force on the day of handing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vbdaemon.model import Directory, Doubt, Form, TransmissionForm, TransmissionRuleSet


@dataclass(frozen=True, slots=True)
class TransmissionAnswer:
    """How the document travels, and the row that says so ("rule-set/row")."""

    form: TransmissionForm
    rule: str | None = None


def transmission_of(
    lists: Sequence[TransmissionRuleSet],
    form: Form | None,
    category: str | None,
    doubts: Sequence[Doubt],
    on: date | None,
    groups: Sequence[str],
) -> TransmissionAnswer:
    """The row for the category, else for the form, in the lists valid on that day; those that bind the issuer first."""
    if form is None or doubts:
        return TransmissionAnswer(TransmissionForm.UNCLEAR)
    valid = [r for r in lists if _valid(r, on)]
    valid.sort(key=lambda r: bool(r.applies_to) and not set(r.applies_to) & set(groups))
    for name in (category, form.slug):
        for rule_set in valid:
            rule = rule_set.rule_for(name) if name else None
            if rule and rule.receive:
                return TransmissionAnswer(rule.transmission, f"{rule_set.id}/{rule.id}")
    return TransmissionAnswer(TransmissionForm.UNLISTED)


def groups_of(directory: Directory, code: str | None) -> tuple[str, ...]:
    """The groups of the unit with this code; none when it is unknown."""
    unit = directory.unit(code)
    return unit.groups if unit else ()


def _valid(rule_set: TransmissionRuleSet, on: date | None) -> bool:
    """Without a known day the lists that are still in force count."""
    if on is None:
        return rule_set.valid_to is None
    return (rule_set.valid_from is None or rule_set.valid_from <= on) and (
        rule_set.valid_to is None or on <= rule_set.valid_to
    )
