"""A report as one self-contained page for screens and printers, and as PDF."""

import json
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files as package_files

import typst
from markupsafe import Markup

from vbdaemon.rendering.report_chart import chart_svg
from vbdaemon.rendering.report_paper import Paper
from vbdaemon.rendering.templates import render_html

MOST_TAGGED = 10_000
"""Cells up to which a screen reader can walk through the table; tags of more make the file many times as big."""


def render_report_html(paper: Paper) -> bytes:
    """The page; charts stand in it as drawings, nothing is fetched from anywhere."""
    charts = [Markup(chart_svg(each.chart)) if each.chart else "" for each in paper.sections]  # noqa: S704 - escaped there
    return render_html("report.html.j2", paper=paper, charts=charts).encode()


def render_report_pdf(paper: Paper, made_at: datetime) -> bytes:
    """The PDF; all words go in as one JSON text: data for the template, never a part of its markup."""
    source = package_files("vbdaemon.rendering").joinpath("templates/report.typ").read_bytes()
    pdf = typst.compile(
        source,
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(asdict(paper), ensure_ascii=False)},
        format="pdf",
        timestamp=int(made_at.timestamp()),
        pdf_tags=sum(len(section.rows) * len(section.columns) for section in paper.sections) <= MOST_TAGGED,
    )
    assert isinstance(pdf, bytes)
    return pdf
