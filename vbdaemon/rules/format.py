"""Loads the rules on format from TOML; every mistake with file and line."""

import re
from pathlib import Path
from typing import TypeGuard

from vbdaemon.errors import RuleSetError
from vbdaemon.model import Severity
from vbdaemon.model.format import Allowed, FormatLimit, FormatRule, FormatRuleSet, Measure, Part, Pattern, Range
from vbdaemon.model.layout import LayoutKind
from vbdaemon.rules.source import RuleFile
from vbdaemon.rules.table import Table

SHIPPED = ("format-tt01-2011.toml", "format-nd30-2020.toml")
_SWITCHES = frozenset(
    {Measure.BOLD, Measure.ITALIC, Measure.CAPITALS, Measure.LIST, Measure.ORDER, Measure.FIRST_HIDDEN}
)
_NUMBERS = frozenset(
    {
        Measure.TOP,
        Measure.BOTTOM,
        Measure.LEFT,
        Measure.RIGHT,
        Measure.SIZE,
        Measure.LINE,
        Measure.INDENT,
        Measure.GAP,
        Measure.SPACING,
        Measure.START,
    }
)
_PATTERNS = frozenset({Measure.PATTERN, Measure.LAST})
_RANGE_KEYS = frozenset({"from", "to", "any", "tolerance"})
_ABSENT = object()


def load_format_rules(path: Path | None = None) -> tuple[FormatRuleSet, ...]:
    """The rule sets that come with vbdaemon, the one in the file at `path`, or all `*.toml` in that folder.

    Raises RuleSetError with every mistake of every file, each with file and line.
    """
    mistakes: list[str] = []
    rule_sets: dict[str, FormatRuleSet] = {}
    for source in _sources(path):
        try:
            file = RuleFile.at(source) if isinstance(source, Path) else RuleFile.shipped(source)
            rule_set = read_format_rules(file)
        except RuleSetError as error:
            mistakes.append(str(error))
            continue
        if rule_set.id in rule_sets:
            mistakes.append(f'{source}:1: the rule set "{rule_set.id}" stands in two files')
        rule_sets[rule_set.id] = rule_set
    if mistakes:
        raise RuleSetError("\n".join(mistakes))
    return tuple(rule_sets.values())


def read_format_rules(file: RuleFile) -> FormatRuleSet:
    """The rule set in `file`; raises RuleSetError with every mistake."""
    root = file.root
    rules: dict[str, FormatRule] = {}
    for table in file.tables("rule"):
        rule = _rule(table)
        if rule.id in rules:
            table.mistake(f'the rule "{rule.id}" stands twice', "id")
        rules[rule.id] = rule
    rule_set = FormatRuleSet(
        root.text("id"), root.text("title"), tuple(rules.values()), root.day("valid_from"), root.day("valid_to")
    )
    root.close()
    if rule_set.valid_from and rule_set.valid_to and rule_set.valid_to < rule_set.valid_from:
        root.mistake('"valid_to" is before "valid_from"', "valid_to")
    if not rules:
        file.mistake("no [[rule]] in the file", 1)
    file.check()
    return rule_set


def _rule(table: Table) -> FormatRule:
    rule = FormatRule(
        id=table.text("id"),
        title=table.text("title"),
        english=table.text("english"),
        component=table.text("component", ""),
        clause=table.text("clause"),
        finding=table.text("finding"),
        part=_part(table, "part") or Part.TEXT,
        limits=tuple(_limits(table)),
        severity=table.choice("severity", Severity, Severity.WARNING) or Severity.WARNING,
        kinds=_kinds(table),
        required=table.take("required", bool, default=False),
        needed_by=_part(table, "needed_by") if "needed_by" in table else None,
        forms=table.texts("forms"),
        not_forms=table.texts("not_forms"),
        optional_for=table.texts("optional_for"),
        not_issuers=_expression(table, "not_issuers"),
    )
    table.close()
    if rule.finding and not rule.finding.startswith("format-"):
        table.mistake(f'"finding" begins with "format-"; found "{rule.finding}"', "finding")
    if not any(measure in table for measure in Measure):
        table.mistake("the rule measures nothing: name at least one of " + ", ".join(Measure))
    return rule


def _part(table: Table, key: str) -> Part | None:
    name = table.text(key)
    if name and name not in set(Part):
        table.mistake(f'"{key}" must be one of {", ".join(Part)}; found "{name}"', key)
        return None
    return Part(name) if name else None


def _expression(table: Table, key: str) -> str:
    expression = table.text(key, "")
    try:
        re.compile(expression)
    except re.error as error:
        table.mistake(f'"{key}": {error}', key)
    return expression


def _kinds(table: Table) -> tuple[LayoutKind, ...]:
    names = table.texts("kinds") if "kinds" in table else ("docx", "pdf")
    for name in names:
        if name not in set(LayoutKind):
            table.mistake(f'"kinds" are {", ".join(LayoutKind)}; found "{name}"', "kinds")
    return tuple(LayoutKind(name) for name in names if name in set(LayoutKind))


def _limits(table: Table) -> list[FormatLimit]:
    found = []
    for measure in Measure:
        raw = table.take(measure.value, object, default=_ABSENT)
        if raw is _ABSENT:
            continue
        allowed = _allowed(table, measure, raw)
        if allowed is not None:
            found.append(FormatLimit(measure, allowed))
    return found


def _allowed(table: Table, measure: Measure, raw: object) -> Allowed | None:
    """What a key allows; None when it is written wrong, which is told."""
    if measure in _SWITCHES:
        if isinstance(raw, bool):
            return raw
        table.mistake(f'"{measure}" must be true or false', measure)
        return None
    if measure in _NUMBERS:
        return _range(table, measure, raw)
    if measure in _PATTERNS:
        return _pattern(table, measure, raw)
    if isinstance(raw, list) and raw and all(isinstance(each, str) and each for each in raw):
        return tuple(raw)
    table.mistake(f'"{measure}" must be a list of texts', measure)
    return None


def _range(table: Table, measure: Measure, raw: object) -> Range | None:
    """`{ from = 12, to = 13, tolerance = 0.3 }`, or `{ any = [10, 12.7] }`."""
    if not isinstance(raw, dict) or not raw or not set(raw) <= _RANGE_KEYS or set(raw) == {"tolerance"}:
        table.mistake(f'"{measure}" is written like {{ from = 12, to = 13, tolerance = 0.3 }}', measure)
        return None
    values = raw.get("any", [])
    bounds = [raw.get("from"), raw.get("to"), raw.get("tolerance", 0.0)]
    if (
        not isinstance(values, list)
        or not all(map(_number, values))
        or not all(b is None or _number(b) for b in bounds)
    ):
        table.mistake(f'"{measure}": its values must be numbers', measure)
        return None
    least, most, tolerance = bounds
    if least is not None and most is not None and most < least:
        table.mistake(f'"{measure}": "to" is below "from"', measure)
    return Range(least, most, tuple(values), tolerance or 0.0)


def _number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _pattern(table: Table, measure: Measure, raw: object) -> Pattern | None:
    """`{ matches = '…', words = "…" }`."""
    if not isinstance(raw, dict) or set(raw) != {"matches", "words"}:
        table.mistake(f'"{measure}" is written like {{ matches = \'^Số: \\d\\d\', words = "…" }}', measure)
        return None
    matches, words = raw["matches"], raw["words"]
    if not isinstance(matches, str) or not isinstance(words, str):
        table.mistake(f'"{measure}": "matches" and "words" must be texts', measure)
        return None
    try:
        re.compile(matches)
    except re.error as error:
        table.mistake(f'"{measure}": {error}', measure)
        return None
    return Pattern(matches, words)


def _sources(path: Path | None) -> tuple[Path | str, ...]:
    if path is None:
        return SHIPPED
    return tuple(sorted(path.glob("*.toml"))) if path.is_dir() else (path,)
