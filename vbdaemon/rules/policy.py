"""The policy: what follows from each finding, and the words for it; a site's file overrides it code by code."""

from dataclasses import replace
from string import Formatter

from vbdaemon.model import PolicyRule, Severity, VerdictKind
from vbdaemon.rules.source import RuleFile
from vbdaemon.rules.table import Table

_SENTENCES = ("message", "english", "remedy", "remedy_english")
_NOTHING = "none"
"""How a site's file says that nothing shall follow from a finding."""


def read_rules(file: RuleFile, base: tuple[PolicyRule, ...] = ()) -> tuple[PolicyRule, ...]:
    """`base` with the rules of `file` over it. A code that `base` has may be given in part.

    Raises RuleSetError with every mistake.
    """
    rules = {rule.code: rule for rule in base}
    seen: set[str] = set()
    for table in file.tables("finding"):
        code = table.text("code")
        if code in seen:
            table.mistake(f'the code "{code}" stands twice', "code")
        seen.add(code)
        rules[code] = _rule(table, code, rules.get(code))
    file.root.close()
    if not seen:
        file.mistake("no [[finding]] in the file", 1)
    file.check()
    return tuple(rules.values())


def _rule(table: Table, code: str, base: PolicyRule | None) -> PolicyRule:
    for key in _SENTENCES:
        _check_places(table, key)
    if base is None and "severity" not in table:
        table.mistake('"severity" is missing')
    rule = base or PolicyRule(code, Severity.ERROR, None, "", "")
    rule = replace(
        rule,
        severity=table.choice("severity", Severity, rule.severity) or rule.severity,
        verdict=_verdict(table, rule.verdict),
        message=table.text("message", base.message if base else None),
        english=table.text("english", base.english if base else None),
        clause=table.text("clause", rule.clause),
        remedy=table.text("remedy", rule.remedy),
        remedy_english=table.text("remedy_english", rule.remedy_english),
        evidence_may_come=table.take("evidence_may_come", bool, default=rule.evidence_may_come),
    )
    table.close()
    return rule


def _verdict(table: Table, base: VerdictKind | None) -> VerdictKind | None:
    if "verdict" not in table:
        table.text("verdict", "")
        return base
    verdict = table.choice("verdict", VerdictKind, VerdictKind.HOLD, also=(_NOTHING,))
    if verdict is VerdictKind.ACCEPT:
        table.mistake(f'"verdict" cannot be "ACCEPT"; write "{_NOTHING}" when nothing shall follow', "verdict")
    return verdict


def _check_places(table: Table, key: str) -> None:
    """A sentence's `{places}` are plain names: anything else would break when it is filled in."""
    if key not in table:
        return
    try:
        places = [name for _, name, _, _ in Formatter().parse(table.take(key, str)) if name is not None]
    except ValueError as error:
        table.mistake(f'"{key}": {error}; write {{{{ and }}}} for braces', key)
        return
    for name in places:
        if not name.isidentifier():
            table.mistake(f'"{key}": the place "{{{name}}}" must be a plain name', key)
