"""What people say about findings: each is confirmed once; after that only an appeal changes it, and both stay."""

from dataclasses import replace
from functools import partial

from vbdaemon.config.scoring import ScoringSection
from vbdaemon.report.fault import Mark
from vbdaemon.report.population import parse_population
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.scene import Scene
from vbdaemon.report.score import rule_of, score_of
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.staff import Occurrence, occurrences
from vbdaemon.state import scoring, scoring_findings
from vbdaemon.state.connection import Connection
from vbdaemon.state.scoring_findings import FindingRow, NewFinding, Ruling

CONFIRM, APPEAL = "confirm", "appeal"


def confirm(scene: Scene, number: int, mark: Mark, why: str) -> Ruling:
    """A person's finding about a drawn document. ScoringError when it has one: that takes an appeal."""
    return scene.state.write(partial(_confirm, scene=scene, number=number, mark=mark, why=why))


def appeal(scene: Scene, number: int, mark: Mark, why: str) -> Ruling:
    """The decision on an appeal; it is written down also when nothing changes. ScoringError before confirmation."""
    return scene.state.write(partial(_appeal, scene=scene, number=number, mark=mark, why=why))


def appeal_occurrence(
    scene: Scene, quarter: Quarter, entry: str, mark: Mark, why: str, unit: str | None = None
) -> Ruling:
    """The decision on an appeal against a staff occurrence: named by its entry, and its unit where two share that."""
    ruled = {f.unit: f for f in _staff(scene, quarter) if f.entry == entry and unit in (None, f.unit)}
    there = {o.unit: o for o in occurrences(scene, quarter) if o.entry == entry and unit in (None, o.unit)}
    units = sorted(ruled.keys() | there.keys())
    if not units:
        raise ScoringError(
            f'{entry} is no occurrence of {quarter}; see "vbdaemon report staff --period {quarter}" for those there are'
        )
    if len(units) > 1:
        raise ScoringError(f"{entry} is an occurrence of {' and of '.join(units)}: say --unit")
    if units[0] in ruled:
        return appeal(scene, ruled[units[0]].id, mark, why)
    occurrence = there[units[0]]
    return scene.state.write(
        partial(_first_appeal, scene=scene, quarter=quarter, occurrence=occurrence, mark=mark, why=why)
    )


def _confirm(connection: Connection, *, scene: Scene, number: int, mark: Mark, why: str) -> Ruling:
    finding = scoring_findings.get(connection, number)
    if finding.verdict is not None:
        raise ScoringError(
            f"finding {number} was confirmed as {finding.verdict}; "
            f'a change takes an appeal: "vbdaemon report appeal {number} --verdict {mark} --reason …"'
        )
    return _rule(connection, scene, finding, CONFIRM, mark, why)


def _appeal(connection: Connection, *, scene: Scene, number: int, mark: Mark, why: str) -> Ruling:
    finding = scoring_findings.get(connection, number)
    if finding.verdict is None:
        raise ScoringError(f'finding {number} is not confirmed yet; "vbdaemon report confirm {number}" does that')
    return _rule(connection, scene, finding, APPEAL, mark, why)


def _first_appeal(
    connection: Connection, *, scene: Scene, quarter: Quarter, occurrence: Occurrence, mark: Mark, why: str
) -> Ruling:
    made = NewFinding(
        str(quarter), Part.STAFF, occurrence.unit, 0, occurrence.entry, occurrence.kind, Mark.DEDUCT, occurrence.words
    )
    (number,) = scoring_findings.add(connection, [made])
    return _rule(connection, scene, scoring_findings.get(connection, number), APPEAL, mark, why)


def _rule(connection: Connection, scene: Scene, finding: FindingRow, kind: str, mark: Mark, why: str) -> Ruling:
    rule = _rule_of(connection, finding.period, scene.rule)
    before, after = _points(connection, finding, mark, rule)
    ruling = Ruling(finding.id, kind, finding.verdict, mark, before, after, scene.who, why, scene.at)
    scoring_findings.rule(connection, ruling)
    return ruling


def _points(connection: Connection, finding: FindingRow, mark: Mark, rule: ScoringSection) -> tuple[float, float]:
    """What the unit's head loses before and after; for a staff occurrence what it costs itself."""
    if finding.part == Part.STAFF:
        return (0.0 if finding.verdict == Mark.OK else rule.points), (0.0 if mark is Mark.OK else rule.points)
    rows = [row for row in scoring_findings.of_period(connection, finding.period) if row.unit == finding.unit]
    changed = [replace(row, verdict=mark) if row.id == finding.id else row for row in rows]
    return score_of(rows, rule).points, score_of(changed, rule).points


def _rule_of(connection: Connection, period: str, rule: ScoringSection) -> ScoringSection:
    """As it was published, if it was."""
    made = scoring.populations(connection, period)
    return rule_of(parse_population(made[-1].body), rule) if made else rule


def _staff(scene: Scene, quarter: Quarter) -> list[FindingRow]:
    rows = scene.state.read(partial(scoring_findings.of_period, period=str(quarter)))
    return [row for row in rows if row.part == Part.STAFF]
