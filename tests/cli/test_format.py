"""`vbdaemon format`: the table, JSON, the annotated copy, the picture, mistakes."""

import io
import json
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache

import docx
import pypdf
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from vbdaemon.cli import format as command
from vbdaemon.cli.site import Site
from vbdaemon.demo.format_corpus import page_file as pages
from vbdaemon.demo.format_corpus import word_file as files
from vbdaemon.demo.format_corpus.base import ND30, TT01, decision
from vbdaemon.errors import ConfigurationError, VbdaemonError
from vbdaemon.model.format import FormatRules, Part
from vbdaemon.rules.format import load_format_rules
from vbdaemon.snapshot import default_snapshot

word_file, page_file = cache(files.word_file), cache(pages.page_file)
BAD = decision(ND30).one(Part.NATIONAL_TITLE, lambda words: replace(words, italic=True))


class Answer:
    def __init__(self, value):
        self._value = value

    def result(self):
        return self._value


class Inline:
    """Does at once, and here, what a worker would do."""

    def submit(self, task):
        return Answer(task.run(None))


@contextmanager
def inline(settings, snapshot):
    yield Inline()


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = typer.Typer()

    @made.callback()
    def options(context: typer.Context):
        context.obj = Site(None)

    command.register(made)
    return made


@pytest.fixture
def run(app, monkeypatch):
    monkeypatch.setattr(command, "one_worker", inline)

    def ask(*words, code=0):
        result = CliRunner().invoke(app, ["format", *map(str, words)])
        if isinstance(result.exception, VbdaemonError):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return ask


@pytest.fixture
def file_of(tmp_path):
    def write(name, paper):
        path = tmp_path / name
        path.write_bytes((word_file if name.endswith("docx") else page_file)(paper))
        return path

    return write


@pytest.mark.parametrize("name", ["a.docx", "a.pdf"])
def test_a_document_in_order_exits_with_nought(run, file_of, name):
    assert "0 FAULT" in run(file_of(name, decision(ND30))).stdout


def test_a_fault_is_shown_with_what_is_allowed_and_its_clause(run, file_of):
    shown = run(file_of("a.docx", BAD), code=1).stdout
    assert "1 FAULT" in shown
    assert "chữ nghiêng, quy định: chữ đứng" in shown
    assert "[điểm a khoản 1 Mục II Phần I Phụ lục I" in shown
    assert "CỘNG HÒA XÃ HỘI" in shown


def test_rules_can_be_asked_for_whatever_the_date(run, file_of):
    path = file_of("a.docx", decision(TT01))
    assert "0 FAULT" in run(path).stdout
    assert "Thông tư số 01/2011/TT-BNV" in run(path, "--rules", "tt01").stdout
    assert "Nghị định số 30/2020/NĐ-CP" in run(path, "--rules", "nd30", code=1).stdout


def test_json_names_every_rule_and_every_place(run, file_of):
    answer = json.loads(run(file_of("a.pdf", BAD), "--json", code=1).stdout)
    assert (answer["schema"], answer["kind"], answer["rules"]) == (1, "pdf", "format-nd30-2020")
    assert answer["summary"]["fail"] == 1
    (failed,) = [result for result in answer["results"] if result["outcome"] == "fail"]
    assert failed["rule"] == "F6"
    (fault,) = failed["faults"]
    assert (fault["measure"], fault["page"], len(fault["box"])) == ("italic", 1, 4)
    assert {"rule", "title", "component", "clause", "outcome", "not_shown"} <= set(failed)


def test_the_copy_has_the_comment_and_the_file_stays(run, file_of, tmp_path):
    path = file_of("a.docx", BAD)
    before = path.read_bytes()
    run(path, "--annotate", tmp_path / "out.docx", code=1)
    comments = [comment.text for comment in docx.Document(str(tmp_path / "out.docx")).comments]
    assert len(comments) == 1
    assert comments[0].startswith("Quốc hiệu: chữ nghiêng. Quy định: chữ đứng (điểm a khoản 1 Mục II")
    assert path.read_bytes() == before


def test_the_picture_has_a_box_at_the_fault(run, file_of, tmp_path):
    run(file_of("a.pdf", BAD), "--picture", tmp_path / "out.png", code=1)
    picture = Image.open(io.BytesIO((tmp_path / "out.png").read_bytes())).convert("RGB")
    assert (179, 38, 30) in {colour for _, colour in picture.getcolors(1 << 24)}


def test_a_party_paper_is_left_alone(run, file_of):
    paper = decision(ND30).one(Part.NATIONAL_TITLE, lambda words: replace(words, text="ĐẢNG CỘNG SẢN VIỆT NAM"))
    assert "a Party paper has rules of its own" in run(file_of("a.docx", paper), code=1).stdout


def test_a_normative_document_is_left_alone(run, file_of):
    paper = decision(ND30).one(Part.NUMBER, lambda words: replace(words, text="Số: 05/2026/QĐ-UBND"))
    assert "a normative document" in run(file_of("a.docx", paper), code=1).stdout


def test_rules_of_today_are_told_where_the_file_shows_no_date(run, file_of):
    paper = decision(ND30).one(Part.PLACE_DATE, lambda words: replace(words, text="Mẫu, ngày     tháng     năm"))
    path = file_of("a.docx", paper)
    assert "its date is not seen in the file" in run(path).stdout
    assert "its date is not seen" not in run(path, "--rules", "nd30").stdout
    assert json.loads(run(path, "--json").stdout)["date"] is None


def test_the_rules_that_the_site_forces_are_used(run, file_of, tmp_path, monkeypatch):
    forced = FormatRules(load_format_rules(), "format-tt01-2011")
    monkeypatch.setattr(command, "default_snapshot", lambda: replace(default_snapshot(), format_rules=forced))
    assert "Thông tư số 01/2011/TT-BNV" in run(file_of("a.docx", decision(ND30)), code=1).stdout


def test_the_copy_is_written_though_nobody_reads_the_table(run, file_of, tmp_path, monkeypatch):
    def closed(*_, **__):
        raise BrokenPipeError

    monkeypatch.setattr(command, "_print", closed)
    path = file_of("a.docx", BAD)
    with suppress(AssertionError):  # how the command then ends is no matter here
        run(path, "--annotate", tmp_path / "out.docx")
    assert (tmp_path / "out.docx").exists()


def locked(path):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret")
    writer.write(path)


def cut(path):
    path.write_bytes(word_file(BAD)[:3000])


def with_entities(path):
    with zipfile.ZipFile(io.BytesIO(word_file(BAD))) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "word/document.xml":
                body = body.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', 1)
            target.writestr(name, body)


@pytest.mark.parametrize(
    ("name", "make", "mistake"),
    [
        ("a.pdf", locked, r"a.pdf: cannot be checked: encrypted \(opens with a password only\)"),
        ("a.docx", cut, "a.docx: cannot be checked: damaged"),
        ("a.docx", with_entities, "a.docx: cannot be checked: damaged"),
        ("a.docx", lambda path: path.touch(), "a.docx: is empty"),
        ("a.docx", lambda path: path.mkdir(), "a.docx: is a folder"),
    ],
)
def test_what_cannot_be_read_is_no_document_in_order(run, tmp_path, name, make, mistake):
    make(tmp_path / name)
    with pytest.raises(VbdaemonError, match=mistake) as told:
        run(tmp_path / name)
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        (("none.docx",), "none.docx: no such file"),
        (("a.txt",), "a.txt: its format cannot be checked; give a .docx or a PDF"),
        (("a.docx", "--picture", "out.png"), "places are known in born-digital PDFs only"),
        (("a.docx", "--annotate", "a.docx"), "is the file itself"),
        (("a.docx", "--annotate", "no/such/out.docx"), "cannot be written"),
    ],
)
def test_a_mistake_is_one_clear_line(run, file_of, tmp_path, words, mistake):
    file_of("a.docx", BAD)
    (tmp_path / "a.txt").write_text("chữ", "utf-8")
    with pytest.raises(VbdaemonError, match=mistake) as told:
        run(*words, code=1)
    assert len(str(told.value).splitlines()) == 1
    assert isinstance(told.value, ConfigurationError) or "file" not in mistake


@pytest.mark.slow
def test_the_work_is_done_in_a_worker_of_its_own(app, file_of):
    result = CliRunner().invoke(app, ["format", str(file_of("a.docx", BAD))])
    assert result.exit_code == 1
    assert "1 FAULT" in result.stdout
