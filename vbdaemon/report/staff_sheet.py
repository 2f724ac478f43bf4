"""Staff occurrences of a quarter as a paper: all units, and a page for each on which it names the persons."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from vbdaemon.report.quarter import Quarter
from vbdaemon.report.scene import Scene, local_day
from vbdaemon.report.score_words import CLAUSE, CRITERION, named, points_words
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.sheet import Align, Cell, Column, Report, Section
from vbdaemon.report.staff import Occurrence, occurrences, published_rule, taken_away
from vbdaemon.report.words import day_words
from vbdaemon.state.scoring_findings import FindingRow

_SUMMARY = (
    Column("Stt", 4, Align.CENTER, grouped=False),
    Column("Đơn vị", 34),
    Column("Tài khoản gửi", 24),
    Column("Số lượt", 8, Align.RIGHT),
    Column("Điểm trừ", 8, Align.RIGHT, decimals=2),
)
_PAGE = (
    Column("Stt", 4, Align.CENTER, grouped=False),
    Column("Ngày", 10, Align.CENTER),
    Column("Số đến (mã)", 14),
    Column("Văn bản", 17),
    Column("Tài khoản gửi", 15),
    Column("Nội dung chưa bảo đảm", 34),
    Column("Người thực hiện (đơn vị ghi)", 16),
)
ON_PAPER = "(gửi bản giấy)"
UNKNOWN = "(không rõ tài khoản)"


def staff_report(scene: Scene, quarter: Quarter, unit: str | None = None) -> Report:
    """Every occurrence of a quarter, of all units or of one. ScoringError when the quarter is not scored."""
    directory = scene.snapshot.directory
    if unit is not None and directory.unit(unit) is None:
        raise ScoringError(f'{unit!r} is no unit of the directory; see "vbdaemon units list"')
    found = [each for each in occurrences(scene, quarter) if unit in (None, each.unit)]
    away = [each for each in taken_away(scene, quarter) if unit in (None, each.unit)]
    office = scene.snapshot.office
    pages = [
        _page(f"{named(code, directory)} – {quarter.vietnamese}", list(group))
        for code, group in groupby(found, key=lambda each: each.unit)
    ]
    return Report(
        name=f"luot-tru-diem_{str(quarter).lower()}",
        title=f"Các lượt chưa bảo đảm yêu cầu của cán bộ, công chức, viên chức {quarter.vietnamese}",
        subtitle=f"{CRITERION} (điểm 1 {CLAUSE})",
        office=office.name,
        parent=office.parent,
        made_at=scene.at,
        sections=(_summary(scene, quarter, found, away), *pages),
        landscape=True,
    )


def _summary(scene: Scene, quarter: Quarter, found: Sequence[Occurrence], away: Sequence[FindingRow]) -> Section:
    """`found` stands in the order of the units' names already."""
    directory, today = scene.snapshot.directory, local_day(scene.at)
    rule = published_rule(scene, quarter)
    counted = Counter((each.unit, _account(each)) for each in found)
    rows: list[tuple[Cell, ...]] = [
        (number, named(code, directory), account, times, times * rule.points)
        for number, ((code, account), times) in enumerate(counted.items(), start=1)
    ]
    notes = [
        f"Trừ {points_words(rule.points)} cho mỗi lượt; một văn bản là một lượt.",
        f"Kết quả gửi: {named(rule.results_to, directory)}.",
        "Hệ thống chỉ biết tài khoản đã gửi; đơn vị ghi tên người thực hiện và gửi lại.",
    ]
    if today <= quarter.last_day:
        notes.insert(0, f"Quý chưa kết thúc: số liệu tính đến ngày {day_words(today)}.")
    if not rows:
        notes.insert(0, "Trong quý không có lượt nào chưa bảo đảm yêu cầu.")
    if away:
        notes.append(f"Đã bỏ sau kiến nghị: {', '.join(each.entry for each in away)}.")
    return Section("Tổng hợp theo tài khoản gửi", _SUMMARY, tuple(rows), tuple(notes))


def _page(name: str, found: Sequence[Occurrence]) -> Section:
    rows = tuple(
        (number, each.on, each.entry, each.document, _account(each), each.words, "")
        for number, each in enumerate(found, start=1)
    )
    return Section(name, _PAGE, rows, new_page=True)


def _account(each: Occurrence) -> str:
    return each.account or (ON_PAPER if each.kind == "paper" else UNKNOWN)
