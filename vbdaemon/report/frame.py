"""The frame: which documents of a quarter can be drawn of which unit.

Format (552/UBND §2): what was accepted electronically, by the unit that issued it; the sender where the issuer is not
in the directory. Sending (§3): what was accepted, what was refused, and what came on paper though its form travels
electronically only (648/QĐ-UBND, Phụ lục I); by the unit that sent it, the issuer where the sender is not known.
Drafts, further copies, recalled documents and voided numbers are not drawn, and how many there were is stated; nor is
what a superior, a court or a company issued, whoever sends it on: these lists bind neither (648/QĐ-UBND, Điều 3).
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from vbdaemon.config.scoring import ScoringSection
from vbdaemon.model import Directory, Snapshot, Unit, VerdictKind
from vbdaemon.report.likeness import resembles
from vbdaemon.report.population import Frame, LeftOut, UnitFrame
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.unsent import Unsent, plain
from vbdaemon.state import scoring_choice, scoring_frame
from vbdaemon.state.connection import Connection
from vbdaemon.state.scoring_choice import Choice
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
        """Each by its entry, and what was refused when it was drawn by its handle still.

        What came both ways has one entry: here it is the electronic document, in `papers_by_entry` the paper.
        """
        found: dict[str, Sent | Paper] = dict(self.papers_by_entry)
        return found | {each.handle: each for each in self.sent} | {each.entry: each for each in self.sent}

    @property
    def papers_by_entry(self) -> dict[str, Paper]:
        """Paper by its entry."""
        return {each.entry: each for each in self.papers}


def came_in(connection: Connection, quarter: Quarter) -> Came:
    """All that came in during the quarter."""
    return _came(connection, quarter, scoring_choice.EVERY)


def drawn_in(connection: Connection, quarter: Quarter, entries: Iterable[str]) -> Came:
    """Of what came electronically these entries; others of the same submission or number can be with them."""
    return _came(connection, quarter, scoring_choice.drawn(entries))


def faulty_in(connection: Connection, quarter: Quarter, ruled: Iterable[str]) -> Came:
    """Of what came electronically all that has a fault, that is paper too, and these entries."""
    return _came(connection, quarter, scoring_choice.faulty(quarter.first_day, quarter.last_day, ruled))


def _came(connection: Connection, quarter: Quarter, only: Choice) -> Came:
    first, last = quarter.first_day, quarter.last_day
    papers = scoring_frame.papers(connection, first, last)
    dates = [paper.issued_on for paper in papers if paper.issued_on is not None]
    arrivals = scoring_frame.arrivals(connection, min(dates), max(dates)) if dates else []
    return Came(scoring_frame.sent(connection, first, last, only), papers, arrivals)


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
    """Units that are scored, in order of their codes; never this office's agency, those above it, nor others' units."""
    directory, own = snapshot.directory, snapshot.office.unit
    return sorted(
        (unit for unit in directory.units if unit.scored and not (own and _is_elsewhere(unit, own, directory))),
        key=lambda unit: unit.code,
    )


def _is_elsewhere(unit: Unit, own: str, directory: Directory) -> bool:
    """True for the agency itself, who stands above it, and what stands under somebody else than it: a Sở, a court."""
    if unit.code == own or directory.is_above(unit.code, own):
        return True
    return unit.parent is not None and own not in directory.above(unit.code)


def unit_frames(came: Came, snapshot: Snapshot, rule: ScoringSection) -> tuple[UnitFrame, ...]:
    """A frame for every scored unit, also where nothing came."""
    units = scored_units(snapshot)
    lists = {unit.code: _Lists() for unit in units}
    for each in came.sent:
        _sort_sent(each, lists, snapshot.directory)
    unsent = Unsent(snapshot, rule, came.arrivals)
    seen: set[tuple[object, ...]] = set()
    for paper in came.papers:
        _sort_paper(paper, lists, unsent, seen, foreign=is_foreign(paper, lists, snapshot.directory))
    _draw_once(lists.values())
    return tuple(_framed(unit, lists[unit.code]) for unit in units)


def _sort_sent(each: Sent, lists: dict[str, _Lists], directory: Directory) -> None:
    sender, issuer = lists.get(each.sender or ""), lists.get(each.issuer or "")
    why = left_out(each) or ("foreign" if is_foreign(each, lists, directory) else None)
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
    """Why a document cannot be drawn whoever issued it, by its name in `LeftOut`; None when it can."""
    if each.draft:
        return "drafts"
    if each.duplicate:
        return "duplicates"
    if each.voided and each.verdict == VerdictKind.ACCEPT:  # what was refused later has a void number too
        return "voided"
    if each.withdrawn and each.verdict == VerdictKind.ACCEPT:
        return "withdrawn"
    return "held" if each.verdict == VerdictKind.HOLD else None


def is_foreign(each: Sent | Paper, scored: Container[str], directory: Directory) -> bool:
    """True when it is known who issued it, and that is nobody who is scored.

    Where the name was not read, or is the sender's but for a few letters that a scan spoilt, the sender issued it.
    """
    if each.issuer_unit is None:
        sender = directory.unit(each.sender)
        name = each.issuer_name if isinstance(each, Sent) else None
        return name is not None and sender is not None and not resembles(name, sender)
    return each.issuer_unit not in scored and directory.unit(each.issuer_unit) is not None


def _sort_paper(
    paper: Paper, lists: dict[str, _Lists], unsent: Unsent, seen: set[tuple[object, ...]], *, foreign: bool
) -> None:
    sender = lists.get(paper.sender or "")
    if sender is None or not unsent.is_due(paper):
        return
    printed = printed_on(paper)
    if paper.voided:
        sender.leave("voided")
    elif foreign:
        sender.leave("foreign")
    elif printed is not None and printed in seen:
        sender.leave("duplicates")
    elif unsent.came_in_time(paper):
        sender.leave("sent_too")
    else:
        sender.paper.append(paper.entry)
        if printed is not None:
            seen.add(printed)


def _draw_once(lists: Iterable[_Lists]) -> None:
    """What came late after its paper has one entry: for the sending it is drawn as that paper."""
    late = {entry for each in lists for entry in each.paper}
    for each in lists:
        each.electronic = [entry for entry in each.electronic if entry not in late]


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
