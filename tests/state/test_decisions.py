"""Decisions, documents, duplicates and the register's numbers."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from vbdaemon.errors import StateError
from vbdaemon.model import Classification, FileRecord, FileRole, Reason, RegisterNumber, Verdict
from vbdaemon.state import decisions
from vbdaemon.state.records import Decision
from vbdaemon.testing import NOON, TODAY


def write(state, name, *documents):
    state.write(lambda c: decisions.write_documents(c, name, documents))


def accepted(state, sha256, page=1, besides="none"):
    return state.read(lambda c: decisions.accepted_with(c, sha256, page, besides))


def test_a_decision_comes_back_as_it_was_written(state, admitted, verdict):
    name = admitted()
    body = Decision(
        (verdict(register=7),),
        1.5,
        ("read:read:built-in",),
        (FileRecord('a\n"Đ".pdf', FileRole.MAIN, "a" * 64, "application/pdf", 3),),
    )
    state.write(lambda c: decisions.write(c, name, 1, NOON, "s1", body))
    assert state.read(lambda c: decisions.latest(c, name)) == body
    assert decisions.parse(state.read(lambda c: decisions.body_at(c, name, 1))) == body
    assert state.read(lambda c: decisions.body_at(c, name, 2)) is None
    assert state.read(lambda c: decisions.latest(c, admitted())) is None


def test_a_decision_of_before_pages_and_language_were_kept_is_read(verdict):
    kept = json.loads(decisions.codec.dump_json(Decision((verdict(),))))
    for name in ("pages", "language"):
        del kept["documents"][0][name]
    (document,) = decisions.parse(json.dumps(kept)).documents
    assert (document.pages, document.language) == (None, "")


def test_every_version_of_a_decision_is_kept_and_the_last_one_counts(state, admitted, verdict):
    name = admitted()
    bodies = [Decision((verdict(),), seconds) for seconds in (1.0, 2.0)]
    for version, body in enumerate(bodies, 1):
        state.write(partial(decisions.write, submission_id=name, version=version, at=NOON, snapshot="s", body=body))
    assert state.read(lambda c: decisions.latest(c, name)) == bodies[1]
    assert decisions.parse(state.read(lambda c: decisions.body_at(c, name, 1))) == bodies[0]


def test_numbers_of_a_book_run_from_one_without_a_gap(state):
    given = [state.write_later(lambda c: decisions.next_number(c, "den", 2026)) for _ in range(30)]
    assert [future.result() for future in given] == list(range(1, 31))


def test_books_and_years_count_by_themselves(state):
    assert [
        state.write(lambda c, b=b, y=y: decisions.next_number(c, b, y))
        for b, y in (("den", 2026), ("den", 2026), ("den", 2027), ("mat", 2026))
    ] == [1, 2, 1, 1]


def test_a_number_that_was_rolled_back_is_given_again(state):
    def take_and_fail(connection):
        decisions.next_number(connection, "den", 2026)
        raise ValueError("the decision failed")

    futures = [
        state.write_later(take_and_fail if n % 3 == 1 else lambda c: decisions.next_number(c, "den", 2026))
        for n in range(12)
    ]
    given = [future.result() for n, future in enumerate(futures) if n % 3 != 1]
    assert given == list(range(1, 9))


def test_the_same_bytes_are_accepted_once_and_name_their_number(state, admitted, verdict):
    first, second = admitted(), admitted()
    write(state, first, verdict(register=7))
    assert accepted(state, "a" * 64, besides=second) == RegisterNumber("den", 2026, 7, TODAY)
    assert accepted(state, "a" * 64, besides=first) is None
    assert accepted(state, "a" * 64, page=2) is None
    with pytest.raises(StateError):
        write(state, second, verdict(register=8))


def test_a_lone_file_finds_the_document_that_its_source_brought_last(state, admitted, verdict):
    first, second, held = admitted(), admitted(NOON + timedelta(minutes=1)), admitted(NOON + timedelta(minutes=2))
    kind = verdict().classification
    kind = replace(kind, form=replace(kind.number, value="cong-van"))
    write(state, first, verdict("b" * 64, number="14"), replace(verdict(register=7), classification=kind))
    write(state, second, replace(verdict("c" * 64, register=8), classification=kind))
    write(state, held, replace(verdict("d" * 64, answer=Verdict.hold()), classification=kind))

    def companion(designation, kind, source="phong-noi-vu/gui"):
        return state.read(lambda c: decisions.companion_of(c, source, designation, kind))

    assert companion("15/PNV-TCCC", Classification()) == (second, 0)
    assert companion("14/PNV-TCCC", Classification()) == (first, 0)
    assert companion("/PNV-TCCC", kind) == (second, 0)
    assert companion("", replace(kind, subject=None)) is None
    assert companion("15/PNV-TCCC", Classification(), "phong-y-te/gui") is None


@pytest.mark.parametrize("answer", [Verdict.hold(), Verdict.reject(), Verdict.quarantine()], ids=lambda v: v.kind)
def test_what_was_not_accepted_is_no_duplicate(state, admitted, verdict, answer):
    write(state, admitted(), verdict(answer=answer))
    assert accepted(state, "a" * 64) is None
    write(state, admitted(), verdict(register=1))


def test_a_duplicate_is_kept_beside_what_it_repeats(state, admitted, verdict):
    write(state, admitted(), verdict(register=7))
    twice = replace(verdict(), duplicate_of=RegisterNumber("den", 2026, 7, TODAY))
    write(state, admitted(), twice)
    write(state, admitted(), twice)


def test_one_number_is_never_given_to_two_documents(state, admitted, verdict):
    write(state, admitted(), verdict("a" * 64, register=7))
    with pytest.raises(StateError):
        write(state, admitted(), verdict("b" * 64, register=7))


def test_number_symbol_issuer_and_date_together_make_documents_alike(state, admitted, verdict):
    first, second = admitted(), admitted()
    write(state, first, verdict(register=7))

    def alike(kind):
        return state.read(lambda c: decisions.accepted_like(c, kind, second))

    same = verdict().classification
    assert alike(same) == first
    assert alike(verdict(subject="khác").classification) == first
    assert state.read(lambda c: decisions.accepted_like(c, same, first)) is None
    for other in ({"number": "16"}, {"symbol": "UBND-VP"}, {"issuer": "Phòng Y tế"}):
        assert alike(verdict(**other).classification) is None
    for absent in ("number", "symbol", "issuer", "issued_on"):
        assert alike(replace(same, **{absent: None})) is None
    assert alike(Classification()) is None


def test_a_later_decision_replaces_the_documents_and_keeps_their_numbers_in_sight(state, admitted, verdict):
    name = admitted()
    write(state, name, verdict(register=7), verdict("b" * 64, register=8))
    assert state.read(lambda c: decisions.numbered(c, name)) == {
        ("a" * 64, 1): RegisterNumber("den", 2026, 7, TODAY),
        ("b" * 64, 1): RegisterNumber("den", 2026, 8, TODAY),
    }
    write(state, name, verdict(answer=Verdict.hold(Reason("x", "x"))))
    assert state.read(lambda c: decisions.numbered(c, name)) == {}


def test_the_subject_of_a_restricted_document_is_in_no_column(state, admitted, verdict):
    plain = verdict(subject="tố cáo ông A")
    write(state, admitted(), replace(plain, classification=replace(plain.classification, restricted=True)))
    rows = state.read(lambda c: c.execute(text("SELECT subject, number FROM documents")).all())
    assert [tuple(row) for row in rows] == [(None, "15")]


def test_forgetting_leaves_no_word_in_the_files_of_the_database(sqlite, sqlite_url, tmp_path: Path, verdict):
    sqlite.admit("260302-00000001", "gui", "1", NOON).result()
    secret = verdict(subject="phuong-an-phong-thu", symbol="KH-BCH")
    body = Decision(
        (secret,), files=(FileRecord("phuong-an-phong-thu.pdf", FileRole.MAIN, "a" * 64, "application/pdf", 3),)
    )
    sqlite.write(lambda c: decisions.write(c, "260302-00000001", 1, NOON, "s", body))
    write(sqlite, "260302-00000001", secret)
    sqlite.write(lambda c: decisions.forget(c, "260302-00000001"))
    sqlite.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("state.sqlite3*"))
    assert b"260302-00000001" in kept
    assert b"phuong-an" not in kept
    assert b"KH-BCH" not in kept
