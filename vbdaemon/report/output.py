"""A report as bytes in one of five forms; every form is made of the same value."""

from enum import StrEnum

from vbdaemon.report.sheet import Report, ReportTooLong

TERMINAL_WIDTH = 120
MOST_ROWS_ON_PAGES = 50_000
"""Above that nobody leafs through pages, and setting them takes minutes."""


class OutputForm(StrEnum):
    """The form a report is written in."""

    TABLE = "table"
    """Text for a terminal."""
    JSON = "json"
    """For programs: numbers, ISO dates."""
    CSV = "csv"
    """For spreadsheets and programs."""
    XLSX = "xlsx"
    """A workbook, a sheet for each section."""
    HTML = "html"
    """One self-contained page, which prints well."""
    PDF = "pdf"
    """Paper."""

    @property
    def ending(self) -> str:
        """What file names end with."""
        return "txt" if self is OutputForm.TABLE else self.value


def write(report: Report, form: OutputForm, width: int = TERMINAL_WIDTH) -> bytes:
    """The report in this form; `width` (letters) is that of a text table. ReportTooLong where a form cannot hold it."""
    match form:
        case OutputForm.TABLE:
            from vbdaemon.report.output_table import write_table  # noqa: PLC0415 - each form loads its library alone

            return write_table(report, width)
        case OutputForm.JSON:
            from vbdaemon.report.output_json import write_json  # noqa: PLC0415 - as above

            return write_json(report)
        case OutputForm.CSV:
            from vbdaemon.report.output_csv import write_csv  # noqa: PLC0415 - as above

            return write_csv(report)
        case OutputForm.XLSX:
            from vbdaemon.report.output_xlsx import write_xlsx  # noqa: PLC0415 - as above

            return write_xlsx(report)
        case OutputForm.HTML | OutputForm.PDF:
            return _paged(report, form)


def _paged(report: Report, form: OutputForm) -> bytes:
    from vbdaemon.rendering.report_page import render_report_html, render_report_pdf  # noqa: PLC0415 - as above
    from vbdaemon.report.output_paper import paper_of  # noqa: PLC0415 - as above

    if sum(len(section.rows) for section in report.sections) > MOST_ROWS_ON_PAGES:
        raise ReportTooLong
    paper = paper_of(report)
    return render_report_html(paper) if form is OutputForm.HTML else render_report_pdf(paper, report.made_at)
