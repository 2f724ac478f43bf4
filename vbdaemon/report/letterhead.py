"""What every report of statistics has in common: whose it is, when it was made, how things are called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from vbdaemon.model import Snapshot
from vbdaemon.report.collation import Key, vietnamese
from vbdaemon.report.period import Period
from vbdaemon.report.sheet import Report, Section

NO_OFFICE = "Cơ quan tiếp nhận"
UNKNOWN_UNIT = "Chưa xác định"
UNKNOWN_FORM = "Chưa xác định"


@dataclass(frozen=True)
class Letterhead:
    """Names come from the snapshot: the present directory, forms and policy."""

    snapshot: Snapshot
    made_at: datetime

    def report(
        self,
        name: str,
        title: str,
        period: Period,
        sections: tuple[Section, ...],
        *,
        about: str = "",
        notes: tuple[str, ...] = (),
        landscape: bool = False,
    ) -> Report:
        """The report; `about` stands before the period, where it is about one unit or form."""
        office = self.snapshot.office
        return Report(
            name=f"{name}_{period.slug}",
            title=title,
            subtitle=f"{about}; {period.words}" if about else period.words,
            office=office.name or NO_OFFICE,
            parent=office.parent,
            made_at=self.made_at,
            sections=sections,
            landscape=landscape,
            notes=notes,
        )

    def unit(self, code: str | None) -> str:
        """A unit's name; its code, when the directory has it no longer."""
        if code is None:
            return UNKNOWN_UNIT
        unit = self.snapshot.directory.unit(code)
        return unit.name if unit else code

    def form(self, slug: str | None) -> str:
        """A form's name, "Công văn"."""
        return UNKNOWN_FORM if slug is None else self._forms.get(slug, slug)

    def reason(self, code: str) -> str:
        """What a reason says, without the places of one document."""
        rule = self.snapshot.policy.by_code.get(code)
        return self.snapshot.policy.finding(code).message if rule else code

    def by_unit(self, codes: Iterable[str | date | None]) -> list[str | None]:
        """Units in the order of the Vietnamese alphabet, the unknown one last."""
        return sorted({str(code) if code is not None else None for code in codes}, key=lambda c: _last(c, self.unit(c)))

    def by_form(self, slugs: Iterable[str | date | None]) -> list[str | None]:
        """Forms likewise."""
        return sorted({str(slug) if slug is not None else None for slug in slugs}, key=lambda s: _last(s, self.form(s)))

    @cached_property
    def _forms(self) -> dict[str, str]:
        return {form.slug: form.name for form in self.snapshot.forms}


def _last(key: str | None, name: str) -> tuple[bool, Key]:
    return key is None, vietnamese(name)
