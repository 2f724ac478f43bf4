"""Why documents were refused or returned: by reason, and by unit."""

from collections import Counter
from collections.abc import Mapping

from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.sheet import Align, Bar, Chart, Column, Section
from vbdaemon.report.targets import share
from vbdaemon.state.statistics import Figures

NOTE = "Một văn bản có thể có nhiều lý do; tỷ lệ tính trên số văn bản bị từ chối, trả lại."


def reason_sections(
    refusals: Mapping[str | None, Mapping[str, int]], total: Figures, head: Letterhead
) -> tuple[Section, ...]:
    """Two tables; none where nothing was refused."""
    counts: Counter[str] = Counter()
    for each in refusals.values():
        counts.update(each)
    if not counts:
        return ()
    refused = total.refused + total.returned
    ordered = sorted(counts, key=lambda code: (-counts[code], code))
    columns = (
        Column("Stt", 4.5, Align.RIGHT),
        Column("Lý do", 50),
        Column("Mã", 18),
        Column("Số văn bản", 8, Align.RIGHT),
        Column("Tỷ lệ", 8, Align.RIGHT, percent=True, decimals=2),
    )
    rows = tuple(
        (number, head.reason(code), code, counts[code], share(counts[code], refused))
        for number, code in enumerate(ordered, start=1)
    )
    chart = Chart("Số văn bản bị từ chối, trả lại theo lý do", tuple(Bar(code, counts[code]) for code in ordered))
    by_reason = Section("IV. Lý do từ chối, trả lại", columns, rows, (NOTE,), chart if len(ordered) > 1 else None)
    return by_reason, _by_unit(refusals, head)


def _by_unit(refusals: Mapping[str | None, Mapping[str, int]], head: Letterhead) -> Section:
    columns = (
        Column("Đơn vị", 26),
        Column("Lý do", 46),
        Column("Mã", 18),
        Column("Số văn bản", 8, Align.RIGHT),
    )
    rows = tuple(
        (head.unit(unit), head.reason(code), code, many)
        for unit in head.by_unit(refusals)
        for code, many in sorted(refusals[unit].items(), key=lambda each: (-each[1], each[0]))
    )
    return Section("V. Lý do từ chối, trả lại theo đơn vị", columns, rows)
