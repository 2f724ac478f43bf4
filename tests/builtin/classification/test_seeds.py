"""The two directives that this program serves, typeset as PDF: one file holds 607 and 648, the other 552."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
import typst

from vbdaemon.builtin.classify import classify
from vbdaemon.builtin.contents import check
from vbdaemon.builtin.group import group
from vbdaemon.model import Classification, Document, FileRole, Limits, NumberState, TransmissionForm
from vbdaemon.reading.reader import read_file
from vbdaemon.testing import make_file, make_snapshot, make_submission, make_unit

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
TEMPLATE = """
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm))
#set text(font: "Libertinus Serif", size: 13pt, lang: "vi", hyphenate: false)
#for part in json(bytes(sys.inputs.parts)) {
  let side = it => { set align(center); for words in it { block(above: 5pt, below: 0pt, words) } }
  if part.kind == "head" {
    grid(columns: (42%, 58%), side(part.left), side(part.right)); v(12pt)
  } else if part.kind == "centred" { block(above: 6pt, below: 4pt, width: 100%, align(center, strong(part.words)))
  } else if part.kind == "break" { pagebreak()
  } else if part.kind == "end" {
    v(10pt)
    let list = { set align(left); for words in part.left { block(above: 4pt, below: 0pt, words) } }
    grid(columns: (46%, 54%), list, side(part.right))
  } else { par(justify: true, first-line-indent: (amount: 1cm, all: true), part.words) }
}
"""

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the directives' texts are not at hand")


@dataclass(frozen=True)
class Judged:
    """A document of a directive and what the classifier said of it."""

    document: Document
    classification: Classification


def digest(name: str) -> str:
    """People are compared, not named."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _lines(name: str) -> list[str]:
    text = next(SEEDS.glob(name)).read_text(encoding="utf-8")
    return [re.sub(r"[*#]+", "", line).strip() for line in text.splitlines()]


def _parts(lines: list[str]) -> list[dict[str, object]]:
    """The text as the parts of a page: heads, centred titles, lists at the end, paragraphs."""
    parts: list[dict[str, object]] = []
    rest = [line for line in lines if line]
    while rest:
        if rest[0] == "ỦY BAN NHÂN DÂN" and any("CỘNG H" in line for line in rest[:8]):
            rest = _head(rest, parts)
        elif rest[0].startswith("Nơi nhận"):
            rest = _end(rest, parts)
        else:
            rest = _running(rest, parts)
    return parts


def _head(rest: list[str], parts: list[dict[str, object]]) -> list[str]:
    stop = next(i for i, line in enumerate(rest) if line.startswith("Kính gửi") or line == "QUYẾT ĐỊNH")
    right = [line for line in rest[:stop] if line.startswith(("CỘNG", "Độc lập")) or ", ngày" in line]
    left = [line for line in rest[:stop] if line not in right]
    parts += [{"kind": "break"}] if parts else []
    parts.append({"kind": "head", "left": left, "right": right})
    return rest[stop:]


def _end(rest: list[str], parts: list[dict[str, object]]) -> list[str]:
    stop = next((i for i, line in enumerate(rest[1:], 1) if line.startswith(("ỦY BAN", "Phụ lục"))), len(rest))
    block = rest[:stop]
    left = [line for line in block if line.startswith(("Nơi", "Bản", "-"))]
    parts.append({"kind": "end", "left": left, "right": [line for line in block if line not in left]})
    return rest[stop:]


def _running(rest: list[str], parts: list[dict[str, object]]) -> list[str]:
    line = rest[0]
    if re.match(r"Phụ lục I+$", line):
        parts.append({"kind": "break"})
    centred = line.isupper() or line.startswith(("Phụ lục", "Danh mục", "(Kèm", "Kính gửi", "Ban hành", "bản giấy và"))
    parts.append({"kind": "centred" if centred else "body", "words": line})
    return rest[1:]


def _judged(name: str, folder: Path) -> list[Judged]:
    sys_inputs = {"parts": json.dumps(_parts(_lines(name)), ensure_ascii=False)}
    pdf = typst.compile(TEMPLATE.encode(), ignore_system_fonts=True, sys_inputs=sys_inputs)
    assert isinstance(pdf, bytes)
    file = make_file("van-ban.pdf", pdf, folder=folder)
    snapshot = make_snapshot(
        make_unit("LN", "Ủy ban nhân dân huyện Lục Nam"), make_unit("BC", "UBND huyện Bình Chánh", groups=("khac",))
    )
    content = read_file(file.path, file.name, file.sha256, file.media_type, Limits(), None)
    documents = group(submission=make_submission(file), contents=(content,), snapshot=snapshot)
    return [Judged(one, classify(document=one, submission=make_submission(), snapshot=snapshot)) for one in documents]


@pytest.fixture(scope="module", name="luc_nam")
def _luc_nam(tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    return _judged("000_*.txt", tmp_path_factory.mktemp("luc-nam"))


@pytest.fixture(scope="module", name="binh_chanh")
def _binh_chanh(tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    return _judged("002_*.txt", tmp_path_factory.mktemp("binh-chanh"))


def test_one_file_holds_two_documents_and_the_appendices_stay_with_the_second(luc_nam: list[Judged]):
    assert [one.classification.designation for one in luc_nam] == ["607/UBND-VP", "648/QĐ-UBND"]
    assert luc_nam[0].document.main.sha256 == luc_nam[1].document.main.sha256
    assert luc_nam[0].document.first_page == 1
    assert luc_nam[1].document.first_page == luc_nam[0].document.last_page + 1
    assert luc_nam[1].document.last_page is None
    assert {one.document.main.role for one in luc_nam} == {FileRole.MAIN}


def test_607_is_a_letter(luc_nam: list[Judged]):
    letter = luc_nam[0].classification
    assert letter.form.value == "cong-van"
    assert letter.issued_on.value == date(2020, 4, 7)
    assert letter.issuer.value == "ỦY BAN NHÂN DÂN HUYỆN LỤC NAM"
    assert letter.issuer_unit == "LN"
    assert letter.subject.value == "tăng cường ký chữ ký số"
    assert [a.value for a in letter.addressees] == ["Các cơ quan, đơn vị thuộc UBND huyện", "UBND các xã, thị trấn"]
    assert [r.value for r in letter.electronic_recipients] == ["Như trên", "CT, các PCT UBND huyện", "LĐVP, CVVP"]
    assert letter.recipients[0].value == "Lưu.VT"
    assert letter.signer.value.title == "CHỦ TỊCH"
    assert digest(letter.signer.value.name) == "a09eccf19393"
    assert letter.transmission_rule == "luc-nam-648-2019/I-9"


def test_648_is_a_decision_and_no_budget_decision(luc_nam: list[Judged]):
    decision = luc_nam[1].classification
    assert decision.form.value == "quyet-dinh"
    assert decision.issued_on.value == date(2019, 4, 26)
    assert decision.subject.value.startswith("Ban hành Danh mục văn bản áp dụng gửi, nhận theo hình thức điện tử,")
    assert decision.subject.value.endswith("bảo đảm an toàn lưu trữ văn bản điện tử")
    assert decision.signer.value.authority == "TM. ỦY BAN NHÂN DÂN"
    assert digest(decision.signer.value.name) == "87f07d5d7ee0"
    assert [r.value for r in decision.electronic_recipients][:2] == ["Như Điều 3", "UBND tỉnh"]
    assert decision.transmission is TransmissionForm.ELECTRONIC_AND_PAPER
    assert decision.transmission_rule == "luc-nam-648-2019/II-2"


def test_552_is_a_letter(binh_chanh: list[Judged]):
    assert len(binh_chanh) == 1
    letter = binh_chanh[0].classification
    assert (letter.form.value, letter.designation, letter.issued_on.value) == ("cong-van", "552/UBND", date(2020, 3, 2))
    assert letter.issuer_unit == "BC"
    assert letter.subject.value == "gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước"
    assert "Kho bạc Nhà nước Huyện" in [a.value for a in letter.addressees]
    assert "Công an Huyện" in [a.value for a in letter.addressees]
    assert letter.recipients[-1].value == "Lưu: VT-TH, PNV(Th)"
    assert digest(letter.signer.value.name) == "46164b8c68bb"


def test_words_about_secret_documents_are_no_mark(luc_nam: list[Judged], binh_chanh: list[Judged]):
    for one in (*luc_nam, *binh_chanh):
        assert one.classification.secrecy is None
        assert one.classification.draft is None
        assert one.classification.number_state is NumberState.READ
        assert one.classification.doubts == ()


def test_without_word_files_only_the_bound_district_gets_a_finding(luc_nam: list[Judged], binh_chanh: list[Judged]):
    snapshot = make_snapshot(
        make_unit("LN", "Ủy ban nhân dân huyện Lục Nam"), make_unit("BC", "UBND huyện Bình Chánh", groups=("khac",))
    )

    def codes(one: Judged) -> list[str]:
        submission = replace(make_submission(one.document.main))
        found = check(
            submission=submission, document=one.document, classification=one.classification, snapshot=snapshot
        )
        return [finding.code for finding in found]

    assert codes(luc_nam[0]) == ["editable-file-missing"]
    assert codes(luc_nam[1]) == ["paper-also-due", "editable-file-missing"]
    assert codes(binh_chanh[0]) == ["outside-scope"]
