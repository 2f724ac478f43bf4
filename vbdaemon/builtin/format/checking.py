"""Every rule of a set against one layout."""

import re
from collections.abc import Iterable
from dataclasses import replace

from vbdaemon.builtin.classification.spelling import toned
from vbdaemon.builtin.format.components import Components
from vbdaemon.builtin.format.measuring import readings
from vbdaemon.builtin.format.phrases import allowed_words, measured
from vbdaemon.builtin.format.type_measures import Reading, in_legacy_letters
from vbdaemon.model import ProblemKind
from vbdaemon.model.format import Allowed, FormatLimit, FormatRule, FormatRuleSet, Measure, Part, Pattern, Range
from vbdaemon.model.format_result import Fault, FormatOutcome, FormatResult, Spot
from vbdaemon.model.layout import LayoutKind

_WORDLESS = frozenset({Part.PAGE, Part.PAGE_NUMBER, Part.TEXT})
"""What can be checked where the letters mean nothing to us."""
_LATE = frozenset({Part.BODY_END, Part.AUTHORITY, Part.SIGNER_NAME, Part.RECIPIENTS_HEADING, Part.RECIPIENTS})
"""What stands at the end of a document."""
_UNREAD = frozenset({ProblemKind.OVER_LIMIT, ProblemKind.PAGES_UNREAD})
_INK_MM = {Measure.LEFT: 1.5, Measure.RIGHT: 2.0, Measure.INDENT: 2.0}
"""A letter's ink begins beside the place where it is set: so far from the range nothing is told of a PDF."""
_SEARCHED = 1_000
_FAULTS = 5
"""Faults of one measure that are told with their places."""


def check_format(components: Components, rule_set: FormatRuleSet, form: str | None = None) -> tuple[FormatResult, ...]:
    """One result for each rule that concerns documents of `form` (a slug; None = unknown)."""
    issuers = [line.text for part in (Part.PARENT, Part.ISSUER) for line in components.of(part)]
    legacy = in_legacy_letters(components.of(Part.TEXT))
    concerned = (rule for rule in rule_set.rules if rule.concerns(form) and not _exempt(rule, issuers))
    return tuple(
        FormatResult(rule, FormatOutcome.NOT_CHECKABLE)
        if legacy and rule.part not in _WORDLESS
        else _result(rule, components, form)
        for rule in concerned
    )


def _exempt(rule: FormatRule, issuers: Iterable[str]) -> bool:
    return bool(rule.not_issuers) and any(re.search(rule.not_issuers, name) for name in issuers)


def _result(rule: FormatRule, components: Components, form: str | None) -> FormatResult:
    layout = components.layout
    if layout.kind not in rule.kinds or not (layout.paragraphs or rule.part is Part.PAGE):
        return FormatResult(rule, FormatOutcome.NOT_CHECKABLE)
    if rule.part in _LATE and _ends_unread(components):
        return FormatResult(rule, FormatOutcome.NOT_CHECKABLE)
    if not _present(rule.part, components):
        return _absent(rule, components, form)
    faults: list[Fault] = []
    unseen: list[Measure] = []
    for limit in rule.limits:
        values = [r for r in readings(limit.measure, rule.part, components) if r.value is not None]
        if not values:
            unseen.append(limit.measure)
        allowed = _as_seen(limit, layout.kind)
        faults.extend([_fault(limit, r) for r in values if not _holds(allowed, r)][:_FAULTS])
    if faults:
        return FormatResult(rule, FormatOutcome.FAIL, tuple(faults), tuple(unseen))
    nothing = len(unseen) == len(rule.limits)
    outcome = FormatOutcome.NOT_CHECKABLE if nothing else FormatOutcome.PASS
    return FormatResult(rule, outcome, unseen=tuple(unseen))


def _ends_unread(components: Components) -> bool:
    """True when pages of a PDF were not read, pictures or beyond the limit, and no signer was met before."""
    layout = components.layout
    unread = any(problem.kind in _UNREAD for problem in layout.problems)
    return layout.kind is LayoutKind.PDF and unread and not components.of(Part.AUTHORITY)


def _as_seen(limit: FormatLimit, kind: LayoutKind) -> Allowed:
    """What is allowed, with the room that places of ink on a page need."""
    allowed, room = limit.allowed, _INK_MM.get(limit.measure)
    if kind is LayoutKind.PDF and room and isinstance(allowed, Range):
        return replace(allowed, tolerance=max(allowed.tolerance, room))
    return allowed


def _fault(limit: FormatLimit, reading: Reading) -> Fault:
    value = reading.value if reading.value is not None else ""
    shown = measured(limit.measure, value, reading.words)
    return Fault(limit.measure, shown, allowed_words(limit.measure, limit.allowed), reading.spot)


def _present(part: Part, components: Components) -> bool:
    if part is Part.PAGE:
        return bool(components.layout.sheets)
    if part is Part.PAGE_NUMBER:
        return components.layout.page_number is not None
    return bool(components.of(part))


def _absent(rule: FormatRule, components: Components, form: str | None) -> FormatResult:
    """A component that is not there: a fault where it is needed."""
    needed = rule.required and form not in rule.optional_for
    needed = needed or (rule.needed_by is not None and _present(rule.needed_by, components))
    if rule.part is Part.PAGE or (rule.part is Part.BODY_END and components.of(Part.BODY)):
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


def _ends_of(text: str) -> str:
    """The beginning and the end of a text: a hostile one may not make an expression search for hours."""
    return text if len(text) <= 2 * _SEARCHED else text[:_SEARCHED] + text[-_SEARCHED:]


def _holds(allowed: Allowed, reading: Reading) -> bool:
    value = reading.value
    if isinstance(allowed, bool):
        return value is allowed
    if isinstance(allowed, Range):
        return isinstance(value, int | float) and allowed.holds(float(value))
    if isinstance(allowed, Pattern):
        return bool(re.search(allowed.pattern, _ends_of(str(value))))
    return any(toned(str(value)) == toned(each) for each in allowed)
