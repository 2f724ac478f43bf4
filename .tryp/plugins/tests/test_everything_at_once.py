# ruff: noqa: D103 - a test's name is its sentence
"""everything_at_once.py, loaded as the daemon loads it.

`vbdaemon plugin test everything_at_once` runs these tests as well; so does `python -m pytest`.
"""

import gzip
import logging
import tempfile
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from vbdaemon.errors import PluginError
from vbdaemon.model import (
    Delivery,
    DeliveryKind,
    Destination,
    Document,
    DocumentVerdict,
    Event,
    OutcomeKind,
    OutgoingFile,
    ProblemKind,
    SignatureStatus,
    Verdict,
    VerdictKind,
    Waiver,
)
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import (
    NOON,
    make_classification,
    make_content,
    make_document,
    make_file,
    make_snapshot,
    make_submission,
    make_unit,
)

FOLDER = Path(__file__).parents[1]
NAME = "everything_at_once"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def test_the_daemon_starts_only_when_every_required_folder_is_there() -> None:
    assert load(required=[str(FOLDER)]).order("startup") == (NAME,)
    refusal = ""
    try:
        load(required=[str(FOLDER / "missing")])
    except PluginError as error:
        refusal = str(error)
    assert NAME in refusal


def test_the_file_inside_a_container_comes_out() -> None:
    with tempfile.TemporaryDirectory() as folder:
        body = gzip.compress(b"%PDF-1.7")
        packed = make_file("a.pdf.gz", body, folder=Path(folder), media_type="application/gzip")
        answer = ask("unpack", file=packed, submission=make_submission(packed), snapshot=make_snapshot())

    assert [(part.name, part.body) for part in answer] == [("a.pdf", b"%PDF-1.7")]


def test_any_other_file_is_left_to_others() -> None:
    assert ask("unpack", file=make_file(), submission=make_submission(), snapshot=make_snapshot()) is None


def test_its_lines_are_read_and_a_file_over_the_limit_is_a_problem() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = make_file("so.log", b"one\n\ntwo\n", folder=Path(folder))
        content = ask("read", file=file, snapshot=make_snapshot())
        refused = ask("read", {"limit_bytes": 4}, file=file, snapshot=make_snapshot())

    assert [line.text for line in content.pages[0].lines] == ["one", "two"]
    assert refused.has(ProblemKind.OVER_LIMIT)


def test_other_kinds_are_left_to_others() -> None:
    assert ask("read", file=make_file(), snapshot=make_snapshot()) is None


def test_every_pdf_of_a_named_source_is_a_document() -> None:
    submission = make_submission(make_file("1.pdf"), make_file("2.pdf", b"2"), source="scanner")
    answer = ask("group", {"sources": ["scanner"]}, submission=submission, contents=(), snapshot=make_snapshot())

    assert [document.main.name for document in answer] == ["1.pdf", "2.pdf"]


def test_other_sources_are_left_to_others() -> None:
    assert ask("group", submission=make_submission(), contents=(), snapshot=make_snapshot()) is None


def written(*lines: str) -> Document:
    """A document with these lines on its first page."""
    file = make_file()
    return make_document(file, contents=(make_content(file, *lines),))


def test_the_form_of_the_site_is_told_by_its_name() -> None:
    given: dict[str, Any] = {"submission": make_submission(), "snapshot": make_snapshot()}
    document = written("ỦY BAN NHÂN DÂN HUYỆN SÔNG LAM", "PHIẾU TRÌNH", "Kính gửi: Phòng Nội vụ")
    answer = ask("classify", {"form_name": "Phiếu trình"}, document=document, **given)

    assert answer.form_name == "Phiếu trình"
    assert ask("classify", {"form_name": "Phiếu trình"}, document=written("CÔNG VĂN"), **given) is None


def test_a_signature_that_nobody_can_verify_is_indeterminate() -> None:
    document = make_document(annexes=(make_file("a.pdf.sig", b"sig"), make_file("b.pdf", b"b")))
    given: dict[str, Any] = {"document": document, "classification": make_classification(), "snapshot": make_snapshot()}
    reports = ask("verify", {"signature_suffixes": [".sig"]}, **given)

    assert [(each.file_name, each.status) for each in reports] == [("a.pdf.sig", SignatureStatus.INDETERMINATE)]
    assert ask("verify", **given) == ()


def codes(subject: str) -> list[str]:
    """Codes of what is found in a document with this subject."""
    answer = ask(
        "check",
        {"words": ["điều động"]},
        submission=make_submission(),
        document=make_document(),
        classification=make_classification(subject=subject),
        signatures=(),
        snapshot=make_snapshot(),
    )
    return [finding.code for finding in answer]


def test_a_subject_with_a_listed_word_is_found() -> None:
    assert codes("Điều động cán bộ") == ["everything-at-once"]


def test_other_subjects_are_not() -> None:
    assert codes("rà soát đội ngũ cán bộ") == []


def test_a_listed_form_is_held_until_a_person_releases_it() -> None:
    document, submission = make_document(), make_submission()
    waiver = Waiver("everything-at-once", document.main.sha256, "Trần Thị Hoài Thu", "đã xem")
    table = {"held_forms": ["cong-van"]}
    given: dict[str, Any] = {
        "document": document,
        "classification": make_classification(),
        "signatures": (),
        "findings": (),
        "snapshot": make_snapshot(),
    }

    assert ask("judge", table, submission=submission, **given).kind is VerdictKind.HOLD
    assert ask("judge", table, submission=replace(submission, waivers=(waiver,)), **given) is None
    assert ask("judge", submission=submission, **given) is None


def test_a_listed_form_goes_to_the_unit_as_well() -> None:
    given: dict[str, Any] = {
        "submission": make_submission(),
        "document": make_document(),
        "classification": make_classification("bao-cao"),
        "verdict": Verdict.accept(),
        "snapshot": make_snapshot(make_unit("H99.01", folder="ubnd-huyen")),
    }

    places = ask("route", {"forms": ["bao-cao"], "unit": "H99.01"}, **given)
    assert places == (Destination("folder", "ubnd-huyen/nhan", "H99.01"),)
    assert ask("route", **given) == ()


def test_the_line_stands_below_the_notice() -> None:
    file = make_file()
    verdict = DocumentVerdict(file.name, file.sha256, (file.sha256,), make_classification(), (), (), Verdict.accept())
    given: dict[str, Any] = {"submission": make_submission(file), "verdicts": (verdict,), "snapshot": make_snapshot()}
    notice = ask("compose_notice", {"line": "Trực ban: 7 giờ 30 đến 17 giờ."}, **given)

    assert notice.text.rstrip().endswith("Trực ban: 7 giờ 30 đến 17 giờ.")
    assert "<p>Trực ban: 7 giờ 30 đến 17 giờ.</p>" in notice.html
    assert ask("compose_notice", **given) is None


def test_a_delivery_is_whole_and_the_second_time_harmless() -> None:
    place = Destination("everything-at-once", "x")
    delivery = Delivery("id-1", "id", DeliveryKind.FORWARD, place, "0001_15-PNV", NOON)
    given: dict[str, Any] = {"delivery": delivery, "files": (OutgoingFile("a.pdf", "0" * 64, body=b"%PDF"),)}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            outcome = ask("deliver", {"target": folder}, **given, snapshot=make_snapshot())
            assert outcome.kind is OutcomeKind.DELIVERED
        lying = [path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file()]

    assert lying == ["0001_15-PNV_id-1/01.pdf"]


def test_events_of_the_listed_kinds_are_told() -> None:
    told = StringIO()
    handler = logging.StreamHandler(told)
    logging.getLogger("everything_at_once").addHandler(handler)
    for kind in ("processing-failed", "decided"):
        assert list(load().each("track_event", event=Event(1, NOON, kind, "id", "words"))) == [None]
    logging.getLogger("everything_at_once").removeHandler(handler)

    assert told.getvalue() == "processing-failed id words\n"
