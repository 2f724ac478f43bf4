"""By what reports are made and sent: settings and snapshot as they are in force, and the letter that carries one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vbdaemon.config import Settings
from vbdaemon.config.report import ReportsSection, SendSection
from vbdaemon.config.scoring import ScoringSection
from vbdaemon.model import Snapshot
from vbdaemon.model.register import Books
from vbdaemon.report.archive import store
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.output import OutputForm, write
from vbdaemon.report.sheet import Report
from vbdaemon.state.report_letters import ReportLetter


@dataclass(frozen=True, slots=True)
class ReportTerms:
    """What holds at one look."""

    reports: ReportsSection
    scoring: ScoringSection
    books: Books
    snapshot: Snapshot

    @classmethod
    def of(cls, settings: Settings, snapshot: Snapshot) -> "ReportTerms":
        """From `[reports]`, `[scoring]`, `[register]` and the site's files."""
        return cls(settings.reports, settings.scoring, settings.register_.value(), snapshot)

    def head(self, at: datetime) -> Letterhead:
        """Whose reports they are."""
        return Letterhead(self.snapshot, at)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A report with its files, made and not stored yet."""

    report: Report
    subtitle: str
    files: dict[str, bytes]

    def letter(self, root: Path, to: Iterable[str], addressee: str = "", replaces: str = "") -> ReportLetter:
        """The files lie in a folder of their own, durable. SpoolError when the disk does not take them."""
        made = self.report
        files = store(root, made.name, self.files)
        return ReportLetter(made.title, self.subtitle, made.name, files, tuple(to), addressee, replaces)


def wrapped(report: Report, wanted: SendSection, subtitle: str | None = None) -> Wrapped:
    """The report in every form that is wanted; ReportTooLong where one cannot hold it."""
    files = {f"{report.name}.{form.ending}": write(report, form) for form in forms_of(wanted)}
    return Wrapped(report, report.subtitle if subtitle is None else subtitle, files)


def forms_of(wanted: SendSection) -> Iterator[OutputForm]:
    """What is attached; each once."""
    return (OutputForm(form) for form in dict.fromkeys(wanted.formats))
