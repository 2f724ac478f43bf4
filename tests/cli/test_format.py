"""`vbdaemon format`: the table, JSON, the annotated copy, the picture, mistakes."""

import io
import json
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import docx
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
from vbdaemon.model.format import Part

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
