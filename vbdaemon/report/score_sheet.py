"""The results of a quarter as a paper: all units, a page for each, and what the sample rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from vbdaemon.config.scoring import ScoringSection
from vbdaemon.model import Directory
from vbdaemon.report.collation import vietnamese
from vbdaemon.report.drawing import stored_sample
from vbdaemon.report.fault import Mark, designation
from vbdaemon.report.frame import drawn_in
from vbdaemon.report.population import UnitFrame
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.sample_file import SampleFile
from vbdaemon.report.scene import Scene, check_scored
from vbdaemon.report.score import UnitScore, rule_of, score_of
from vbdaemon.report.score_words import (
    CLAUSE,
    CRITERION,
    basis_rows,
    named,
    points_words,
    ruling_words,
    unit_notes,
)
from vbdaemon.report.seed import ScoringError
from vbdaemon.report.sheet import Align, Cell, Column, Light, Report, Section
from vbdaemon.report.verification import steps_within
from vbdaemon.state import scoring_findings
from vbdaemon.state.scoring_findings import FindingRow, Ruling

_SUMMARY = (
    Column("Stt", 4, Align.CENTER, grouped=False),
    Column("Đơn vị", 34),
    Column("Thể thức: số văn bản kiểm tra", 11, Align.RIGHT),
    Column("Chưa bảo đảm", 9, Align.RIGHT),
    Column("Gửi điện tử: số văn bản kiểm tra", 11, Align.RIGHT),
    Column("Chưa bảo đảm", 9, Align.RIGHT),
    Column("Điểm trừ", 8, Align.RIGHT),
    Column("Ghi chú", 20),
)
_BASIS = (Column("Nội dung", 30), Column("Giá trị", 70))


@dataclass(frozen=True, slots=True)
class _Unit:
    """One unit's part of the results."""

    frame: UnitFrame
    findings: tuple[FindingRow, ...]
    rulings: tuple[Ruling, ...]
    score: UnitScore


def score_report(scene: Scene, quarter: Quarter, unit: str | None = None) -> Report:
    """The results of a quarter that was drawn, of all units or of one, by their names in the Vietnamese order.

    ScoringError when there are none, or when what is kept is not what was drawn and ruled.
    """
    check_scored(quarter, scene.rule)
    sample = stored_sample(scene.state, quarter)
    _check_drawn(sample)
    rule = _named(rule_of(sample.population, scene.rule), scene.snapshot.directory)
    units = _units(scene, sample, rule, unit)
    documents = _documents(scene, quarter, units)
    office = scene.snapshot.office
    waiting = sum(each.score.waiting for each in units)
    return Report(
        name=f"cham-diem-quy_{str(quarter).lower()}",
        title=f"Kết quả kiểm tra, chấm điểm {quarter.vietnamese}",
        subtitle=f"{CRITERION} ({CLAUSE})",
        office=office.name,
        parent=office.parent,
        made_at=scene.at,
        sections=(
            _summary(units, rule, tuple(_notes(rule, waiting))),
            Section("Căn cứ chọn mẫu ngẫu nhiên", _BASIS, basis_rows(sample)),
            *(_page(each, documents, rule, quarter) for each in units),
        ),
    )


def _units(scene: Scene, sample: SampleFile, rule: ScoringSection, only: str | None) -> list[_Unit]:
    findings = scene.state.read(partial(scoring_findings.of_period, period=sample.period))
    rulings = scene.state.read(partial(scoring_findings.rulings, period=sample.period))
    found = []
    for frame in sample.population.units:
        own = tuple(f for f in findings if f.unit == frame.code and f.part != Part.STAFF)
        numbers = {f.id for f in own}
        said = tuple(r for r in rulings if r.finding in numbers)
        found.append(_Unit(frame, own, said, score_of(own, rule)))
    _check_kept(found, sample)
    found.sort(key=lambda each: vietnamese(each.frame.name))
    if only is None:
        return found
    if not (chosen := [each for each in found if each.frame.code == only]):
        raise ScoringError(f"{only!r} is no unit that was scored in {sample.period}")
    return chosen


def _check_drawn(sample: SampleFile) -> None:
    """ScoringError when the sample that is kept is not what secret, value and population give, whoever sealed it."""
    wrong = next((step for step in steps_within(sample) if step.holds is False), None)
    if wrong is not None:
        raise ScoringError(
            f"the sample of {sample.period} that is kept is not the one that was drawn ({wrong.name}: {wrong.words}); "
            "restore the state from a backup"
        )


def _check_kept(units: Iterable[_Unit], sample: SampleFile) -> None:
    """ScoringError when a finding was taken away, added or changed by other than a ruling: no score rests on that."""
    for each, drawn in zip(units, sample.sample, strict=True):
        wanted = {(Part.FORMAT, d.entry) for d in drawn.format} | {(Part.SENDING, d.entry) for d in drawn.sending or ()}
        last = {ruling.finding: ruling.after for ruling in each.rulings}
        kept = {(f.part, f.entry) for f in each.findings}
        if kept != wanted or any(f.verdict != last.get(f.id) for f in each.findings):
            raise ScoringError(
                f"findings of {each.frame.code} in {sample.period} are not what was drawn and ruled; "
                "restore the state from a backup"
            )


def _documents(scene: Scene, quarter: Quarter, units: Iterable[_Unit]) -> dict[str, str]:
    """What is printed on each document, by its entry; restricted and quarantined ones have none."""
    entries = [finding.entry for each in units for finding in each.findings]
    came = scene.state.read(partial(drawn_in, quarter=quarter, entries=entries))
    return {entry: designation(row) for entry, row in came.by_entry.items()}


def _summary(units: Iterable[_Unit], rule: ScoringSection, notes: tuple[str, ...]) -> Section:
    rows: list[tuple[Cell, ...]] = []
    lights = []
    for number, each in enumerate(units):
        score, sending = each.score, each.frame.sending is not None
        note = "Chưa được cấp chữ ký số" if not sending else ""
        if not each.findings:
            note = f"{note}; " * bool(note) + "không có văn bản thuộc diện kiểm tra"
        if score.waiting:
            note = f"{note}; " * bool(note) + f"còn {score.waiting} văn bản chưa xác nhận"
        rows.append(
            (
                number + 1,
                each.frame.name,
                score.format.drawn,
                score.format.deducted,
                score.sending.drawn if sending else None,
                score.sending.deducted if sending else None,
                score.points,
                note[:1].upper() + note[1:],
            )
        )
        light = Light.AMBER if score.waiting else Light.RED if score.points else Light.GREEN
        lights.append((number, 6, light))
    columns = (*_SUMMARY[:6], _points_column(rule), _SUMMARY[7])
    return Section("Tổng hợp", columns, tuple(rows), notes, lights=tuple(lights))


def _points_column(rule: ScoringSection) -> Column:
    whole = rule.points.is_integer() and (rule.most_points or 1.0).is_integer()
    return Column("Điểm trừ", 8, Align.RIGHT, decimals=0 if whole else 2)


def _page(each: _Unit, documents: dict[str, str], rule: ScoringSection, quarter: Quarter) -> Section:
    last = {ruling.finding: ruling for ruling in each.rulings}
    columns = (
        Column("Mã", 5, Align.RIGHT, grouped=False),
        Column("Nội dung kiểm tra", 13),
        Column("Số đến (mã)", 15),
        Column("Văn bản", 18),
        Column("Kết quả", 12),
        _points_column(rule),
        Column("Căn cứ và người xác nhận", 32),
    )
    rows = tuple(_row(finding, documents, last.get(finding.id), rule) for finding in each.findings)
    notes = unit_notes(each.frame, each.findings, each.rulings, each.score, rule)
    return Section(f"{each.frame.name} – {quarter.vietnamese}", columns, rows, notes, new_page=True)


def _row(
    finding: FindingRow, documents: dict[str, str], ruling: Ruling | None, rule: ScoringSection
) -> tuple[Cell, ...]:
    mark = Mark(finding.verdict) if finding.verdict else None
    how = {"paper": " (bản giấy)", "refused": " (bị từ chối)"}.get(finding.kind, "")
    return (
        finding.id,
        Part(finding.part).vietnamese,
        finding.entry,
        f"{documents.get(finding.entry, '')}{how}".strip(),
        mark.vietnamese if mark else "Chưa xác nhận",
        rule.points if mark is Mark.DEDUCT else 0.0 if mark else None,
        ruling_words(ruling) if ruling else f"Đề xuất: {finding.grounds}",
    )


def _named(rule: ScoringSection, directory: Directory) -> ScoringSection:
    """The rule with names in place of units' codes."""
    keys = ("format_checker", "sending_checker", "results_to")
    return rule.model_copy(update={key: named(getattr(rule, key), directory) for key in keys})


def _notes(rule: ScoringSection, waiting: int) -> list[str]:
    who = (
        f"Kiểm tra thể thức: {rule.format_checker}; kiểm tra việc gửi văn bản điện tử: {rule.sending_checker}; "
        f"kết quả gửi: {rule.results_to}."
    )
    most = "" if rule.most_points is None else f", không quá {points_words(rule.most_points)} một đơn vị trong quý"
    how = f"Trừ {points_words(rule.points)} cho mỗi văn bản chưa bảo đảm{most}."
    final = [f"Còn {waiting} văn bản chưa được người kiểm tra xác nhận: kết quả chưa chính thức."] if waiting else []
    return [*final, how, who]
