"""The examples of plugins/README.md do what the guide says of them."""

import gzip
import json
from dataclasses import replace
from datetime import date

import pytest

from vbdaemon.errors import PluginError
from vbdaemon.model import (
    Channel,
    ContentKind,
    Delivery,
    DeliveryKind,
    Destination,
    DocumentVerdict,
    OutcomeKind,
    OutgoingFile,
    ProblemKind,
    Severity,
    SignatureStatus,
    SignerRole,
    Verdict,
    VerdictKind,
    Waiver,
)
from vbdaemon.testing import (
    NOON,
    found,
    make_classification,
    make_content,
    make_document,
    make_file,
    make_signature,
    make_snapshot,
    make_submission,
    make_unit,
)


@pytest.mark.parametrize(
    ("form", "symbol", "held"), [("cong-van", "PNV-TCCC", 1), ("giay-moi", "GM-UBND", 1), ("cong-van", "UBND-VP", 0)]
)
@pytest.mark.parametrize("name", ["to_a_person", "listed_to_a_person"])
def test_listed_forms_and_symbols_are_found(example, name, form, symbol, held):
    (answer,) = ask(example(name), "check", classification=make_classification(form, symbol=symbol))

    assert [finding.severity for finding in answer] == [Severity.ERROR] * held


def test_an_empty_word_list_stops_the_start_with_the_line_that_says_why(example, plugin_guide):
    body = plugin_guide.plugins()["word_list"].body.splitlines()
    line = next(number for number, text in enumerate(body, 1) if "remedy:" in text)

    example("word_list")
    with pytest.raises(PluginError, match=rf"word_list\.py:{line}"):
        example("word_list", words=[])


def test_gzip_is_taken_apart_and_a_broken_one_stays_closed(example, tmp_path):
    registry = example("unpack_gzip")
    whole = make_file("a.pdf.gz", gzip.compress(b"%PDF-1.7"), folder=tmp_path, media_type="application/gzip")
    broken = make_file("b.pdf.gz", b"\x1f\x8b\x08", folder=tmp_path, media_type="application/gzip")
    snapshot = make_snapshot()

    (parts,) = ask(registry, "unpack", file=whole, snapshot=snapshot)
    assert [(part.name, part.body) for part in parts] == [("a.pdf", b"%PDF-1.7")]
    assert ask(registry, "unpack", file=broken, snapshot=snapshot) == []
    tight = replace(snapshot, limits=replace(snapshot.limits, file_bytes=4))
    assert ask(registry, "unpack", file=whole, snapshot=tight) == []


def test_rtf_is_read_as_lines_and_too_much_of_it_is_a_problem(example, tmp_path):
    registry = example("read_rtf")
    file = make_file("a.rtf", b"{\\rtf1\\ansi\n\\b Kinh gui\\b0\n}", folder=tmp_path, media_type="application/rtf")

    (content,) = ask(registry, "read", file=file)
    assert content.kind is ContentKind.TEXT
    assert [line.text for line in content.pages[0].lines] == ["Kinh gui"]
    (content,) = ask(registry, "read", file=replace(file, size=2_000_000))
    assert content.has(ProblemKind.OVER_LIMIT)


def test_every_pdf_from_the_scanner_is_a_document_of_its_own(example):
    files = (make_file("1.pdf"), make_file("2.pdf", b"2"), make_file("ghi-chu.txt"))
    registry = example("every_pdf_alone")

    (documents,) = ask(registry, "group", submission=make_submission(*files, source="mot-cua"))
    assert [document.main.name for document in documents] == ["1.pdf", "2.pdf"]
    assert ask(registry, "group", submission=make_submission(*files)) == []


def test_the_sites_own_form_is_told_by_its_heading_and_marks_of_secrecy_are_still_seen(example):
    registry = example("phieu_giao_viec")
    file = make_file()

    def classified(*lines):
        document = make_document(file, contents=(make_content(file, *lines),))
        return ask(registry, "classify", document=document, submission=make_submission(file), snapshot=make_snapshot())

    assert classified("ỦY BAN NHÂN DÂN HUYỆN SÔNG LAM", "CÔNG VĂN") == []
    (answer,) = classified("MẬT", "ỦY BAN NHÂN DÂN HUYỆN SÔNG LAM", "PHIẾU GIAO VIỆC", "Kính gửi: Phòng Nội vụ")
    assert answer.form.value == "phieu-giao-viec"
    assert answer.secrecy is not None
    assert "form-unknown" not in [doubt.code for doubt in answer.doubts]


def test_a_signature_in_a_file_of_its_own_is_indeterminate(example):
    document = make_document(annexes=(make_file("a.pdf.p7s", b"p7s"), make_file("b.pdf", b"b")))

    (reports,) = ask(example("detached_signatures"), "verify", document=document)
    assert [(report.file_name, report.status) for report in reports] == [("a.pdf.p7s", SignatureStatus.INDETERMINATE)]


def test_a_deadline_that_had_passed_on_arrival_is_a_warning(example):
    days = (found(date(2026, 3, 1)), found(date(2026, 3, 2)))
    (findings,) = ask(
        example("deadline_passed"),
        "check",
        submission=make_submission(),
        classification=make_classification(deadlines=days),
    )

    assert [(f.severity, "01/03/2026" in f.message) for f in findings] == [(Severity.WARNING, True)]


def test_minutes_of_one_person_are_held_until_a_person_releases_them(example):
    registry = example("two_signatures")
    document = make_document(make_file("bien-ban-hop.pdf"))
    one, two = (make_signature(signer=name, role=SignerRole.PERSON) for name in ("Hà", "Thu"))
    waiver = Waiver("one-person-only", document.main.sha256, "Hà", "đã xem")

    def judged(*signatures, waivers=()):
        submission = replace(make_submission(document.main), waivers=waivers)
        return ask(registry, "judge", submission=submission, document=document, signatures=signatures)

    (verdict,) = judged(one)
    assert verdict.kind is VerdictKind.HOLD
    assert judged(one, two) == []
    assert judged(one, waivers=(waiver,)) == []


def test_reports_go_to_the_unit_as_well(example):
    registry = example("reports_to_inspectorate")
    snapshot = make_snapshot(make_unit("H99.01", folder="ubnd-huyen"))

    (places,) = ask(registry, "route", classification=make_classification("bao-cao"), snapshot=snapshot)
    assert places == (Destination("folder", "ubnd-huyen/nhan", "H99.01"),)
    assert ask(registry, "route", classification=make_classification(), snapshot=snapshot) == [()]


def test_the_notice_ends_with_the_office_hours(example):
    file = make_file()
    verdict = DocumentVerdict(file.name, file.sha256, (file.sha256,), make_classification(), (), (), Verdict.accept())
    submission = make_submission(file, channel=Channel.FOLDER)

    (notice,) = ask(
        example("office_hours"), "compose_notice", submission=submission, verdicts=(verdict,), snapshot=make_snapshot()
    )
    assert notice.text.rstrip().endswith("các ngày làm việc.")
    assert "các ngày làm việc.</p>\n</main>" in notice.html
    assert json.loads(notice.machine)["status"] == "03"


def test_the_archive_copy_is_whole_and_a_repeat_changes_nothing(example, tmp_path):
    archive = tmp_path / "luu-tru"
    archive.mkdir()
    registry = example("archive_copy", folder=str(archive))
    file = make_file(folder=tmp_path)
    files = (OutgoingFile(file.name, file.sha256, path=str(file.path)), OutgoingFile("p.html", "0" * 64, body=b"<p>"))
    (places,) = ask(registry, "route")
    delivery = Delivery("id-1", "id", DeliveryKind.FORWARD, places[0], "0001_15-PNV", NOON)

    for _ in range(2):
        (outcome,) = ask(registry, "deliver", delivery=delivery, files=files)
        assert outcome.kind is OutcomeKind.DELIVERED
        assert {path.name: path.read_bytes() for path in (archive / "0001_15-PNV_id-1").iterdir()} == {
            "01.pdf": file.path.read_bytes(),
            "02.html": b"<p>",
        }
    assert len(list(archive.iterdir())) == 1
    (outcome,) = ask(example("archive_copy", folder=str(tmp_path / "gone")), "deliver", delivery=delivery, files=files)
    assert outcome.kind is OutcomeKind.DEFERRED


def ask(registry, hook, **arguments):
    """Every answer of the one plugin; only what it asks for is given."""
    return [answer.value for answer in registry.all(hook, **arguments)]
