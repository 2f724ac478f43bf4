"""Paper that stands for a document which was due electronically and was not sent (552/UBND §2, last dash)."""

from collections.abc import Iterable
from datetime import date

from vbdaemon.config.scoring import ScoringSection
from vbdaemon.model import Directory, Snapshot, TransmissionForm, TransmissionRuleSet, Unit, UnitChannel
from vbdaemon.state.scoring_frame import Arrival, Paper


class Unsent:
    """Tells whether paper stands for a document that was due electronically and was not sent."""

    def __init__(self, snapshot: Snapshot, rule: ScoringSection, arrivals: Iterable[Arrival]) -> None:
        self._lists = snapshot.transmission
        self._directory: Directory = snapshot.directory
        self._forms = frozenset(rule.electronic_forms)
        self._grace = rule.paper_after_working_days
        self._working_days = snapshot.working_days
        self._came: dict[tuple[str, str, date], list[Arrival]] = {}
        for arrival in arrivals:
            key = (plain(arrival.number), plain(arrival.symbol), arrival.issued_on)
            self._came.setdefault(key, []).append(arrival)

    def is_due(self, paper: Paper) -> bool:
        """True when its form travels electronically only, by a list that binds who sent it."""
        unit = self._directory.unit(paper.sender)
        if unit is None or paper.form is None or paper.restricted or set(unit.channels) <= {UnitChannel.PAPER}:
            return False
        if self._forms:
            return paper.form in self._forms
        on = paper.issued_on or paper.registered_on
        return any(_electronic(each, paper.form) for each in self._lists if _binds(each, unit, on))

    def until(self, paper: Paper) -> date:
        """The last day on which it could have come electronically."""
        signed = paper.issued_on or paper.registered_on
        return self._working_days.after(signed, self._grace) if self._grace else signed

    def came_in_time(self, paper: Paper) -> bool:
        """True when the same document had come electronically by then, from the same unit."""
        first = self.first_arrival(paper)
        return first is not None and first <= self.until(paper)

    def first_arrival(self, paper: Paper) -> date | None:
        """The day on which the same document came electronically; None = it never did."""
        if paper.issued_on is None or not paper.number or not paper.symbol:
            return None
        units = {paper.sender_unit, paper.issuer_unit} - {None}
        key = (plain(paper.number), plain(paper.symbol), paper.issued_on)
        days = [
            each.registered_on for each in self._came.get(key, ()) if not units or not each.units or units & each.units
        ]
        return min(days, default=None)


def plain(text: str | None) -> str:
    """Text of a number or symbol as it is compared: "015" is "15", blanks do not count."""
    return "".join((text or "").split()).casefold().lstrip("0")


def _binds(rules: TransmissionRuleSet, unit: Unit, on: date) -> bool:
    in_force = (rules.valid_from is None or rules.valid_from <= on) and (rules.valid_to is None or on <= rules.valid_to)
    in_scope = not rules.applies_to or bool(set(rules.applies_to) & set(unit.groups))
    return in_force and in_scope and unit.code not in rules.exempt


def _electronic(rules: TransmissionRuleSet, form: str) -> bool:
    found = rules.rule_for(form)
    return found is not None and found.receive and found.transmission is TransmissionForm.ELECTRONIC
