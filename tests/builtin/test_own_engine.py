"""An admin's own engine answers `read`, and a site's own form is classified, through files in plugins/."""

import sys

import pytest

from vbdaemon.model import FileRole, TextSource, TransmissionForm
from vbdaemon.pipeline.stages.reading import read
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.registry import load_registry
from vbdaemon.testing import make_file, make_snapshot, make_submission

ENGINE = """
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Box, Content, ContentKind, File, Line, Page, TextSource

WORDS = ("ỦY BAN NHÂN DÂN HUYỆN SÔNG LAM", "Số: 12/QĐ-UBND", "QUYẾT ĐỊNH", "Về việc rà soát cán bộ")


@hookimpl
def read(file: File) -> Content | None:
    if file.media_type != "image/png":
        return None
    head = Line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Box(300, 60, 540, 72), source=TextSource.OCR, confidence=0.97)
    places = (Box(60, 60, 260, 72), Box(110, 90, 210, 102), Box(270, 130, 370, 144), Box(240, 148, 400, 160))
    rows = [Line(w, box, source=TextSource.OCR, confidence=0.97) for w, box in zip(WORDS, places, strict=True)]
    page = Page(1, 595, 842, (head, *rows), image_only=True, ocr=True)
    return Content(file.sha256, ContentKind.OTHER, (page,), 1)
"""
FORM = """
from dataclasses import replace

from vbdaemon.builtin import classify as built_in
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Evidence, Found, TextSource


@hookimpl
def classify(document, submission, snapshot):
    line = next((x for x in document.content.pages[0].lines if x.text == "PHIẾU GIAO VIỆC"), None)
    if line is None:
        return None
    answer = built_in.classify(document=document, submission=submission, snapshot=snapshot)
    seen = Evidence(line.text, document.main.sha256, 1, line.box, "phieu-giao-viec")
    return replace(answer, form=Found("phieu-giao-viec", 0.99, TextSource.TEXT, seen), form_name="Phiếu giao việc")
"""


@pytest.fixture
def site(tmp_path):
    """The registry of a site with these plugins before the built-in ones."""

    def load(**sources: str):
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(source, "utf-8")
        return load_registry(tmp_path, tuple(sources), {})

    yield load
    for name in [name for name in sys.modules if name.startswith("vbdaemon_site_plugin")]:
        del sys.modules[name]


def answered(registry, *files, snapshot=None):
    """What the hooks answer for a submission: its contents, and the classification of its first document."""
    submission, snapshot = make_submission(*files), snapshot or make_snapshot()
    tally = Tally(registry)
    contents = read(submission, tally, snapshot)
    (document, *_) = tally.first("group", submission=submission, contents=contents, snapshot=snapshot)
    return tally, document, tally.first("classify", document=document, submission=submission, snapshot=snapshot)


def test_an_own_engine_reads_pictures_and_everything_after_it_uses_its_lines(site, tmp_path):
    file = make_file("van-ban.png", b"\x89PNG picture", folder=tmp_path, media_type="image/png")
    tally, document, answer = answered(site(own_engine=ENGINE), file)
    assert any(name.startswith("read:own_engine:") for name in tally.answered)
    assert (document.main.name, document.main.role) == ("van-ban.png", FileRole.MAIN)
    assert (answer.form.value, answer.symbol.value, answer.subject.value) == (
        "quyet-dinh",
        "QĐ-UBND",
        "Về việc rà soát cán bộ",
    )
    assert answer.form.source is TextSource.OCR


def test_what_the_own_engine_leaves_the_built_in_reads(site, tmp_path):
    file = make_file("thu.txt", "Kính gửi anh".encode(), folder=tmp_path, media_type="text/plain")
    tally, _, _ = answered(site(own_engine=ENGINE), file)
    assert any(name.startswith("read:read:") for name in tally.answered)


def test_a_sites_own_form_is_its_form_and_stands_in_no_list(site, tmp_path):
    words = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 5/PGV-VP\nPHIẾU GIAO VIỆC\nMẬT\n"
    file = make_file("phieu.txt", words.encode(), folder=tmp_path, media_type="text/plain")
    tally, _, answer = answered(site(phieu_giao_viec=FORM), file)
    assert any(name.startswith("classify:phieu_giao_viec:") for name in tally.answered)
    assert (answer.form.value, answer.form_name) == ("phieu-giao-viec", "Phiếu giao việc")
    assert answer.transmission is not TransmissionForm.PAPER
    assert answer.secrecy is not None
