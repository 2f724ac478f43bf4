"""Mails that are pieces of one whole: each waits, the last one is decided with all of them, and none waits for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from vbdaemon.model import FileRole, Piece, Purpose, Verdict, Waiver
from vbdaemon.pipeline import pieces
from vbdaemon.pipeline.stages.message import message_of
from vbdaemon.pipeline.stages.piece import joined, piece_of
from vbdaemon.state import pieces as stored
from vbdaemon.state import submissions
from vbdaemon.state.records import DeliveryState, HoldKind, SubmissionState
from vbdaemon.testing import NOON, make_file, make_snapshot, make_submission

HELD, WAITING, FILED = SubmissionState.HELD, SubmissionState.WAITING, SubmissionState.FILED
KEY = "c" * 64


def arrive(office, judged, number, total=3, beside=(), key=KEY):
    name = office.admit()
    piece = Piece(key, number, total, beside)
    return office.settle(name, judged("piece-awaited", sha256=f"{office.made:064d}"), piece=piece), name


def test_pieces_wait_until_the_last_one_comes_which_is_decided_again_with_them(office, judged):
    first, one = arrive(office, judged, 1)
    second, two = arrive(office, judged, 2)
    last, three = arrive(office, judged, 3)

    assert (first, second, last) == (HELD, HELD, WAITING)
    assert office.row(one).hold_kind is HoldKind.PIECES
    assert office.state.read(lambda c: pieces.beside(c, three)) == (one, two)


def test_the_whole_ends_with_the_last_piece_and_the_others_are_filed_with_it(office, judged):
    _, one = arrive(office, judged, 1, 2)
    _, two = arrive(office, judged, 2, 2)
    assert office.settle(two, judged(), joined=(one,)) is SubmissionState.ACCEPTED
    assert office.row(one).state is FILED
    assert office.story(one)[-1] == "filed"


def test_pieces_that_make_no_whole_wait_on_and_are_not_tried_for_ever(office, judged):
    _, one = arrive(office, judged, 1, 2)
    _, two = arrive(office, judged, 2, 2)
    tried = Piece(KEY, 2, 2, beside=(one,))

    assert office.settle(two, judged("piece-awaited"), piece=tried) is HELD


def test_pieces_of_another_whole_or_another_unit_never_meet(office, judged):
    arrive(office, judged, 1, 2)
    state, other = arrive(office, judged, 2, 2, key="d" * 64)

    assert state is HELD
    assert office.state.read(lambda c: pieces.beside(c, other)) == ()


def test_a_piece_that_a_person_took_away_meanwhile_is_not_joined(office, judged):
    _, one = arrive(office, judged, 1, 2)
    _, two = arrive(office, judged, 2, 2)
    office.state.write(lambda c: submissions.move(c, one, HELD, HoldKind.PERSON))

    assert office.settle(two, judged(), joined=(one,)) is WAITING


def test_a_piece_that_waited_too_long_is_judged_alone(office, judged):
    _, one = arrive(office, judged, 1, 2)
    soon, late = NOON + timedelta(days=2), NOON + timedelta(days=3, minutes=1)

    assert office.state.write(lambda c: pieces.give_up(c, soon)) == ()
    assert office.state.write(lambda c: pieces.give_up(c, late)) == (one,)
    assert office.row(one).state is WAITING
    (waiver,) = office.state.read(lambda c: submissions.waivers_of(c, one))
    assert waiver.code == "piece-awaited"


def whole(office, judged, **verdict):
    """Two pieces; the second was decided with the first."""
    _, one = arrive(office, judged, 1, 2)
    _, two = arrive(office, judged, 2, 2)
    return office.settle(two, judged(**verdict) if verdict else judged("signer-unknown"), joined=(one,)), one, two


def test_a_whole_that_is_judged_again_is_judged_with_all_its_pieces(office, judged):
    state, one, two = whole(office, judged)
    assert (state, office.row(one).state) == (HELD, FILED)
    office.again(two)

    assert office.state.read(lambda c: pieces.beside(c, two)) == (one,)
    assert office.settle(two, judged(), joined=(one,)) is SubmissionState.ACCEPTED
    assert office.story(one).count("filed") == 1


def test_a_piece_that_was_taken_out_of_its_whole_is_not_joined_again(office, judged):
    _, one, two = whole(office, judged)
    office.state.write(lambda c: submissions.move(c, one, HELD, HoldKind.PERSON))
    office.again(two)

    assert office.state.read(lambda c: pieces.beside(c, two)) == ()


def test_a_mark_of_secrecy_in_the_whole_locks_every_piece_away(office, judged):
    state, one, two = whole(office, judged, kind=Verdict.quarantine)

    assert (state, office.row(one).state) == (SubmissionState.QUARANTINED, SubmissionState.QUARANTINED)
    assert office.decision(one) is None
    assert office.state.read(lambda c: (stored.of(c, one), stored.of(c, two))) == (None, None)


def test_a_rejected_piece_is_not_opened_again_by_the_others(office, judged):
    arrive(office, judged, 1, 2)
    two = office.admit()
    piece = Piece(KEY, 2, 2)

    assert office.settle(two, judged("x", kind=Verdict.reject), piece=piece) is SubmissionState.REJECTED
    assert office.row(two).state is SubmissionState.REJECTED


def test_the_last_piece_is_not_told_to_wait(office, judged):
    _, one = arrive(office, judged, 1, 2)
    _, two = arrive(office, judged, 2, 2)

    assert [row.state for row in office.outbox(one)] == [DeliveryState.DUE]
    assert [row.state for row in office.outbox(two)] == [DeliveryState.CANCELLED]


def test_a_piece_to_be_checked_only_waits_like_any_other(office, judged):
    one = office.admit()
    piece = Piece(KEY, 1, 2)
    state = office.settle(one, judged("piece-awaited"), piece=piece, purpose=Purpose.PREFLIGHT)

    assert (state, office.row(one).hold_kind) == (HELD, HoldKind.PIECES)


@pytest.fixture
def mail(tmp_path):
    """A mail that carries run `number` of a file that was cut."""

    def mail(number, body, sender="a@noivu.example", unit="H1"):
        raw = (
            f"From: {sender}\r\nSubject: Gửi văn bản (phần {number}/2)\r\nMIME-Version: 1.0\r\n"
            f'Content-Type: application/octet-stream; name="vb.pdf.00{number}"\r\n'
            f'Content-Disposition: attachment; filename="vb.pdf.00{number}"\r\n\r\n'
        ).encode() + body
        path = tmp_path / f"{number}.eml"
        path.write_bytes(raw)
        file = replace(make_file("thu.eml", media_type="message/rfc822"), path=path, size=len(raw))
        return make_submission(file, id=f"260302-0000000{number}", unit=unit)

    return mail


def test_two_mails_with_the_runs_of_a_file_hand_in_that_file(mail, tmp_path):
    one, two = mail(1, b"%PDF-1.7 begin "), mail(2, b"end\n%%EOF\n")
    snapshot = make_snapshot()
    first, second = (piece_of(each, message_of(each), snapshot) for each in (one, two))

    assert (first.key, first.number, first.total) == (second.key, 1, 2)
    whole = joined(two, message_of(two), (one,), snapshot, tmp_path)
    (file,) = [f for f in whole.files if f.role is not FileRole.BODY]
    assert file.name == "vb.pdf"
    assert file.path.read_bytes() == b"%PDF-1.7 begin end\n%%EOF\n"
    assert joined(two, message_of(two), (), snapshot, tmp_path) is None


def test_the_proven_unit_is_part_of_the_key(mail):
    one, other = mail(1, b"%PDF-1.7 "), mail(2, b"%%EOF", unit="H2")
    keys = {piece_of(each, message_of(each), make_snapshot()).key for each in (one, other)}

    assert len(keys) == 2


@pytest.mark.parametrize("other", [{"account": "Văn thư"}, {"purpose": Purpose.PREFLIGHT}])
def test_the_account_and_what_a_piece_is_handed_in_for_are_part_of_the_key(mail, other):
    one, two = mail(1, b"%PDF-1.7 "), mail(2, b"%%EOF")
    two = replace(two, envelope=replace(two.envelope, **other))
    keys = {piece_of(each, message_of(each), make_snapshot()).key for each in (one, two)}

    assert len(keys) == 2


def test_what_was_released_is_no_piece_any_more(mail):
    one = mail(1, b"%PDF-1.7 ")
    released = replace(one, waivers=(Waiver("piece-awaited", one.files[0].sha256, "chị An", "đủ rồi"),))

    assert piece_of(released, message_of(released), make_snapshot()) is None
    assert released.envelope.purpose is Purpose.EXCHANGE
