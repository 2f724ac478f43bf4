"""Staff (552/UBND §1, last dash): every occurrence of a quarter, with the account that sent it.

An occurrence is a document that was refused, came without its editable file, has faults of format, or came on paper
though it was due electronically: one document, one occurrence, however many faults it has. The machine knows accounts,
not persons: the unit names the person. What a person found about a drawn document goes before what the machine saw.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from vbdaemon.report.collation import vietnamese
from vbdaemon.report.fault import Mark, designation, faults_of
from vbdaemon.report.frame import came_in, left_out, printed_on, scored_units
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.scene import Scene, check_scored, local_day
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.unsent import Unsent
from vbdaemon.state import scoring_findings
from vbdaemon.state.scoring_findings import FindingRow
from vbdaemon.state.scoring_frame import Paper, Sent

Ruled = Mapping[tuple[str, str], str]
"""What people found, by part and entry."""
CONFIRMED = "Người kiểm tra xác nhận văn bản chưa bảo đảm thể thức hoặc yêu cầu gửi, nhận."


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One document that was not as required."""

    unit: str
    account: str | None
    """None: it came on paper, or by a source that no account stands for."""
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
    came = scene.state.read(partial(came_in, quarter=quarter))
    findings = scene.state.read(partial(scoring_findings.of_period, period=str(quarter)))
    ruled = {(each.part, each.entry): each.verdict for each in findings if each.verdict is not None}
    unsent = Unsent(scene.snapshot, scene.rule, came.arrivals)
    units = {unit.code: unit.signature_issued for unit in scored_units(scene.snapshot)}
    senders = {each.sender for each in came.sent} | {each.sender for each in came.papers}
    if not senders & set(units):
        raise ScoringError(f"in {quarter} no document of a scored unit came in; there is nothing to report")
    rows: list[Sent | Paper] = [each for each in came.sent if left_out(each) is None]
    rows += _once(each for each in came.papers if _counts(each, unsent))
    found = [
        occurrence
        for row in rows
        if row.sender in units and (occurrence := _occurrence(scene, row, unsent, ruled, issued=units[row.sender]))
    ]
    return sorted(found, key=lambda each: (each.unit, each.account or "", each.on, vietnamese(each.entry)))


def taken_away(scene: Scene, quarter: Quarter) -> list[FindingRow]:
    """Staff occurrences that an appeal took away."""
    findings = scene.state.read(partial(scoring_findings.of_period, period=str(quarter)))
    return [each for each in findings if each.part == Part.STAFF and each.verdict == Mark.OK]


def _once(papers: Iterable[Paper]) -> list[Paper]:
    """A document of which two papers came was not sent once."""
    return list({printed_on(each) or (each.entry,): each for each in reversed(list(papers))}.values())


def _counts(paper: Paper, unsent: Unsent) -> bool:
    return not paper.voided and unsent.is_due(paper) and not unsent.came_in_time(paper)


def _occurrence(scene: Scene, row: Sent | Paper, unsent: Unsent, ruled: Ruled, *, issued: bool) -> Occurrence | None:
    assert row.sender is not None
    if _mark(ruled, Part.STAFF, row) == Mark.OK:
        return None
    faults = tuple(_faults(scene, row, unsent, ruled, issued=issued))
    if not faults:
        return None
    kind = ("refused" if row.verdict == "REJECT" else "electronic") if isinstance(row, Sent) else "paper"
    return Occurrence(
        row.sender,
        row.account if isinstance(row, Sent) else None,
        row.received_on if isinstance(row, Sent) else row.registered_on,
        row.entry,
        kind,
        designation(row),
        faults,
    )


def _faults(scene: Scene, row: Sent | Paper, unsent: Unsent, ruled: Ruled, *, issued: bool) -> Iterator[str]:
    for part in (Part.FORMAT, Part.SENDING):
        mark = _mark(ruled, part, row)
        if mark == Mark.OK or (part is Part.SENDING and not issued):
            continue
        seen = faults_of(part, row, scene.snapshot.policy, unsent)
        yield from seen or ((CONFIRMED,) if mark == Mark.DEDUCT else ())


def _mark(ruled: Ruled, part: Part, row: Sent | Paper) -> str | None:
    """What a person found; a document that was drawn as refused and registered since bears two entries."""
    former = row.handle if isinstance(row, Sent) else row.entry
    return ruled.get((part, row.entry)) or ruled.get((part, former))
