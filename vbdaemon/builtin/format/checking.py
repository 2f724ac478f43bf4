"""Every rule of a set against one layout."""

import re
from collections.abc import Iterator, Sequence

from vbdaemon.builtin.classification.spelling import toned
from vbdaemon.builtin.format.components import Components, components_of
from vbdaemon.builtin.format.measuring import readings
from vbdaemon.builtin.format.phrases import allowed_words, measured
from vbdaemon.model.format import (
    Allowed,
    Fault,
    FormatLimit,
    FormatOutcome,
    FormatResult,
    FormatRule,
    FormatRuleSet,
    Measure,
    Part,
    Pattern,
    Range,
    Spot,
)
from vbdaemon.model.layout import Layout, LayoutKind
from vbdaemon.model.rule import Form

_FAULTS = 5
"""Faults of one measure that are told with their places."""
_LETTER = "cong-van"


def check_format(
    layout: Layout, rule_set: FormatRuleSet, forms: Sequence[Form], form: str | None = None
) -> tuple[FormatResult, ...]:
    """One result for each rule that concerns documents of `form` (a slug; None = unknown)."""
    names = [each.name for each in forms if each.slug != _LETTER]
    components = components_of(layout, names)
    return tuple(_result(rule, components) for rule in rule_set.rules if rule.concerns(form))


def _result(rule: FormatRule, components: Components) -> FormatResult:
    layout = components.layout
    if layout.kind not in rule.kinds or not (layout.paragraphs or rule.part is Part.PAGE):
        return FormatResult(rule, FormatOutcome.NOT_CHECKABLE)
    if not _present(rule.part, components):
        return _absent(rule, components)
    faults: list[Fault] = []
    unseen: list[Measure] = []
    seen = False
    for limit in rule.limits:
        values = list(readings(limit.measure, rule.part, components))
        known = [reading for reading in values if reading.value is not None]
        if not known:
            unseen.append(limit.measure)
            continue
        seen = True
        wrong = [r for r in known if r.value is not None and not _holds(limit.allowed, r.value)]
        faults.extend(
            Fault(
                limit.measure,
                measured(limit.measure, r.value, r.words),
                allowed_words(limit.measure, limit.allowed),
                r.spot,
            )
            for r in wrong[:_FAULTS]
            if r.value is not None
        )
    outcome = FormatOutcome.FAIL if faults else FormatOutcome.PASS if seen else FormatOutcome.NOT_CHECKABLE
    return FormatResult(rule, outcome, tuple(faults), tuple(unseen))


def _present(part: Part, components: Components) -> bool:
    if part is Part.PAGE:
        return bool(components.layout.sheets)
    if part is Part.PAGE_NUMBER:
        return components.layout.page_number is not None
    return bool(components.of(part))


def _absent(rule: FormatRule, components: Components) -> FormatResult:
    """A component that is not there: a fault where it is needed."""
    needed = rule.required or (rule.needed_by is not None and _present(rule.needed_by, components))
    if rule.part is Part.PAGE:
        return FormatResult(rule, FormatOutcome.NOT_CHECKABLE)
    if rule.part is Part.PAGE_NUMBER:
        several = components.layout.several_pages
        if several is None:
            return FormatResult(rule, FormatOutcome.NOT_CHECKABLE)
        needed = several
    if not needed:
        return FormatResult(rule, FormatOutcome.ABSENT)
    anchor = components.of(rule.needed_by) if rule.needed_by else ()
    spot = anchor[0].spot if anchor else Spot()
    return FormatResult(rule, FormatOutcome.FAIL, (Fault(None, "không có thành phần này", "phải có", spot),))


def _holds(allowed: Allowed, value: float | str | bool) -> bool:
    if isinstance(allowed, bool):
        return value is allowed
    if isinstance(allowed, Range):
        return isinstance(value, int | float) and allowed.holds(float(value))
    if isinstance(allowed, Pattern):
        return bool(re.search(allowed.pattern, str(value)))
    return any(toned(str(value)) == toned(each) for each in allowed)


def failed(results: Sequence[FormatResult]) -> Iterator[FormatResult]:
    """Those that are not as asked."""
    return (result for result in results if result.outcome is FormatOutcome.FAIL)


def limits_of(rule: FormatRule) -> dict[Measure, FormatLimit]:
    """The limits by their measure."""
    return {limit.measure: limit for limit in rule.limits}


__all__ = ["LayoutKind", "check_format", "failed", "limits_of"]
