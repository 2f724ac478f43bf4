"""The rates of 607/UBND-VP: how many documents were signed by their organisation, by a person, by a leader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.period import Period
from vbdaemon.report.sheet import Align, Bar, Cell, Chart, Column, Light, Report, Section
from vbdaemon.report.targets import LIGHT_WORDS, Targets, share
from vbdaemon.report.trend import by_step
from vbdaemon.report.words import number_words
from vbdaemon.state import statistics
from vbdaemon.state.connection import Connection
from vbdaemon.state.statistics import Dimension, Figures, Scope, Tally

TITLE = "Báo cáo tình hình ký số văn bản điện tử"
BARS = 40
NOTES = (
    (
        "Cách tính theo Công văn số 607/UBND-VP: không tính văn bản mật và văn bản quy định phải ký bản giấy; cũng "
        "không tính dự thảo, tờ trình kèm dự thảo, văn bản gửi trùng và tệp không phải văn bản của cơ quan, tổ chức."
    ),
    (
        "Tính cho đơn vị ban hành; không rõ thì tính cho đơn vị gửi. Chỉ tính chữ ký số hợp lệ, hoặc chữ ký "
        "có chứng thư số đã được người có trách nhiệm xác nhận."
    ),
    (
        "Chữ ký số của lãnh đạo: chữ ký số cá nhân trên văn bản mà khối chữ ký ghi chức vụ lãnh đạo (chủ tịch, giám "
        "đốc, trưởng phòng, chánh văn phòng … và cấp phó); không đọc được chức vụ thì không tính."
    ),
)


@dataclass(frozen=True, slots=True)
class Signing:
    """Everything the report is made of."""

    by_issuer: Mapping[str | date | None, Tally]
    by_day: Mapping[str | date | None, Tally]

    @property
    def total(self) -> Figures:
        """All together."""
        return statistics.together(self.by_issuer.values()).figures


def gather(connection: Connection, scope: Scope) -> Signing:
    """The figures of a scope."""
    by_issuer = statistics.rolled_up(statistics.tallies(connection, scope, Dimension.ISSUER), 0)
    return Signing(by_issuer, statistics.rolled_up(statistics.tallies(connection, scope, Dimension.DAY), 0))


def signing(found: Signing, head: Letterhead, period: Period, targets: Targets, *, about: str = "") -> Report:
    """The report."""
    sections = (_summary(found.total, targets), _by_unit(found, head, targets), *_trend(found, period, targets))
    return head.report("ky-so", TITLE, period, sections, about=about, notes=NOTES, landscape=True)


def _summary(total: Figures, targets: Targets) -> Section:
    columns = (
        Column("Nội dung", 40),
        Column("Số văn bản", 10, Align.RIGHT),
        Column("Tỷ lệ", 10, Align.RIGHT, percent=True, decimals=2),
        Column("Chỉ tiêu", 10, Align.RIGHT, percent=True),
        Column("Đánh giá", 12, Align.CENTER),
    )
    signable = total.signable
    organisation = targets.light(total.organisation, signable, targets.organisation)
    person = targets.light(total.person, signable, targets.person)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Văn bản tính tỷ lệ ký số", signable, None, None, None),
        _line("Có chữ ký số của cơ quan, tổ chức", total.organisation, signable, targets.organisation, organisation),
        _line("Có chữ ký số cá nhân", total.person, signable, targets.person, person),
        _line("– trong đó có chữ ký số của lãnh đạo", total.leader, signable, None, None),
        ("Không tính: văn bản bị cách ly (mật hoặc có mã độc)", total.quarantined, None, None, None),
        ("Không tính: văn bản thuộc danh mục bản giấy", total.paper_only, None, None, None),
        ("Không tính: dự thảo, tờ trình kèm dự thảo", total.drafts, None, None, None),
        ("Không tính: không phải văn bản của cơ quan, không đọc được", total.unsignable, None, None, None),
    )
    lit = ((1, organisation), (2, person))
    lights = tuple((row, column, light) for row, light in lit if light is not None for column in (2, 4))
    return Section("I. Kết quả chung", columns, rows, lights=lights)


def _line(words: str, part: int, whole: int, target: float | None, light: Light | None) -> tuple[Cell, ...]:
    return (words, part, share(part, whole), target, LIGHT_WORDS[light] if light else None)


def _by_unit(found: Signing, head: Letterhead, targets: Targets) -> Section:
    units = [code for code in head.by_unit(found.by_issuer) if found.by_issuer[code].figures.signable]
    rows: list[tuple[Cell, ...]] = []
    lights: list[tuple[int, int, Light]] = []
    for number, code in enumerate(units):
        each = found.by_issuer[code].figures
        rows.append((number + 1, head.unit(code), *_rates(each), _remark(head, code)))
        lights += _lights(number, each, targets)
    if rows:
        rows.append((None, "Tổng cộng", *_rates(found.total), None))
        lights += _lights(len(units), found.total, targets)
    columns = (
        Column("Stt", 4.5, Align.RIGHT),
        Column("Đơn vị", 26),
        Column("Văn bản tính tỷ lệ", 8, Align.RIGHT),
        *_rate_columns(),
        Column("Ghi chú", 14),
    )
    chart = Chart(
        "Tỷ lệ văn bản có chữ ký số cá nhân theo đơn vị",
        tuple(_bar(head.unit(code), found.by_issuer[code].figures, targets) for code in units[:BARS]),
        percent=True,
        target=targets.person,
    )
    return Section(
        "II. Theo đơn vị", columns, tuple(rows), _more(units), chart if units else None, tuple(lights), total=bool(rows)
    )


def _trend(found: Signing, period: Period, targets: Targets) -> tuple[Section, ...]:
    """By month or day, where the period has several that hold documents."""
    steps = [(label, each) for label, each in by_step(found.by_day, period) if each.signable]
    if len(steps) < 2:  # noqa: PLR2004 - one is no trend
        return ()
    columns = (Column("Thời gian", 12, Align.CENTER), Column("Văn bản tính tỷ lệ", 8, Align.RIGHT), *_rate_columns())
    rows = tuple((label, *_rates(each)) for label, each in steps)
    lights = tuple(light for row, (_, each) in enumerate(steps) for light in _lights(row, each, targets, first=1))
    return (Section("III. Diễn biến trong kỳ", columns, rows, lights=lights),)


def _rate_columns() -> tuple[Column, ...]:
    names = ("tổ chức", "cá nhân", "lãnh đạo")
    return tuple(
        column
        for name in names
        for column in (
            Column(f"Ký số {name}", 7, Align.RIGHT),
            Column(f"Tỷ lệ {name}", 9, Align.RIGHT, percent=True, decimals=2),
        )
    )


def _rates(each: Figures) -> tuple[Cell, ...]:
    parts = (each.organisation, each.person, each.leader)
    return (each.signable, *(cell for part in parts for cell in (part, share(part, each.signable))))


def _lights(row: int, each: Figures, targets: Targets, first: int = 2) -> list[tuple[int, int, Light]]:
    """Of the shares by organisation and by person; `first` is the column of the whole."""
    found = (
        (first + 2, targets.light(each.organisation, each.signable, targets.organisation)),
        (first + 4, targets.light(each.person, each.signable, targets.person)),
    )
    return [(row, column, light) for column, light in found if light is not None]


def _bar(name: str, each: Figures, targets: Targets) -> Bar:
    return Bar(name, each.person / each.signable, targets.light(each.person, each.signable, targets.person))


def _more(units: list[str | None]) -> tuple[str, ...]:
    return (f"Biểu đồ thể hiện {number_words(BARS)} đơn vị đầu.",) if len(units) > BARS else ()


def _remark(head: Letterhead, code: str | None) -> str | None:
    unit = head.snapshot.directory.unit(code)
    return "Chưa được cấp chữ ký số" if unit is not None and not unit.signature_issued else None
