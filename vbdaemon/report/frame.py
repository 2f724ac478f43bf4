"""The frame: which documents of a quarter can be drawn of which unit.

Format (552/UBND §2): what was accepted electronically, by the unit that issued it; the sender where the issuer is not
in the directory. Sending (§3): what was accepted, what was refused, and what came on paper though its form travels
electronically only (648/QĐ-UBND, Phụ lục I); by the unit that sent it, the issuer where the sender is not known.
Drafts, further copies and voided numbers are not drawn, and how many there were is stated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from vbdaemon.config.scoring import ScoringSection
from vbdaemon.model import Snapshot, Unit, VerdictKind
from vbdaemon.report.population import Frame, LeftOut, UnitFrame
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.unsent import Unsent, plain
from vbdaemon.state import scoring_frame
from vbdaemon.state.connection import Connection
from vbdaemon.state.scoring_frame import Arrival, Paper, Sent


@dataclass(frozen=True, slots=True)
class Came:
    """All that came in during a quarter."""

    sent: Sequence[Sent]
    papers: Sequence[Paper]
    arrivals: Sequence[Arrival]
    """What came electronically, of the dates that the papers bear."""

    @property
    def by_entry(self) -> dict[str, Sent | Paper]:
        """Each by its entry, and what was refused when it was drawn by its handle still."""
        found: dict[str, Sent | Paper] = {each.handle: each for each in self.sent}
        return found | {each.entry: each for each in self.sent} | {each.entry: each for each in self.papers}


def came_in(connection: Connection, quarter: Quarter) -> Came:
    """All that came in during the quarter."""
    first, last = quarter.first_day, quarter.last_day
    papers = scoring_frame.papers(connection, first, last)
    dates = [paper.issued_on for paper in papers if paper.issued_on is not None]
    arrivals = scoring_frame.arrivals(connection, min(dates), max(dates)) if dates else []
    return Came(scoring_frame.sent(connection, first, last), papers, arrivals)


@dataclass(slots=True)
class _Lists:
    """What gathers while rows are looked at."""

    electronic: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    paper: list[str] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    def leave(self, why: str) -> None:
        self.left[why] = self.left.get(why, 0) + 1


def scored_units(snapshot: Snapshot) -> list[Unit]:
    """Units that are scored, in order of their codes; never this office's agency nor those above it."""
    directory, own = snapshot.directory, snapshot.office.unit
    return sorted(
        (
            unit
            for unit in directory.units
            if unit.scored and unit.code != own and not (own and directory.is_above(unit.code, own))
        ),
        key=lambda unit: unit.code,
    )


def unit_frames(came: Came, snapshot: Snapshot, rule: ScoringSection) -> tuple[UnitFrame, ...]:
    """A frame for every scored unit, also where nothing came."""
    units = scored_units(snapshot)
    lists = {unit.code: _Lists() for unit in units}
    for each in came.sent:
        _sort_sent(each, lists)
    unsent = Unsent(snapshot, rule, came.arrivals)
    seen: set[tuple[object, ...]] = set()
    for paper in came.papers:
        _sort_paper(paper, lists, unsent, seen)
    return tuple(_framed(unit, lists[unit.code]) for unit in units)


def _sort_sent(each: Sent, lists: dict[str, _Lists]) -> None:
    sender, issuer = lists.get(each.sender or ""), lists.get(each.issuer or "")
    why = left_out(each)
    if why:
        if sender or issuer:
            (sender or issuer or _Lists()).leave(why)
        return
    if each.verdict == VerdictKind.REJECT:
        if sender:
            sender.refused.append(each.entry)
        return
    if sender:
        sender.electronic.append(each.entry)
    if issuer:
        issuer.formats.append(each.entry)


def left_out(each: Sent) -> str | None:
    """Why a document cannot be drawn, by its name in `LeftOut`; None when it can."""
    if each.draft:
        return "drafts"
    if each.duplicate:
        return "duplicates"
    if each.voided and each.verdict == VerdictKind.ACCEPT:  # what was refused later has a void number too
        return "voided"
    return "held" if each.verdict == VerdictKind.HOLD else None


def _sort_paper(paper: Paper, lists: dict[str, _Lists], unsent: Unsent, seen: set[tuple[object, ...]]) -> None:
    sender = lists.get(paper.sender or "")
    if sender is None or not unsent.is_due(paper):
        return
    printed = printed_on(paper)
    if paper.voided:
        sender.leave("voided")
    elif printed is not None and printed in seen:
        sender.leave("duplicates")
    elif unsent.came_in_time(paper):
        sender.leave("sent_too")
    else:
        sender.paper.append(paper.entry)
        if printed is not None:
            seen.add(printed)


def printed_on(paper: Paper) -> tuple[object, ...] | None:
    """By what two papers are known to be one document; None where too little of it was typed in."""
    if not (paper.number and paper.symbol and paper.issued_on):
        return None
    return plain(paper.number), plain(paper.symbol), paper.issued_on, paper.sender


def _framed(unit: Unit, lists: _Lists) -> UnitFrame:
    sending = Frame(_ordered(lists.electronic), _ordered(lists.refused), _ordered(lists.paper))
    return UnitFrame(
        unit.code,
        unit.name,
        Frame(electronic=_ordered(lists.formats)),
        sending if unit.signature_issued else None,
        LeftOut(**lists.left),
    )


def _ordered(entries: list[str]) -> tuple[str, ...]:
    return tuple(sorted(entries))
