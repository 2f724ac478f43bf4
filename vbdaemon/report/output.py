"""A report as bytes in one of five forms; every form is made of the same value."""

from enum import StrEnum

from vbdaemon.report.sheet import Report

TERMINAL_WIDTH = 120


class OutputForm(StrEnum):
    """The form a report is written in."""

    TABLE = "table"
    """Text for a terminal."""
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

    paper = paper_of(report)
    return render_report_html(paper) if form is OutputForm.HTML else render_report_pdf(paper, report.made_at)
