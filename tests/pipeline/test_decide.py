"""A whole decision in one process: stages in order, each hook's answer where it belongs, secrecy before all."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from vbdaemon.errors import PluginFailed, SpoolDamaged, VbdaemonError
from vbdaemon.model import Channel, Limits, Purpose, Secrecy, Submission, VerdictKind, Waiver
from vbdaemon.pipeline.decide import DecideTask, as_decided, decide, load, whole_of
from vbdaemon.pipeline.worker import Broken, Done, Workplace, _run
from vbdaemon.registry import load_registry
from vbdaemon.rendering.mail_header import reference_fields
from vbdaemon.state.decisions import codec
from vbdaemon.state.records import Decision
from vbdaemon.testing import make_file, make_snapshot, make_submission, make_unit

HEAD = "from vbdaemon.hookspecs import hookimpl\nfrom vbdaemon.model import *\n"
BASE = """
from dataclasses import replace
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import *

@hookimpl
def read(file):
    return Content(file.sha256, ContentKind.PDF)

@hookimpl
def group(submission, contents):
    return tuple(Document(f, contents=contents) for f in submission.files)

@hookimpl
def classify(document):
    words = document.main.path.read_text()
    seen = Evidence(words)
    secrecy = Found(Secrecy.MAT, 1.0, TextSource.OCR, seen) if "MAT" in words else None
    return Classification(subject=Found(words, 1.0, TextSource.TEXT, seen), secrecy=secrecy)

@hookimpl
def judge(document):
    return Verdict.accept()

@hookimpl
def route(document):
    return (Destination("folder", "phong-y-te/nhan", "H2"),)
"""


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., Workplace]:
    """A workplace with these plugins, given as source, before the plain one above, from which a hook may be taken."""

    def place(snapshot=None, without: str = "no hook", **sources: str) -> Workplace:
        base = BASE.replace(f"@hookimpl\ndef {without}", f"def {without}")
        for name, source in {**{n: HEAD + s for n, s in sources.items()}, "base": base}.items():
            (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        registry = load_registry(tmp_path, (*sources, "base"), {}, builtins=())
        (tmp_path / "scratch").mkdir(exist_ok=True)
        return Workplace(registry, snapshot or make_snapshot(), tmp_path / "spool", tmp_path / "scratch")

    yield place
    for name in [name for name in sys.modules if name.startswith("vbdaemon_site_plugin")]:
        del sys.modules[name]


def handed_in(tmp_path: Path, **envelope: object) -> Callable[..., Submission]:
    def hand_in(*bodies: bytes) -> Submission:
        files = (make_file(f"van-ban-{n}.pdf", body, folder=tmp_path) for n, body in enumerate(bodies))
        return make_submission(*files, **envelope)

    return hand_in


def test_the_decision_holds_what_every_stage_answered(place, tmp_path):
    submission = handed_in(tmp_path)(b"mot", b"hai")
    decision = decide(submission, place())
    assert [d.main for d in decision.documents] == ["van-ban-0.pdf", "van-ban-1.pdf"]
    assert [d.classification.subject.value for d in decision.documents] == ["mot", "hai"]
    assert [d.verdict.kind for d in decision.documents] == [VerdictKind.ACCEPT] * 2
    assert [d.destinations[0].unit for d in decision.documents] == ["H2", "H2"]
    assert [(f.name, f.sha256) for f in decision.files] == [(f.name, f.sha256) for f in submission.files]
    assert decision.snapshot == "test"
    assert "classify:base:0" in decision.plugins
    assert codec.validate_json(codec.dump_json(decision)) == decision


def test_a_decision_is_the_same_when_it_is_made_again(place, tmp_path):
    submission, here = handed_in(tmp_path)(b"mot"), place()
    first, second = decide(submission, here), decide(submission, here)
    assert replace(first, seconds=0.0) == replace(second, seconds=0.0)


def test_one_marked_document_locks_all_away_and_no_word_is_kept(place, tmp_path):
    decision = decide(handed_in(tmp_path)(b"PHUONG AN", b"MAT: KE HOACH", b"ba"), place())
    assert {d.verdict.kind for d in decision.documents} == {VerdictKind.QUARANTINE}
    assert [d.secrecy for d in decision.documents] == [None, Secrecy.MAT, None]
    kept = codec.dump_json(decision).decode()
    for words in ("PHUONG AN", "KE HOACH", "van-ban"):
        assert words not in kept
    assert [f.name for f in decision.files] == [f.sha256 for f in decision.files]


def test_after_a_mark_no_check_looks_at_the_documents(place, tmp_path):
    touched = tmp_path / "touched"
    nosy = f"@hookimpl\ndef check(document):\n    __import__('pathlib').Path({str(touched)!r}).touch()\n"
    decide(handed_in(tmp_path)(b"mot", b"MAT"), place(nosy=nosy))
    assert not touched.exists()


def test_a_plugins_quarantine_locks_all_away_and_none_of_its_words_are_kept(place, tmp_path):
    strict = (
        "@hookimpl\ndef judge(document):\n"
        "    if document.main.path.read_text() == 'mot':\n"
        "        return Verdict.quarantine(Reason('virus', 'Có mã độc trong PHUONG AN', 'Malware in PHUONG AN',\n"
        "            'điều PHUONG AN', 'Gọi: PHUONG AN', 'Call: PHUONG AN'), Reason('PHUONG AN', ''))\n"
    )
    decision = decide(handed_in(tmp_path)(b"mot", b"hai"), place(strict=strict))
    assert {d.verdict.kind for d in decision.documents} == {VerdictKind.QUARANTINE}
    assert [r.code for r in decision.documents[1].verdict.reasons] == ["virus", "locked-by-plugin"]
    assert decision.documents[0].verdict.reasons[0].english == "A plugin locked it away."
    kept = codec.dump_json(decision).decode()
    for words in ("PHUONG AN", "van-ban", '"mot"', '"hai"'):
        assert words not in kept


def test_a_locked_document_keeps_its_place_in_the_file(place, tmp_path):
    two = (
        "@hookimpl\ndef group(submission, contents):\n"
        "    f = submission.files[0]\n"
        "    return (Document(f, first_page=1, last_page=2), Document(f, first_page=3))\n"
    )
    decision = decide(handed_in(tmp_path)(b"MAT"), place(two=two))
    assert [d.first_page for d in decision.documents] == [1, 3]


def test_the_strictest_judge_wins_and_only_what_is_accepted_is_routed(place, tmp_path):
    strict = "@hookimpl\ndef judge(document):\n    return Verdict.reject(Reason('own', 'own'))\n"
    (document,) = decide(handed_in(tmp_path)(b"mot"), place(strict=strict)).documents
    assert document.verdict.kind is VerdictKind.REJECT
    assert document.destinations == ()


def test_a_release_counts_against_a_plugin_that_holds_and_never_against_one_that_refuses(place, tmp_path):
    strict = "@hookimpl\ndef judge():\n    return Verdict.{}(Reason('own', ''), Reason('other', ''))\n"
    submission = handed_in(tmp_path)(b"mot")
    waivers = tuple(Waiver(code, submission.files[0].sha256, "an", "") for code in ("own", "other"))
    for verdict, given, expected in (
        ("hold", waivers, VerdictKind.ACCEPT),
        ("hold", waivers[:1], VerdictKind.HOLD),
        ("reject", waivers, VerdictKind.REJECT),
        ("quarantine", waivers, VerdictKind.QUARANTINE),
    ):
        here = place(strict=strict.format(verdict))
        assert decide(replace(submission, waivers=given), here).documents[0].verdict.kind is expected


def test_every_check_runs_even_when_an_earlier_one_refuses(place, tmp_path):
    say = "@hookimpl\ndef check(document):\n    return (Finding('{}', Severity.ERROR, ''),)\n"
    (document,) = decide(handed_in(tmp_path)(b"mot"), place(a=say.format("a"), b=say.format("b"))).documents
    assert [f.code for f in document.findings] == ["a", "b"]


def test_destinations_are_joined_without_doubles(place, tmp_path):
    more = (
        "@hookimpl\ndef route():\n"
        "    return (Destination('smtp', 'a@example.vn'), Destination('folder', 'phong-y-te/nhan', 'H2'))\n"
    )
    (document,) = decide(handed_in(tmp_path)(b"mot"), place(more=more)).documents
    assert [d.address for d in document.destinations] == ["a@example.vn", "phong-y-te/nhan"]


def test_accepted_with_nobody_to_go_to_is_held_until_a_person_waives_it(tmp_path, place):
    submission, here = handed_in(tmp_path)(b"mot"), place(without="route")
    (document,) = decide(submission, here).documents
    assert document.verdict.kind is VerdictKind.HOLD
    assert [r.code for r in document.verdict.reasons] == ["no-route"]
    waived = replace(submission, waivers=(Waiver("no-route", document.main_sha256, "an", "chỉ lưu"),))
    assert decide(waived, here).documents[0].verdict.kind is VerdictKind.ACCEPT
    free = replace(submission, envelope=replace(submission.envelope, recipient_checks=False))
    assert decide(free, here).documents[0].verdict.kind is VerdictKind.ACCEPT


def test_containers_are_unpacked_to_the_depth_that_the_limits_allow(place, tmp_path):
    shell = (
        "@hookimpl\ndef unpack(file):\n    body = file.path.read_bytes()\n"
        "    return (Part('in.pdf', body[1:]),) if body.startswith(b'(') else None\n"
    )
    snapshot = make_snapshot(limits=Limits(archive_depth=2))
    (document,) = decide(handed_in(tmp_path)(b"((mot"), place(snapshot, shell=shell)).documents
    assert (document.main, document.classification.subject.value) == ("in.pdf", "mot")
    (document,) = decide(handed_in(tmp_path)(b"((((mot"), place(snapshot, shell=shell)).documents
    assert document.classification.subject.value == "((mot"


def test_the_same_bytes_are_read_once(place, tmp_path):
    count = tmp_path / "count"
    counting = (
        "@hookimpl\ndef read(file):\n"
        f"    with open({str(count)!r}, 'a') as f: f.write('x')\n"
        "    return Content(file.sha256, ContentKind.PDF)\n"
    )
    decide(handed_in(tmp_path)(b"mot", b"mot", b"hai"), place(counting=counting))
    assert count.read_text() == "xx"


def test_pages_and_language_of_a_document_come_with_its_verdict(place, tmp_path):
    reading = (
        "@hookimpl\ndef read(file):\n"
        "    lines = (Line('đề nghị các đơn vị thực hiện ' * 10),)\n"
        "    return Content(file.sha256, ContentKind.PDF, (Page(1, 595, 842, lines),), 3)\n"
    )
    (document,) = decide(handed_in(tmp_path)(b"mot"), place(reading=reading)).documents
    assert (document.pages, document.language) == (3, "Tiếng Việt")


def test_a_file_that_a_plugin_left_out_comes_along_with_the_first_document(place, tmp_path):
    lazy = "@hookimpl\ndef group(submission):\n    return (Document(submission.files[1]),)\n"
    submission = handed_in(tmp_path)(b"mot", b"hai", b"ba")
    (document,) = decide(submission, place(lazy=lazy)).documents
    assert [s[:8] for s in document.files] == [submission.files[n].sha256[:8] for n in (1, 0, 2)]


@pytest.mark.parametrize(
    ("plugin", "words"),
    [
        ("@hookimpl\ndef group(submission):\n    return ()\n", "no plugin grouped"),
        ("@hookimpl\ndef read(file):\n    return Content('b' * 64, ContentKind.PDF)\n", "content of another file"),
        ("@hookimpl\ndef classify(document):\n    raise ValueError\n", "'odd' failed in hook 'classify'"),
    ],
)
def test_an_answer_that_makes_no_sense_fails_the_attempt(place, tmp_path, plugin, words):
    with pytest.raises(VbdaemonError, match=words):
        decide(handed_in(tmp_path)(b"mot"), place(odd=plugin))


def test_of_a_marked_mail_not_even_its_message_id_is_kept(place, tmp_path):
    mail = make_file(
        "thu.eml", b"From: a@noivu.example\r\nMessage-ID: <ke-hoach@noivu.example>\r\n\r\nMAT", folder=tmp_path,
        media_type="message/rfc822",
    )  # fmt: skip
    decision = decide(make_submission(mail), place())

    assert {d.verdict.kind for d in decision.documents} == {VerdictKind.QUARANTINE}
    assert "ke-hoach" not in codec.dump_json(decision).decode()


def piece_mail(number):
    return (
        f"From: a@noivu.example\r\nMessage-ID: <{number}@noivu.example>\r\nSubject: Gửi CV (phần {number}/2)\r\n"
        f'Content-Type: application/x-odd; name="{number}.dat"\r\n\r\nso {number}'
    ).encode()


def pieces_of_one(tmp_path, place, **limits):
    """Two mails that are the pieces of one handing in, and the decision about the second with the first."""
    one, two = (
        make_submission(
            make_file(
                f"thu{number}.eml",
                piece_mail(number),
                folder=tmp_path,
                media_type="message/rfc822",
            ),
            id=f"260302-0000000{number}",
        )
        for number in (1, 2)
    )
    return one, decide(two, place(make_snapshot(limits=Limits(**limits))), (one,))


def test_pieces_are_decided_as_the_whole_that_they_make(place, tmp_path):
    one, decision = pieces_of_one(tmp_path, place)

    assert (decision.joined, decision.message_id) == ((one.id,), "<2@noivu.example>")
    assert {d.main for d in decision.documents} >= {"1.dat", "2.dat"}


def test_the_files_of_a_whole_are_found_again_to_be_forwarded(place, tmp_path, office):
    one, two = (office.admit(piece_mail(number), names=("thu.eml",)) for number in (1, 2))
    here = place()
    last = load(office.spool, two, ())
    decision = DecideTask(two, beside=(one,)).run(here)
    again = whole_of(last, decision, here)

    wanted = {sha256 for document in decision.documents for sha256 in document.files}
    assert wanted == {file.sha256 for file in again.files if file.path.is_file()}
    assert whole_of(last, replace(decision, joined=()), here) == last


def test_pieces_that_cannot_be_joined_are_not_filed_with_a_whole_that_there_is_not(place, tmp_path):
    _, decision = pieces_of_one(tmp_path, place, archive_files=1)

    assert decision.joined == ()
    assert [d.main for d in decision.documents] == ["thu2.eml"]


def test_what_a_decision_found_to_be_a_check_only_is_answered_as_one(tmp_path):
    submission = handed_in(tmp_path)(b"mot")
    decided = as_decided(submission, Decision((), unit="H1", purpose=Purpose.PREFLIGHT))

    assert decided.envelope.purpose is Purpose.PREFLIGHT


def test_a_piece_that_waits_is_answered_with_reference_to_its_mail(place, tmp_path):
    one, _ = pieces_of_one(tmp_path, place)
    decision = decide(replace(one, envelope=replace(one.envelope, purpose=Purpose.PREFLIGHT)), place())

    assert (decision.message_id, decision.purpose) == ("<1@noivu.example>", Purpose.PREFLIGHT)
    assert reference_fields(decision.message_id)


def test_an_unread_kind_is_kept_unread(place, tmp_path):
    (document,) = decide(handed_in(tmp_path)(b"mot"), place(without="read")).documents
    assert document.verdict.kind is VerdictKind.ACCEPT


def test_the_sender_is_told_by_the_way_it_came_or_not_at_all(place, tmp_path):
    known = make_snapshot(make_unit("H1", folder="phong-noi-vu"), make_unit("H2"))
    for unit, expected in (("H1", "phong-noi-vu/ket-qua"), ("H2", None), ("H9", None), (None, None)):
        reply = decide(handed_in(tmp_path, unit=unit)(b"mot"), place(known)).reply
        assert (reply.address if reply else None) == expected


def test_a_task_reads_its_submission_from_the_spool_and_refuses_damaged_bytes(place, tmp_path, office):
    name = office.admit(b"mot", names=("cv.pdf",))
    here = replace(place(), spool=office.spool.root)
    decision = DecideTask(name).run(here)
    assert decision.documents[0].main == "cv.pdf"
    (office.spool.folder_of(name) / "001").write_bytes(b"hai")
    with pytest.raises(SpoolDamaged, match=name):
        DecideTask(name).run(here)


class Task:
    def __init__(self, error: Exception | None) -> None:
        self.error = error

    def run(self, here: Workplace) -> str:
        assert here.scratch.is_dir()
        if self.error:
            raise self.error
        return "done"


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (None, Done("done")),
        (PluginFailed("p", "read", "ValueError"), Broken("plugin 'p' failed in hook 'read': ValueError", "p", "read")),
        (SpoolDamaged("gone"), Broken("gone")),
    ],
    ids=["fine", "plugin", "ours"],
)
def test_a_worker_answers_with_a_value_whatever_happens(place, error, answer):
    assert _run(Task(error), place()) == answer


def test_a_mistake_of_ours_is_told_by_type_and_place_and_never_by_its_words(place):
    answer = _run(Task(RuntimeError("PHUONG AN")), place())
    assert answer.words.startswith("RuntimeError at test_decide.py:")
    assert "PHUONG" not in answer.words


def test_a_unit_that_asks_for_its_document_back_is_known_by_its_network_as_for_any_status(place, tmp_path):
    asked = {"kind": "recall", "delivery": "d-17", "sha256": "a" * 64, "number": "15", "symbol": "UBND"}
    status = {"schema": 1, "submission": "x", "status": "13", "withdrawal": asked}
    raw = b"From: <vanthu@xa.example>\r\nContent-Type: application/json\r\n\r\n" + json.dumps(status).encode()
    mail = make_file("thu.eml", raw, folder=tmp_path, media_type="message/rfc822")
    unit = make_unit("H1", addresses=("vanthu@xa.example",), networks=("10.1.2.0/24",))
    sent = {"channel": Channel.SMTP, "mail_from": ""}
    inside = decide(make_submission(mail, peer="10.1.2.3", **sent), place(make_snapshot(unit)))
    assert (inside.recall.sha256, inside.unit, inside.reply) == ("a" * 64, "H1", None)
    assert [reason.code for reason in inside.documents[0].verdict.reasons] == ["recall-requested"]
    assert decide(make_submission(mail, peer="203.0.113.9", **sent), place(make_snapshot(unit))).unit is None
