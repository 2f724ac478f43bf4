"""Staff (552/UBND §1, last dash): every occurrence of a quarter, with the account that sent it.

An occurrence is a document that was refused, came without its editable file, has faults of format, or came on paper
though it was due electronically: one document, one occurrence, however many faults it has. The machine knows accounts,
not persons: the unit names the person. What a person found about a drawn document goes before what the machine saw.
As with the sample, who issued a document answers for its format and who sent it for the sending: where these are two,
each has an occurrence of its own, and what a superior or a court issued is nobody's. Once the population of a quarter
is published, the units and points that it states hold, whatever the settings say later.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from vbdaemon.config.scoring import ScoringSection
from vbdaemon.report.ceremony import present_population
from vbdaemon.report.collation import vietnamese
from vbdaemon.report.fault import Mark, designation, faults_of
from vbdaemon.report.frame import Came, faulty_in, is_foreign, left_out, printed_on, scored_units
from vbdaemon.report.population import Population
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.scene import Scene, check_scored, local_day
from vbdaemon.report.score import rule_of
from vbdaemon.report.score_words import named
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.unsent import Unsent
from vbdaemon.state import scoring, scoring_choice, scoring_findings
from vbdaemon.state.scoring_findings import FindingRow
from vbdaemon.state.scoring_frame import Paper, Sent

Ruled = Mapping[tuple[str, str, str], str]
"""What people found, by part, entry and, of occurrences of staff, unit."""
_Ways = tuple[Sent | Paper, ...]
"""How one document came; electronically, and before that on paper, when it is two."""
CONFIRMED = "Người kiểm tra xác nhận văn bản chưa bảo đảm thể thức hoặc yêu cầu gửi, nhận."


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One document that was not as required."""

    unit: str
    account: str | None
    """None: it came on paper, by a source that no account stands for, or by that of another unit."""
    on: date
    entry: str
    kind: str
    """How it came: "electronic", "refused" or "paper"."""
    document: str
    faults: tuple[str, ...]

    @property
    def words(self) -> str:
        """All faults; Vietnamese."""
        return " ".join(self.faults)


def occurrences(scene: Scene, quarter: Quarter) -> list[Occurrence]:
    """Every occurrence that stands, by unit, account and day; those that an appeal took away are not among them."""
    check_scored(quarter, scene.rule)
    if quarter.first_day > local_day(scene.at):
        raise ScoringError(f"{quarter} has not begun")
    findings = scene.state.read(partial(scoring_findings.of_period, period=str(quarter)))
    ruled = {
        (each.part, each.entry, each.unit if each.part == Part.STAFF else ""): each.verdict
        for each in findings
        if each.verdict is not None
    }
    units = _units(scene, quarter)
    came = scene.state.read(partial(faulty_in, quarter=quarter, ruled=[entry for _, entry, _ in ruled]))
    senders = scene.state.read(partial(scoring_choice.senders, first=quarter.first_day, last=quarter.last_day))
    if not (senders | {each.sender for each in came.papers}) & set(units):
        raise ScoringError(f"in {quarter} no document of a scored unit came in; there is nothing to report")
    unsent = Unsent(scene.snapshot, scene.rule, came.arrivals)
    today = local_day(scene.at)
    rows = [ways for ways in _rows(came, unsent, today) if not is_foreign(ways[0], units, scene.snapshot.directory)]
    found = [each for ways in rows for each in _of_document(scene, ways, unsent, ruled, units)]
    names = {code: vietnamese(named(code, scene.snapshot.directory)) for code in units}
    return sorted(
        found, key=lambda each: (names[each.unit], each.unit, each.account or "", each.on, vietnamese(each.entry))
    )


def taken_away(scene: Scene, quarter: Quarter) -> list[FindingRow]:
    """Staff occurrences that an appeal took away."""
    findings = scene.state.read(partial(scoring_findings.of_period, period=str(quarter)))
    return [each for each in findings if each.part == Part.STAFF and each.verdict == Mark.OK]


def published_rule(scene: Scene, quarter: Quarter) -> ScoringSection:
    """The rule by which a quarter is scored: as it was published with its population, if it was."""
    made = _published(scene, quarter)
    return rule_of(made, scene.rule) if made else scene.rule


def _published(scene: Scene, quarter: Quarter) -> Population | None:
    rows = scene.state.read(partial(scoring.populations, period=str(quarter)))
    return present_population(scene.state, quarter) if rows else None


def _units(scene: Scene, quarter: Quarter) -> dict[str, bool]:
    """Units that are scored, and whether each has a signature account."""
    made = _published(scene, quarter)
    if made is not None:
        return {unit.code: unit.sending is not None for unit in made.units}
    return {unit.code: unit.signature_issued for unit in scored_units(scene.snapshot)}


def _rows(came: Came, unsent: Unsent, today: date) -> list[_Ways]:
    sent = [each for each in came.sent if left_out(each) is None]
    late = {each.entry: each for each in _once(each for each in came.papers if _counts(each, unsent, today))}
    rows: list[_Ways] = [(each, late.pop(each.entry)) if each.entry in late else (each,) for each in sent]
    return rows + [(each,) for each in late.values()]


def _once(papers: Iterable[Paper]) -> list[Paper]:
    """A document of which two papers came was not sent once."""
    return list({printed_on(each) or (each.entry,): each for each in reversed(list(papers))}.values())


def _counts(paper: Paper, unsent: Unsent, today: date) -> bool:
    """While the document may still come electronically, its paper counts against nobody."""
    if paper.voided or not unsent.is_due(paper):
        return False
    return unsent.until(paper) < today and not unsent.came_in_time(paper)


def _of_document(
    scene: Scene, ways: _Ways, unsent: Unsent, ruled: Ruled, units: Mapping[str, bool]
) -> Iterator[Occurrence]:
    """One occurrence; two where the unit that issued it is another than the one that sent it."""
    row = ways[0]
    kind = ("refused" if row.verdict == "REJECT" else "electronic") if isinstance(row, Sent) else "paper"
    issuer = row.issuer if isinstance(row, Sent) else row.sender
    for unit in dict.fromkeys((row.sender, issuer)):
        if unit is None or unit not in units or _mark(ruled, Part.STAFF, row, unit) == Mark.OK:
            continue
        parts = [part for part, who in ((Part.FORMAT, issuer), (Part.SENDING, row.sender)) if who == unit]
        if not units[unit]:
            parts = [part for part in parts if part is not Part.SENDING]
        if faults := tuple(_faults(scene, ways, unsent, ruled, parts)):
            account = row.account if isinstance(row, Sent) and unit == row.sender else None
            on = row.received_on if isinstance(row, Sent) else row.registered_on
            yield Occurrence(unit, account, on, row.entry, kind, designation(row), faults)


def _faults(scene: Scene, ways: _Ways, unsent: Unsent, ruled: Ruled, parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        mark = _mark(ruled, part, ways[0])
        if mark == Mark.OK:
            continue
        seen = [words for row in ways for words in faults_of(part, row, scene.snapshot.policy, unsent)]
        yield from seen or ((CONFIRMED,) if mark == Mark.DEDUCT else ())


def _mark(ruled: Ruled, part: Part, row: Sent | Paper, unit: str = "") -> str | None:
    """What a person found; a document that was drawn as refused and registered since bears two entries."""
    former = row.handle if isinstance(row, Sent) else row.entry
    return ruled.get((part, row.entry, unit)) or ruled.get((part, former, unit))
