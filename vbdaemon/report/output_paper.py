"""A report in words: what its page for screens and its PDF are made of."""

from math import ceil

from vbdaemon.rendering.report_paper import Paper, PaperBar, PaperCell, PaperChart, PaperColumn, PaperSection
from vbdaemon.report.sheet import Chart, Light, Report, Section
from vbdaemon.report.words import cell_words, moment_words, number_words


def paper_of(report: Report) -> Paper:
    """The same report with every cell written the Vietnamese way."""
    return Paper(
        title=report.title,
        subtitle=report.subtitle,
        parent=report.parent,
        office=report.office,
        made=moment_words(report.made_at),
        sections=tuple(map(_section, report.sections)),
        notes=report.notes,
        landscape=report.landscape,
    )


def _section(section: Section) -> PaperSection:
    lights = {(row, column): light for row, column, light in section.lights}
    return PaperSection(
        heading=section.heading,
        columns=tuple(PaperColumn(c.title, c.width, c.align.value, c.number) for c in section.columns),
        rows=tuple(_row(section, number, lights) for number in range(len(section.rows))),
        notes=section.notes,
        chart=_chart(section.chart) if section.chart else None,
        total=section.total,
        new_page=section.new_page,
    )


def _row(section: Section, number: int, lights: dict[tuple[int, int], Light]) -> tuple[PaperCell, ...]:
    cells = zip(section.rows[number], section.columns, strict=True)
    return tuple(
        PaperCell(cell_words(cell, column), lights[number, place].value if (number, place) in lights else "")
        for place, (cell, column) in enumerate(cells)
    )


def _chart(chart: Chart) -> PaperChart:
    """Bars as shares of the longest one, the target among them; shares of a whole never look like all of it."""
    longest = max((*(bar.value for bar in chart.bars), chart.target or 0.0)) or 1.0
    if chart.percent:
        longest = min(1.0, ceil(longest * 10) / 10) if longest <= 1 else longest
    target = chart.target / longest if chart.target is not None else None
    return PaperChart(
        title=chart.title,
        bars=tuple(
            PaperBar(bar.label, bar.value / longest, _figure(bar.value, chart), bar.light.value if bar.light else "")
            for bar in chart.bars
        ),
        target=target,
        target_words=f"Chỉ tiêu {_figure(chart.target, chart)}" if chart.target is not None else "",
    )


def _figure(value: float, chart: Chart) -> str:
    if chart.percent:
        return number_words(value, 0 if (value * 100).is_integer() else 2, percent=True)
    return number_words(value, 0 if float(value).is_integer() else 1)
