"""From what people found to points (552/UBND §2): so many for each document that is not as required."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vbdaemon.config.scoring import ScoringSection
from vbdaemon.report.fault import Mark
from vbdaemon.report.population import Population
from vbdaemon.report.sample import Part
from vbdaemon.state.scoring_findings import FindingRow


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part of a unit's score."""

    drawn: int
    deducted: int
    """Documents that a person found not as required."""
    waiting: int
    """Documents that nobody has looked at."""


@dataclass(frozen=True, slots=True)
class UnitScore:
    """What a unit's head loses in a quarter."""

    format: PartScore
    sending: PartScore
    points: float
    """As far as it is confirmed; not above `most_points`."""

    @property
    def waiting(self) -> int:
        """Documents that nobody has looked at: until there are none, the score is not final."""
        return self.format.waiting + self.sending.waiting


def rule_of(population: Population, rule: ScoringSection) -> ScoringSection:
    """The rule as it was published with the population: what the settings say today changes no quarter that is past."""
    published = {
        name: getattr(population, name) for name in ("format_documents", "sending_documents", "points", "most_points")
    }
    return rule.model_copy(update=published)


def score_of(findings: Iterable[FindingRow], rule: ScoringSection) -> UnitScore:
    """The score from all findings of one unit in one quarter; staff occurrences are not the head's."""
    drawn = [each for each in findings if each.part != Part.STAFF]
    format_, sending = (_part([f for f in drawn if f.part == part]) for part in (Part.FORMAT, Part.SENDING))
    return UnitScore(format_, sending, deduction(format_.deducted + sending.deducted, rule))


def deduction(number: int, rule: ScoringSection) -> float:
    """Points for so many documents."""
    points = number * rule.points
    return points if rule.most_points is None else min(points, rule.most_points)


def _part(findings: Sequence[FindingRow]) -> PartScore:
    return PartScore(
        len(findings),
        sum(each.verdict == Mark.DEDUCT for each in findings),
        sum(each.verdict is None for each in findings),
    )
