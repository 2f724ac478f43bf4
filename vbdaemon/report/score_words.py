"""What the papers on scores say in words."""

from collections.abc import Iterator, Sequence
from datetime import date

from vbdaemon.config.scoring import ScoringSection
from vbdaemon.model import Directory
from vbdaemon.report.fault import Mark
from vbdaemon.report.population import LeftOut, UnitFrame, moment_of
from vbdaemon.report.sample import Part
from vbdaemon.report.sample_file import SampleFile
from vbdaemon.report.scene import local_day
from vbdaemon.report.score import UnitScore
from vbdaemon.report.words import day_words, moment_words, number_words
from vbdaemon.state.scoring_findings import FindingRow, Ruling

CRITERION = "Tiêu chí “Sáng tạo, cải tiến phương pháp làm việc, nâng cao hiệu quả công việc”"
CLAUSE = "Công văn số 552/UBND ngày 02/3/2020 của Ủy ban nhân dân huyện Bình Chánh"
_LEFT = {
    "held": "văn bản đang chờ xem xét",
    "voided": "số đến đã hủy",
    "duplicates": "bản gửi trùng",
    "drafts": "dự thảo",
    "sent_too": "bản giấy đã gửi điện tử đúng hạn",
    "withdrawn": "văn bản đã thu hồi, thay thế",
    "foreign": "văn bản do cơ quan, tổ chức khác không thuộc diện chấm điểm ban hành",
}


def points_words(points: float) -> str:
    """Points as people read them: "1 điểm", "0,5 điểm"."""
    return f"{number_words(points, 0 if float(points).is_integer() else 2)} điểm"


def named(who: str, directory: Directory) -> str:
    """The name of a unit that is given by its code; other words stay."""
    unit = directory.unit(who)
    return unit.name if unit else who


def ruling_words(ruling: Ruling) -> str:
    """Who found it, when and why."""
    kind = "Sau kiến nghị" if ruling.kind == "appeal" else "Xác nhận"
    return f"{ruling.why} ({kind}: {ruling.who}, {day_words(local_day(ruling.at))})".strip()


def basis_rows(sample: SampleFile) -> tuple[tuple[str, str], ...]:
    """What the sample rests on, for whoever wants to repeat the draw."""
    on = day_words(date.fromisoformat(sample.population.public_on))
    return (
        ("Mã băm của số bí mật (công bố trước khi hết quý)", sample.commitment),
        ("Mã băm của danh sách văn bản (công bố trước khi có giá trị công khai)", sample.population_sha256),
        *_replaced_rows(sample),
        ("Nguồn của giá trị công khai", f"{sample.population.public_source}, ngày {on}"),
        ("Giá trị công khai, người chứng kiến nhập", f"{sample.public_value} ({sample.witness})"),
        *(
            (
                "Lần chọn trước, do nhập sai giá trị công khai",
                f"{each.public_value} ({each.witness}, lúc {_moment(each.drawn_at)}); lý do: {each.why}",
            )
            for each in sample.corrected
        ),
        ("Số bí mật", sample.secret),
        ("Mầm chọn mẫu: SHA-256 của số bí mật nối giá trị công khai", sample.seed),
        ("Kiểm tra lại", "vbdaemon report verify-sample TỆP-MẪU (không cần cấu hình, không cần mạng)"),
    )


def _replaced_rows(sample: SampleFile) -> Iterator[tuple[str, str]]:
    """Every population that another one took the place of; the reader is told when its value could be known by then."""
    made = (*(each.made_at for each in sample.replaced), sample.population.made_at)
    for each, after in zip(sample.replaced, made[1:], strict=True):
        on = date.fromisoformat(each.public_on)
        late = (
            f"; THAY KHI ĐÃ ĐẾN NGÀY {day_words(on)} có giá trị công khai" if local_day(moment_of(after)) >= on else ""
        )
        words = (
            f"{each.sha256} (lập lúc {_moment(each.made_at)}; thay lúc {_moment(after)}; lý do thay: {each.why}{late})"
        )
        yield "Danh sách đã thay thế", words


def _moment(text: str) -> str:
    return moment_words(moment_of(text))


def unit_notes(
    frame: UnitFrame, findings: Sequence[FindingRow], rulings: Sequence[Ruling], score: UnitScore, rule: ScoringSection
) -> tuple[str, ...]:
    """What stands under a unit's table."""
    return tuple(_unit_notes(frame, findings, rulings, score, rule))


def _unit_notes(
    frame: UnitFrame, findings: Sequence[FindingRow], rulings: Sequence[Ruling], score: UnitScore, rule: ScoringSection
) -> Iterator[str]:
    state = f", còn {score.waiting} văn bản chưa xác nhận" if score.waiting else ""
    yield f"Tổng điểm trừ: {points_words(score.points)}{state}."
    yield from _few(frame, findings, rule)
    if frame.sending is None:
        yield (
            "Đơn vị chưa được cấp tài khoản chữ ký số nên không kiểm tra việc gửi văn bản điện tử; đề nghị gửi văn bản "
            f"về {rule.sending_checker} để được hướng dẫn và cấp tài khoản chữ ký số (điểm 1 và điểm 3 {CLAUSE})."
        )
    if left := _left_out(frame.left_out):
        yield f"Không đưa vào danh sách chọn mẫu: {left}."
    for ruling in rulings:
        if ruling.kind == "appeal":
            yield _appeal_words(ruling)


def _few(frame: UnitFrame, findings: Sequence[FindingRow], rule: ScoringSection) -> Iterator[str]:
    wanted = {Part.FORMAT: rule.format_documents, Part.SENDING: rule.sending_documents}
    for part, number in wanted.items():
        if frame.frame(part) is None:
            continue
        drawn = sum(each.part == part for each in findings)
        if drawn == 0 and number:
            yield f"{part.vietnamese}: trong quý không có văn bản nào thuộc diện kiểm tra."
        elif drawn < number:
            yield f"{part.vietnamese}: trong quý chỉ có {drawn} văn bản thuộc diện kiểm tra."


def _left_out(left: LeftOut) -> str:
    counted = ((getattr(left, name), words) for name, words in _LEFT.items())
    return ", ".join(f"{number} {words}" for number, words in counted if number)


def _appeal_words(ruling: Ruling) -> str:
    before = Mark(ruling.before).vietnamese if ruling.before else "Chưa xác nhận"
    return (
        f"Kiến nghị về mã {ruling.finding}, giải quyết ngày {day_words(local_day(ruling.at))}: {before} → "
        f"{Mark(ruling.after).vietnamese}; lý do: {ruling.why}; người quyết định: {ruling.who}; điểm trừ của đơn vị "
        f"{number_words(ruling.points_before, 0 if ruling.points_before.is_integer() else 2)} → "
        f"{points_words(ruling.points_after)}."
    )
