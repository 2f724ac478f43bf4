"""Places of a refusal are drawn when it is judged, in a process that may break, and kept beside the submission."""

import os
import signal
import time
from dataclasses import replace

import pytest

from vbdaemon.model import Box, DocumentVerdict, Evidence, Finding, Reason, Severity, Verdict
from vbdaemon.pipeline.stages import picturing
from vbdaemon.pipeline.stages.picturing import MOST, name_of, with_pictures
from vbdaemon.spool.places import is_place, read_place
from vbdaemon.state import decisions
from vbdaemon.state.records import Decision
from vbdaemon.testing import make_classification, make_file, make_submission

BOX = Box(10, 10, 90, 40)
PNG = b"\x89PNG\r\n\x1a\n picture"


def finding(file, number=1, page=1, box=BOX, code="signature-broken") -> Finding:
    place = Evidence("thấy", file.sha256, page, box)
    return Finding(code, Severity.ERROR, f"Chữ ký {number} không toàn vẹn.", evidence=place)


def document(file, *findings, verdict=None, **changes) -> DocumentVerdict:
    given = (verdict or Verdict.reject)(*(Reason.of(f) for f in findings))
    plain = DocumentVerdict(file.name, file.sha256, (file.sha256,), make_classification(), (), findings, given)
    return replace(plain, **changes)


@pytest.fixture
def file(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "scratch").mkdir()
    return make_file(folder=tmp_path)


@pytest.fixture
def pictured(file, tmp_path):
    """Draws, and answers with the decision and what lies in the submission's folder."""

    def run(*documents, draw=lambda path, page, box: PNG, files=(file,)):
        decision = with_pictures(
            Decision(documents), make_submission(*files), tmp_path / "kept", tmp_path / "scratch", draw
        )
        return decision, {path.name: path.read_bytes() for path in (tmp_path / "kept").iterdir()}

    return run


def test_a_place_is_drawn_and_lies_beside_the_submission(pictured, file):
    decision, lying = pictured(document(file, finding(file)))
    (place,) = decision.documents[0].pictures
    assert (place.file, place.page, place.box, place.png) == (file.sha256, 1, BOX, b"")
    assert lying == {name_of(place): PNG}
    assert is_place(name_of(place))


def test_what_is_held_is_drawn_too_since_a_person_may_refuse_it(pictured, file):
    assert pictured(document(file, finding(file), verdict=Verdict.hold))[0].documents[0].pictures


def test_nothing_is_drawn_of_what_is_locked_away_restricted_accepted_or_on_no_page(pictured, file):
    wrong = finding(file)
    restricted = replace(make_classification(), restricted=True)
    for documents in (
        (document(file, wrong), document(file, wrong, verdict=Verdict.quarantine)),
        (document(file, wrong, classification=restricted),),
        (document(file, wrong, verdict=lambda *_: Verdict.accept()),),
        (document(file, finding(file, page=None)),),
    ):
        decision, lying = pictured(*documents)
        assert decision == Decision(documents)
        assert lying == {}


def test_each_document_has_its_own_places_at_most_six_in_all_and_none_twice(pictured, file):
    many = document(file, *(finding(file, n, page=n) for n in range(1, 12)))
    decision, lying = pictured(many, document(file, finding(file, 1), finding(file, 2)))
    assert len(lying) == len(decision.documents[0].pictures) == MOST
    assert [place.page for place in decision.documents[1].pictures] == [1]


def test_a_second_run_draws_nothing_again(pictured, file):
    first = pictured(document(file, finding(file)))
    assert pictured(document(file, finding(file)), draw=lambda *_: b"another") == first


def test_a_file_out_of_a_mail_is_found_in_the_scratch_folder(pictured, file, tmp_path):
    inner = make_file("trong-thu.pdf", b"%PDF-1.7 inner", folder=tmp_path)
    with_pictures(
        Decision((document(inner, finding(inner)),)),
        make_submission(file),
        tmp_path / "kept",
        tmp_path / "scratch",
        lambda path, page, box: (tmp_path / "asked").write_text(str(path)) and None,
    )
    assert (tmp_path / "asked").read_text() == str(tmp_path / "scratch" / inner.sha256)


@pytest.mark.parametrize(
    "broken",
    [
        lambda *_: os.kill(os.getpid(), signal.SIGKILL),
        lambda *_: None,
        lambda *_: 1 / 0,
        lambda *_: time.sleep(60),
    ],
    ids=["a crash", "nothing", "an exception", "a hang"],
)
def test_a_page_that_breaks_the_parser_costs_its_picture_never_the_decision(pictured, file, broken, monkeypatch):
    monkeypatch.setattr(picturing, "SECONDS", 0.1)

    def draw(path, page, box):
        return PNG if page == 1 else broken()

    first, second = finding(file), finding(file, 2, page=2)
    decision, lying = pictured(document(file, first, second), draw=draw)
    assert [place.page for place in decision.documents[0].pictures] == [1]
    assert len(lying) == 1


def test_a_submission_that_was_locked_away_meanwhile_gets_no_picture(file, tmp_path):
    decision = Decision((document(file, finding(file)),))
    made = with_pictures(decision, make_submission(file), tmp_path / "gone", tmp_path / "scratch", lambda *_: PNG)
    assert made == decision
    assert not (tmp_path / "gone").exists()


def test_only_a_png_of_ours_is_read_back(tmp_path):
    assert read_place(tmp_path, "place-none.png") == b""
    (tmp_path / "a.png").write_bytes(b"<svg>")
    assert read_place(tmp_path, "a.png") == b""
    (tmp_path / "b.png").write_bytes(PNG + b"0" * 200_000)
    assert read_place(tmp_path, "b.png") == b""


def test_a_kept_decision_finds_its_pictures_again_whatever_numbers_a_check_gave(pictured, file):
    decision, lying = pictured(document(file, finding(file, box=Box(10, 10, 90.5, 40))))
    kept = decisions.parse(decisions.codec.dump_json(decision).decode())
    (place,) = kept.documents[0].pictures
    assert name_of(place) in lying
