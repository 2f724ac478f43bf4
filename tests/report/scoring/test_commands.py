"""The steps of a quarter as an office types them, and every way to type them wrongly."""

import hashlib
import io
import json
import re

import pypdf
import pytest
from openpyxl import load_workbook

Q1 = ("--period", "2026-Q1")
FROM = ("--value-from", "giải đặc biệt xổ số miền Bắc", "--value-on", "2026-04-10")
VALUE = ("--public-value", "12345", "--witness", "Trần Thị Bình")


def published(words: str) -> str:
    return re.search(r"SHA-256 of the \w+  ([0-9a-f]{64})", words)[1]


def test_a_quarter_from_the_secret_to_the_results(ledger):
    for number in range(8):
        ledger.add("H99.1", format_findings=number % 2)
    out = ledger.folder
    commitment = published(ledger.run("commit-secret", *Q1).output)
    ledger.clock.advance(days=20)
    made = ledger.run("population", *Q1, *FROM, "--out", str(out / "p.json"))
    assert published(made.output) == hashlib.sha256((out / "p.json").read_bytes()).hexdigest()
    ledger.clock.advance(days=5)
    drawn = ledger.run("draw", *Q1, *VALUE, "--out", str(out / "s.json"))
    assert hashlib.sha256((out / "s.json").read_bytes()).hexdigest() in drawn.output
    told = ("--commitment", commitment, "--population-hash", published(made.output), "--public-value", "12345")
    checked = ledger.run("verify-sample", str(out / "s.json"), *told)
    assert checked.exit_code == 0
    assert "nobody chose this sample" in checked.output
    listed = json.loads(ledger.run("findings", *Q1, "--json").output)
    assert [row["part"] for row in listed] == ["format", "format", "sending", "sending"]
    for row in listed:
        done = ledger.run("confirm", str(row["id"]), "--verdict", row["proposal"], "--reason", "đã xem", *Q1)
        assert done.exit_code == 0, done.output
    assert "4 documents, 0 to confirm" in ledger.run("findings", *Q1).output
    assert ledger.run("findings", *Q1, "--waiting").output == "0 documents, 0 to confirm\n"
    results = ledger.run("quarter", *Q1)
    assert "Kết quả kiểm tra, chấm điểm quý I năm 2026".casefold() in results.output.casefold()


@pytest.mark.parametrize("command", ["quarter", "staff"])
def test_results_go_to_excel_and_to_paper_with_a_page_for_each_unit(drawn, command):
    pages = {"quarter": 3, "staff": 1}[command]
    for form in ("xlsx", "pdf"):
        done = drawn.run(command, *Q1, "--format", form, "--out", str(drawn.folder / f"r.{form}"))
        assert done.exit_code == 0, done.output
    paper = pypdf.PdfReader(io.BytesIO((drawn.folder / "r.pdf").read_bytes()))
    assert len(paper.pages) == 1 + pages
    assert "Phòng Nội vụ huyện Mẫu – quý I năm 2026" in paper.pages[1].extract_text()
    book = load_workbook(drawn.folder / "r.xlsx")
    assert len(book.sheetnames) == {"quarter": 5, "staff": 2}[command]


def test_a_sample_is_checked_without_settings_and_without_state(drawn, tmp_path, monkeypatch):
    sample = (drawn.folder / "sample.json").read_bytes()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.delenv("VBDAEMON_CONFIG", raising=False)
    (tmp_path / "elsewhere" / "s.json").write_bytes(sample)
    (drawn.folder / "config" / "vbdaemon.toml").unlink()
    done = drawn.run("verify-sample", "s.json")
    assert done.exit_code == 0, done.output
    assert "the file agrees with itself, which a forged one can do too" in done.output
    (tmp_path / "elsewhere" / "s.json").write_bytes(sample.replace(b"den/2026/10", b"den/2026/11"))
    changed = drawn.run("verify-sample", "s.json")
    assert changed.exit_code == 1
    assert "FAILED   file: changed since it was made" in changed.output


def test_a_wrong_hash_of_the_publication_fails_the_check(drawn):
    file = str(drawn.folder / "sample.json")
    done = drawn.run("verify-sample", file, "--commitment", "0" * 64)
    assert done.exit_code == 1
    assert "FAILED   published commitment" in done.output


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("commit-secret", "--period", "2026"), "'2026' is no quarter"),
        (("commit-secret", "--period", "2025-Q4"), "2025-Q4 ended on 31/12/2025"),
        (("commit-secret", "--period", "2020-Q1"), "2020-Q1 is not scored"),
        (("population", *Q1, "--out", "{out}/new.json"), "say where the public value will come from"),
        (("population", *Q1, *FROM[:2], "--out", "{out}/new.json"), "say where the public value will come from, and"),
        (("population", *Q1, *FROM[:2], "--value-on", "mai", "--out", "{out}/new.json"), "'mai' is no day"),
        (("population", *Q1, *FROM[:2], "--value-on", "03/04/2026", "--out", "{out}/new.json"), "must not exist yet"),
        (("population", *Q1, *FROM, "--out", "{out}/config/units.toml"), "name another file"),
        (("population", *Q1, *FROM, "--value-form", "digits:2", "--out", "{out}/new.json"), "no form of a public"),
        (("population", "--period", "2026-Q2", *FROM, "--out", "{out}/new.json"), "2026-Q2 has no secret"),
        (("draw", *Q1, *VALUE, "--out", "{out}/new.json"), "2026-Q1 has no population"),
        (("draw", *Q1, "--public-value", "1", "--witness", " ", "--out", "{out}/new.json"), "--witness 'NAME'"),
        (("findings", *Q1), 'the next step is "vbdaemon report population'),
        (("findings", "--period", "2025-Q4"), "until 31/12/2025 is over and never after"),
        (("findings", "--period", "2020-Q1"), "2020-Q1 is not scored: it began with 2020-Q2"),
        (("quarter", "--period", "2020-Q1"), "2020-Q1 is not scored: it began with 2020-Q2"),
        (("draw", "--period", "2019-Q4", *VALUE, "--out", "{out}/new.json"), "2019-Q4 is not scored"),
        (("quarter", *Q1), "2026-Q1 was not drawn"),
        (("quarter", "--period", "quý 1"), "'quý 1' is no quarter"),
        (("staff", "--period", "2026-Q1", "--unit", "H1"), "'H1' is no unit of the directory"),
        (("staff", "--period", "2025-Q3"), "in 2025-Q3 no document of a scored unit came in"),
        (("staff", "--period", "2027-Q1"), "2027-Q1 has not begun"),
        (("confirm", "1", "--verdict", "ok", "--reason", "x"), "no finding has the number 1"),
        (("confirm", "1", "--verdict", "ok", "--reason", " "), "--reason is empty"),
        (("appeal", "den/2026/1", "--reason", "x"), "say its --period too"),
        (("verify-sample", "{out}/absent.json"), "name the file that the draw wrote"),
        (("verify-sample", "{out}"), "name the file that the draw wrote"),
    ],
)
def test_a_mistake_is_one_clear_line(quarter, fails, words, line):
    assert line in fails(quarter.run(*(word.replace("{out}", str(quarter.folder)) for word in words)))
    assert not (quarter.folder / "new.json").exists()


def test_nobody_is_root_when_something_is_recorded(ledger, fails, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "root")
    assert "say who does this: --by 'NAME'" in fails(ledger.run("commit-secret", *Q1, by=None))


def test_a_written_population_is_written_again_and_never_over(quarter, fails):
    first, second = quarter.folder / "1.json", quarter.folder / "2.json"
    quarter.run("population", *Q1, *FROM, "--out", str(first))
    assert "is there already" in fails(quarter.run("population", *Q1, "--again", "--out", str(first)))
    assert quarter.run("population", *Q1, "--again", "--out", str(second)).exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    assert "--replace WHY" in fails(quarter.run("population", *Q1, *FROM, "--out", str(quarter.folder / "3.json")))


def test_a_finding_of_another_quarter_is_not_confirmed_by_mistake(drawn, fails):
    done = drawn.run("confirm", "1", "--verdict", "ok", "--reason", "x", "--period", "2026-Q2")
    assert "finding 1 is of 2026-Q1" in fails(done)


def test_several_are_confirmed_at_once_and_each_that_is_refused_is_named(drawn):
    drawn.run("confirm", "2", "--verdict", "ok", "--reason", "đã xem riêng")
    done = drawn.run("confirm", "1", "2", "3", "99", "--verdict", "as-proposed", "--reason", "đã xem từng văn bản")
    assert done.exit_code == 1
    assert [line.partition(":")[0] for line in done.stdout.splitlines() if "->" in line and "points" not in line] == [
        "finding 1",
        "finding 3",
    ]
    assert "finding 2 was confirmed as ok" in done.stderr
    assert "no finding has the number 99" in done.stderr
    rows = json.loads(drawn.run("findings", *Q1, "--json").output)
    assert [row["verdict"] for row in rows[:3]] == [rows[0]["proposal"], "ok", rows[2]["proposal"]]


def test_an_appeal_says_what_changed(drawn):
    drawn.run("confirm", "1", "--verdict", "deduct", "--reason", "sai lề")
    done = drawn.run("appeal", "1", "--reason", "theo mẫu của ngành", by="Chánh Văn phòng")
    assert done.output == "finding 1: deduct -> ok, by Chánh Văn phòng\npoints deducted: 1 -> 0\n"


def test_the_listing_names_a_unit_that_was_not_scored_as_such(drawn, fails):
    assert "no unit that was scored" in fails(drawn.run("findings", *Q1, "--unit", "H99.9"))
    assert "2 documents, 2 to confirm" in drawn.run("findings", *Q1, "--unit", "H99.2").output


def test_published_files_can_be_read_by_everybody_and_the_secret_by_nobody_else(drawn):
    assert (drawn.folder / "sample.json").stat().st_mode & 0o777 == 0o644
    assert (drawn.folder / "spool" / "scoring" / "2026-Q1.secret").stat().st_mode & 0o777 == 0o600
