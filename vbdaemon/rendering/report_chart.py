"""Bar charts as inline SVG: plain shapes and text, so that they print as they stand."""

from html import escape

from vbdaemon.rendering.report_paper import PaperBar, PaperChart

COLOURS = {"green": "#2b6a4b", "amber": "#b98900", "red": "#a4161a", "": "#4a6078"}
WIDTH, LABELS, FIGURES = 720, 310, 80
"""In units of the drawing: all of it, the room for labels, the room for figures behind the bars."""
STEP, BAR, TOP = 24, 14, 8
LONGEST_LABEL = 42
"""Letters that fit beside a bar; the rest stands in the tooltip."""


def chart_svg(chart: PaperChart) -> str:
    """The drawing; every word of it is escaped."""
    height = TOP + STEP * len(chart.bars) + (22 if chart.target is not None else 6)
    bars = "".join(_bar(bar, TOP + STEP * row) for row, bar in enumerate(chart.bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(chart.title)}" font-family="inherit" font-size="13">'
        f'<line x1="{LABELS}" y1="{TOP - 4}" x2="{LABELS}" y2="{TOP + STEP * len(chart.bars)}" stroke="#999"/>'
        f"{_target(chart)}{bars}</svg>"
    )


def _bar(bar: PaperBar, top: int) -> str:
    length = round((WIDTH - LABELS - FIGURES) * min(max(bar.length, 0.0), 1.0), 1)
    middle = top + BAR - 2.5
    return (
        f"<g><title>{escape(f'{bar.label}: {bar.words}')}</title>"
        f'<text x="{LABELS - 8}" y="{middle}" text-anchor="end" fill="#1b1b1b">{escape(_short(bar.label))}</text>'
        f'<rect x="{LABELS}" y="{top}" width="{length}" height="{BAR}" fill="{COLOURS[bar.light]}"/>'
        f'<text x="{LABELS + length + 6}" y="{middle}" fill="#1b1b1b" stroke="#fff" stroke-width="4" '
        f'paint-order="stroke">{escape(bar.words)}</text></g>'
    )


def _target(chart: PaperChart) -> str:
    """A dashed line through all bars, its figure under them."""
    if chart.target is None:
        return ""
    x = round(LABELS + (WIDTH - LABELS - FIGURES) * min(max(chart.target, 0.0), 1.0), 1)
    bottom = TOP + STEP * len(chart.bars)
    return (
        f'<line x1="{x}" y1="{TOP - 4}" x2="{x}" y2="{bottom}" stroke="#1b1b1b" stroke-dasharray="4 3"/>'
        f'<text x="{x}" y="{bottom + 14}" text-anchor="middle" font-style="italic">{escape(chart.target_words)}</text>'
    )


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
