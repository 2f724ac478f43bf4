"""Reports on a screen: charts whose labels are whole, wide tables that can be pushed aside instead of torn words."""

from lxml import html

from vbdaemon.rendering.report_chart import LABELS, LONGEST_LABEL, chart_svg
from vbdaemon.rendering.report_page import render_report_html
from vbdaemon.rendering.report_paper import Paper, PaperBar, PaperCell, PaperChart, PaperColumn, PaperSection

WIDEST = 6.9
"""Units of a letter on average, in the widest of the fonts that pages name, at the size of labels."""


def page(columns: int) -> html.HtmlElement:
    row = tuple(PaperCell("x", "") for _ in range(columns))
    titles = tuple(PaperColumn(f"C{n}", 4.0, "left", "") for n in range(columns))
    section = PaperSection("Danh sách", titles, (row,), (), None, total=False, new_page=False)
    paper = Paper("Báo cáo", "Quý I", "", "Văn phòng", "01/01/2026", (section,), (), landscape=True)
    return html.fromstring(render_report_html(paper))


def test_labels_of_a_chart_fit_beside_its_bars():
    assert LONGEST_LABEL * WIDEST <= LABELS - 8
    drawing = chart_svg(PaperChart("Theo đơn vị", (PaperBar("Phòng " * 20, 1.0, "3", ""),), None, ""))
    assert "…" in drawing
    assert f"<title>{'Phòng ' * 20}: 3</title>" in drawing


def test_a_table_of_many_columns_is_wider_than_the_page_and_smaller_on_paper():
    assert page(25).xpath("//table/@class") == ["many"]
    assert page(12).xpath("//table/@class") == []
