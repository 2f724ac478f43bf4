"""A report as bytes in one of five forms; every form is made of the same value."""

from enum import StrEnum

from vbdaemon.rendering.report_page import render_report_html, render_report_pdf
from vbdaemon.report.output_csv import write_csv
from vbdaemon.report.output_paper import paper_of
from vbdaemon.report.output_table import write_table
from vbdaemon.report.output_xlsx import write_xlsx
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
            return write_table(report, width)
        case OutputForm.CSV:
            return write_csv(report)
        case OutputForm.XLSX:
            return write_xlsx(report)
        case OutputForm.HTML:
            return render_report_html(paper_of(report))
        case OutputForm.PDF:
            return render_report_pdf(paper_of(report), report.made_at)
