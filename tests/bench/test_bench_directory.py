"""What ten thousand units cost: each document, the first one of a worker, and a changed units.toml."""

# ruff: noqa: T201 - measurements are printed as tables

import pickle
import time
from dataclasses import replace
from statistics import median

import pytest

from vbdaemon.builtin.classify import classify
from vbdaemon.builtin.recipient import check
from vbdaemon.builtin.route import route
from vbdaemon.config import Settings
from vbdaemon.directory.units import load_listed, usual_accounts
from vbdaemon.directory.units_file import units_toml
from vbdaemon.model import Directory, Group, Office, TextSource, Unit
from vbdaemon.snapshot import build_snapshot, default_snapshot
from vbdaemon.testing import make_content, make_document, make_file, make_submission

pytestmark = pytest.mark.bench
MOST = 1.1
ROUNDS, DOCUMENTS = 40, 5
BODY = (
    "ỦY BAN NHÂN DÂN", "HUYỆN SÔNG LAM 7", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    "Số: {n}/UBND-VP", "Sông Lam, ngày 07 tháng 4 năm 2020", "V/v tăng cường ký chữ ký số",
    "Kính gửi:", "- Các cơ quan, đơn vị thuộc UBND huyện;", "- UBND các xã, thị trấn.",
    *("Thực hiện chỉ đạo của cấp trên, Ủy ban nhân dân huyện đề nghị các đơn vị rà soát và báo cáo.",) * 25,
    "Nơi nhận:", "- Như trên;", "- Phòng Nội vụ;", "- UBND xã Hạ Lam 7.3;", "- Sở Tư pháp;", "- Hội Chữ thập đỏ huyện;",
    "- CT, các PCT UBND huyện;", "- LĐVP, CVVP;", "- Lưu: VT.", "CHỦ TỊCH", "Đặng Văn Mẫu",
)  # fmt: skip
DEPARTMENTS = ("Nội vụ", "Tư pháp", "Y tế", "Tài chính - Kế hoạch", "Giáo dục và Đào tạo", "Văn hóa và Thông tin")


def units(districts: int, communes: int) -> tuple[Unit, ...]:
    """A province: its departments, and districts with six departments and so many communes each."""
    found = [Unit("H99", "Ủy ban nhân dân tỉnh Đông Kỳ", ("UBND tỉnh",)), Unit("H99.1", "Sở Tư pháp", parent="H99")]
    for number in range(districts):
        code, place = f"H99.{number + 10}", f"Sông Lam {number}"
        found.append(below("H99", code, f"Ủy ban nhân dân huyện {place}", "UBND huyện"))
        found += [
            below(code, f"{code}.{row}", f"Phòng {name} huyện {place}", f"Phòng {name}")
            for row, name in enumerate(DEPARTMENTS)
        ]
        communes_here = (f"Ủy ban nhân dân xã Hạ Lam {number}.{row}" for row in range(communes))
        found += [below(code, f"{code}.{row}", name) for row, name in enumerate(communes_here, 20)]
    return tuple(found)


def below(parent: str, code: str, name: str, *aliases: str) -> Unit:
    """A unit with a folder; the same are served among few and many: one district, its departments, ten communes."""
    served = code in SERVED
    return Unit(code, name, aliases, parent, ("huyen",), served, folder=code.lower(), accounts=usual_accounts(code))


SERVED = {"H99.17", *(f"H99.17.{row}" for row in (*range(len(DEPARTMENTS)), *range(20, 30)))}
SMALL = (*units(0, 0), *(u for u in units(8, 10) if "H99.17" in u.code))
LARGE = units(100, 93)
GROUPS = (Group("huyen", "UBND các xã, thị trấn", ("Các cơ quan, đơn vị thuộc UBND huyện",)),)


def papers(source: TextSource) -> list:
    made = []
    for number in range(DOCUMENTS):
        file = make_file(f"{number}.pdf", str(number).encode())
        content = make_content(file, *(line.format(n=number + 600) for line in BODY))
        lines = tuple(replace(line, source=source, confidence=0.9) for line in content.pages[0].lines)
        if source is TextSource.OCR:  # an accent is lost
            lines = tuple(replace(line, text=line.text.replace("HUYỆN", "HUYÊN")) for line in lines)
        page = replace(content.pages[0], lines=lines, ocr=source is TextSource.OCR)
        made.append(make_document(file, contents=(replace(content, pages=(page,)),)))
    return made


def decide(document, snapshot):
    submission = make_submission(document.main, unit="H99.17.0")
    kind = classify(document, submission, snapshot)
    return kind, check(submission, document, kind, snapshot), route(submission, document, kind, snapshot)


@pytest.fixture(scope="module")
def snapshots():
    made = [
        replace(default_snapshot(), directory=Directory(each, groups=GROUPS), office=Office(unit="H99.17"))
        for each in (SMALL, LARGE)
    ]
    return dict(zip((len(SMALL), len(LARGE)), made, strict=True))


@pytest.mark.parametrize("source", [TextSource.TEXT, TextSource.OCR])
def test_a_document_costs_the_same_with_20_units_and_with_10_000(snapshots, source):
    documents = papers(source)
    times: dict[int, list[float]] = {count: [] for count in snapshots}
    first = {}
    for count, snapshot in snapshots.items():
        began = time.perf_counter()
        kind, _, ways = decide(documents[0], snapshot)
        first[count] = time.perf_counter() - began
        assert kind.issuer_unit == "H99.17"
        assert len(ways) > 10
    for _ in range(ROUNDS):
        for count, snapshot in snapshots.items():  # in turn: what the machine does besides hits both alike
            began = time.process_time()
            for document in documents:
                decide(document, snapshot)
            times[count].append((time.process_time() - began) / DOCUMENTS)
    few, many = (median(each) for each in times.values())
    print(f"\nclassify, check recipients and route, one page of {source}; the first document of a worker")
    for count in snapshots:
        print(f"  {count:6} units  {median(times[count]) * 1000:7.2f} ms   first {first[count] * 1000:8.1f} ms")
    print(f"  ratio {many / few:.3f}")
    assert many / few < MOST


def test_how_long_a_changed_directory_takes(tmp_path):
    rows = []
    for listed in (SMALL, LARGE):
        (tmp_path / "units.toml").write_text(units_toml(listed, GROUPS), "utf-8")
        settings = Settings(base=tmp_path)
        began = time.perf_counter()
        assert load_listed(tmp_path / "units.toml").units == listed
        loaded = time.perf_counter()
        snapshot = build_snapshot(settings)
        built = time.perf_counter()
        sent = pickle.dumps(snapshot)
        pickle.loads(sent)
        ended = time.perf_counter()
        rows.append((len(listed), loaded - began, built - loaded, ended - built, len(sent) / 1e6))
    print("\nunits.toml read; the whole snapshot; sent to a worker")
    for count, load, build, pickled, size in rows:
        print(f"  {count:6} units  {load:6.2f} s  {build:6.2f} s  {pickled:6.2f} s, {size:5.1f} MB")
    assert rows[1][1] < 10
