"""plugins/site_form.py: one form more, and nothing else is different."""

import unicodedata
from pathlib import Path

import pytest

from vbdaemon.errors import PluginError
from vbdaemon.model import Classification, TransmissionForm
from vbdaemon.registry import load_registry
from vbdaemon.testing import make_content, make_document, make_file, make_snapshot, make_submission

FOLDER = Path(__file__).parents[2] / "plugins"
NAME = "site_form"
BUILTIN = ("vbdaemon.builtin.classify",)
HEAD = ("ỦY BAN NHÂN DÂN HUYỆN SÔNG LAM", "PHÒNG NỘI VỤ", "Số: 07/PGV-PNV", "Sông Lam, ngày 02 tháng 3 năm 2026")


def classified(*lines: str, first_page: int = 1, **table: object) -> tuple[str, Classification]:
    """Who answered, and what."""
    file = make_file()
    document = make_document(file, contents=(make_content(file, *lines),))
    registry = load_registry(FOLDER, (NAME,), {NAME: table}, builtins=BUILTIN)
    answer = registry.first("classify", document=document, submission=make_submission(file), snapshot=make_snapshot())
    assert answer is not None
    return answer.plugin, answer.value


@pytest.mark.parametrize(
    "heading", ["PHIẾU GIAO VIỆC", "Phiếu  giao việc ", unicodedata.normalize("NFD", "Phiếu giao việc")]
)
def test_the_form_is_told_by_the_line_that_is_its_name(heading):
    plugin, answer = classified(*HEAD, heading, "Kính gửi: Ông Trần Văn Nam")

    assert plugin == NAME
    assert (answer.form_name, answer.form.value if answer.form else None) == ("Phiếu giao việc", "phieu-giao-viec")
    assert answer.form is not None
    assert answer.form.evidence is not None
    assert answer.form.evidence.box is not None
    assert answer.transmission is TransmissionForm.UNLISTED
    assert not {"form-unknown", "form-ambiguous"} & {doubt.code for doubt in answer.doubts}


def test_number_symbol_date_and_marks_of_secrecy_are_those_of_the_built_in():
    _, answer = classified("MẬT", *HEAD, "PHIẾU GIAO VIỆC", transmission="electronic")

    assert answer.secrecy is not None
    assert answer.designation == "07/PGV-PNV"
    assert answer.issued_on is not None
    assert answer.transmission is TransmissionForm.ELECTRONIC


@pytest.mark.parametrize(
    "lines", [("CÔNG VĂN",), ("Theo Phiếu giao việc số 7 ngày 02/3/2026, đề nghị báo cáo",), ()], ids=str
)
def test_every_other_document_is_left_to_the_others(lines):
    plugin, answer = classified(*HEAD, *lines)

    assert plugin == "classify"
    assert answer.form_name != "Phiếu giao việc"


def test_another_form_is_told_by_its_settings():
    _, answer = classified(*HEAD, "PHIẾU XỬ LÝ", name="Phiếu xử lý", slug="phieu-xu-ly")
    assert answer.form_name == "Phiếu xử lý"


@pytest.mark.parametrize("table", [{"slug": "Phiếu"}, {"transmission": "by-pigeon"}, {"names": "x"}])
def test_a_mistake_in_its_table_is_named_with_its_key(table):
    with pytest.raises(PluginError, match=rf"plugins\.site_form\.{next(iter(table))}"):
        classified("x", **table)
