"""Every column of every table that can carry words of a document is empty of them after a quarantine."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Boolean, Connection, Date, String, Table, Text, func, insert, select, text

from vbdaemon.model import (
    Correspondence,
    CorrespondenceKind,
    DocumentVerdict,
    RecallRequest,
    Verdict,
    Withdrawal,
)
from vbdaemon.state import acts, alarms, answers, deliveries, letters, register_index, scoring_findings, submissions
from vbdaemon.state.complete import metadata
from vbdaemon.state.decisions import codec
from vbdaemon.state.events import of_submission, record_said
from vbdaemon.state.locked import is_entry_locked, is_locked
from vbdaemon.state.records import Decision, SubmissionState
from vbdaemon.state.secrecy import lock_away, twins
from vbdaemon.state.tables import Moment
from vbdaemon.testing import NOON, make_classification

MARK = "zqxmatzqx"
"""What a person or a receiver wrote that quotes the document."""
ID, OTHER, BOUNCE, ASKED = "260302-SECRET00", "260302-OTHER000", "260302-BOUNCE00", "260302-ASKED000"
KEPT = {
    "submissions": {"id", "source", "source_key", "state", "hold_kind", "verdict", "snapshot"},
    "attempts": {"submission_id"},
    "decisions": {"submission_id", "snapshot"},
    "counters": {"book"},
    "deliveries": {"id", "submission_id", "kind", "key", "scheme", "address", "unit", "state", "answer"},
    "delivery_attempts": {"delivery_id", "outcome"},
    "mailbox_messages": {"mailbox", "content_sha256", "submission_id", "state"},
    "events": {"submission_id", "kind"},
    "acts": {"submission_id", "kind", "who", "state"},
    "waivers": {"submission_id", "code", "file", "who"},
    "cursors": {"name"},
    "document_facts": {"submission_id", "verdict", "reasons", "book"},
    "assignments": {"submission_id", "main_sha256", "lead", "support", "who"},
    "recalls": {"submission_id", "kind", "who"},
    "alarms": {"kind", "submission_id", "about", "words"},
    "register_entries": {"direction", "book", "medium", "submission_id", "main_sha256"},
    "register_changes": {"field", "who"},
    "scoring_quarters": {"period", "commitment", "committed_by", "drawn_by", "sample"},
    "scoring_populations": {"period", "sha256", "made_by", "why", "body"},
    "scoring_findings": {"period", "part", "unit", "entry", "kind", "proposal", "verdict"},
    "scoring_rulings": {"kind", "before", "after", "who"},
    "switched_off": {"name", "version", "mark", "hooks", "words"},
    "plugin_calls": {"plugin", "version"},
}
"""Names of people and places, moments, kinds, codes, hashes and numbers, and what only we word: these may stay.

Of a table that is not named here nothing that is about the submission stays.
"""
PLAIN = {"submission_id": ID, "delivery_id": f"{ID}-1", "period": "2026-Q1"}
PARENTS = {"finding_id": "scoring_findings", "entry_id": "register_entries"}
SAID = {
    ("deliveries", "id"): f"{ID}-1",
    ("deliveries", "kind"): "forward",
    ("deliveries", "state"): "DELIVERED",
    ("deliveries", "answer"): "03",
    ("register_entries", "direction"): "incoming",
    ("register_entries", "medium"): "electronic",
    ("register_entries", "book"): "den",
    ("register_entries", "voided_at"): None,
    ("register_entries", "year"): 2026,
    ("register_entries", "restricted"): False,
    ("scoring_findings", "entry"): "den/2026/1",
    ("scoring_findings", "verdict"): "deduct",
    ("decisions", "version"): 1,
    ("letters", "key"): "letter:assigned:1",
    ("documents", "main_sha256"): "a" * 64,
    ("acts", "kind"): "correct",
    ("acts", "state"): "APPLIED",
}


def value(table: Table, column) -> object:
    """Something for every column: the mark wherever a person, a receiver or the document can have a word."""
    known = {**PLAIN, **{name: said for (of, name), said in SAID.items() if of == table.name}}
    if column.name in known:
        return known[column.name]
    if (table.name, column.name) == ("decisions", "body"):
        kind = make_classification(subject=MARK, issuer=MARK)
        verdict = DocumentVerdict(f"{MARK}.pdf", "a" * 64, ("a" * 64,), kind, (), (), Verdict.accept())
        return codec.dump_json(Decision((verdict,))).decode()
    if isinstance(column.type, Moment):
        return NOON
    if isinstance(column.type, Date):
        return date(2026, 3, 2)
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, String | Text):
        return "x" if column.name in KEPT.get(table.name, ()) else MARK
    return 1


def fill(connection: Connection) -> None:
    submissions.admit(connection, ID, "gui", ID, NOON)
    submissions.admit(connection, OTHER, "gui", OTHER, NOON)
    submissions.admit(connection, BOUNCE, "thu", BOUNCE, NOON)
    submissions.admit(connection, ASKED, "thu", ASKED, NOON)
    for table in metadata.sorted_tables:
        if table.name not in ("submissions", "events"):
            row = {c.name: value(table, c) for c in table.columns if c.autoincrement is not True}
            parents = {name: latest(connection, of) for name, of in PARENTS.items() if name in row}
            connection.execute(insert(table).values(row | parents))
    register_index.put(connection, latest(connection, "register_entries"), [MARK])
    for kind in ("act-correct", "answer-03", "attempt-failed", "notice-fallback", "mailbox-vanished", "alarm-cleared"):
        record_said(connection, NOON, kind, ID, "chị An", f"{MARK}: {MARK}")
    found = latest(connection, "scoring_findings")
    record_said(connection, NOON, "scoring-confirm", None, "chị An", f"finding {found} open -> deduct: {MARK}: {MARK}")
    papers = [{"submission": ID, "number": MARK, "due": "2026-03-09"}, {"submission": OTHER, "number": "7"}]
    details = json.dumps({"papers": json.dumps(papers)})
    reminder = {"submission_id": OTHER, "key": "letter:paper:1", "details": details}
    connection.execute(insert(metadata.tables["letters"]).values(reminder))
    came_back(connection)
    asked_back(connection)


def latest(connection: Connection, table: str) -> int:
    return connection.scalar(select(func.max(metadata.tables[table].c.id)))


def came_back(connection: Connection) -> None:
    """A mail about the delivery bears the document itself."""
    about = Correspondence(CorrespondenceKind.BOUNCE, f"{ID}-1", permanent=True, words=MARK)
    body = codec.dump_json(Decision((), correspondence=about)).decode()
    told = {"submission_id": BOUNCE, "version": 1, "decided_at": NOON, "snapshot": "x", "body": body}
    connection.execute(insert(metadata.tables["decisions"]).values(told))
    submissions.move(connection, BOUNCE, SubmissionState.FILED)
    record_said(connection, NOON, "filed", BOUNCE, "", f"bounce about delivery {ID}-1")


def asked_back(connection: Connection) -> None:
    """The request names number, symbol and reason."""
    asked = RecallRequest(Withdrawal.RECALL, "x", "a" * 64, MARK, MARK, "", MARK)
    body = codec.dump_json(Decision((), recall=asked)).decode()
    told = {"submission_id": ASKED, "version": 1, "decided_at": NOON, "snapshot": "x", "body": body}
    connection.execute(insert(metadata.tables["decisions"]).values(told))
    submissions.move(connection, ASKED, SubmissionState.HELD)


def speaking(connection: Connection) -> Iterator[str]:
    """Every column in which the mark stands, and the index."""
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)):
            yield from (f"{table.name}.{name}" for name, said in row._mapping.items() if MARK in str(said))
    words = text(f"SELECT * FROM {register_index.NAME}")
    yield from ("register_index" for row in connection.execute(words) if MARK in str(row))
    if connection.dialect.name == "sqlite":
        shadow = text(f"SELECT * FROM {register_index.NAME}_data")
        yield from ("register_index_data" for row in connection.execute(shadow) if MARK.encode() in row.block)


def locked(connection: Connection) -> None:
    fill(connection)
    submissions.move(connection, ID, SubmissionState.QUARANTINED)
    lock_away(connection, ID, NOON)


@pytest.fixture
def secret(state):
    state.write(locked)
    return state


def test_the_test_knows_every_column_of_every_table():
    names = {table.name: {column.name for column in table.columns} for table in metadata.sorted_tables}
    assert {table: kept - names.get(table, set()) for table, kept in KEPT.items()} == {table: set() for table in KEPT}


def test_before_a_quarantine_the_mark_stands_wherever_words_can_stand(state):
    state.write(fill)
    found = set(state.read(lambda c: list(speaking(c))))
    wanted = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | Text) and value(table, column) == MARK
    }
    assert found >= wanted
    assert len(found) > 40


def test_after_a_quarantine_no_column_of_any_table_has_a_word_of_it(secret):
    assert secret.read(lambda c: list(speaking(c))) == []


def test_who_did_what_and_when_stays(secret):
    story = [(each.kind, each.words) for each in secret.read(lambda c: of_submission(c, ID))]
    assert ("act-correct", "chị An") in story
    assert ("attempt-failed", "") in story
    assert secret.read(lambda c: acts.get(c, latest(c, "acts"))).who == "x"
    ruled = secret.read(lambda c: scoring_findings.rulings(c, "2026-Q1"))
    assert [(each.who, each.after, each.why) for each in ruled] == [("x", "x", "")]


def test_what_came_back_about_it_and_who_asks_for_it_are_locked_away_too(secret):
    assert secret.read(lambda c: is_locked(c, BOUNCE))
    assert secret.read(lambda c: is_locked(c, ASKED))
    assert not secret.read(lambda c: is_locked(c, OTHER))


def test_a_reminder_of_several_papers_keeps_its_line_without_words(secret):
    row = secret.read(lambda c: c.execute(select(metadata.tables["letters"])).one())
    first, second = json.loads(json.loads(row.details)["papers"])
    assert first == {"submission": ID, "number": "", "due": "2026-03-09"}
    assert second["number"] == "7"


def test_letters_that_tell_of_it_are_known_by_their_deliveries(state):
    def write(connection):
        submissions.admit(connection, OTHER, "gui", OTHER, NOON)
        details = {"papers": json.dumps([{"submission": ID, "number": "7"}])}
        new = deliveries.NewDelivery("notice", "letter:paper:1", "smtp", "a@b", None, "x")
        letters.write(connection, OTHER, 1, NOON, new, details)

    state.write(write)
    assert state.read(lambda c: letters.telling_of(c, ID)) == (f"{OTHER}-1",)
    assert state.read(lambda c: letters.telling_of(c, OTHER)) == ()


def test_words_that_come_after_the_quarantine_are_not_written(secret):
    def later(connection):
        record_said(connection, NOON, "act-hold", ID, "anh Bình", MARK)
        alarms.raise_alarm(connection, alarms.Alarm(alarms.AlarmKind.UNDELIVERED, ID, NOON, "forward", f"{ID}-1"))
        alarms.clear_by_person(connection, ID, "anh Bình", MARK, NOON)
        about = answers.delivery_of(connection, f"{ID}-1")
        answers.write_status(connection, about, answers.CodedStatus.ASSIGNED, MARK, NOON)
        row = deliveries.of_submission(connection, ID)[0]
        deliveries.end_attempt(connection, row, NOON, deliveries.Outcome.delivered(MARK), NOON)
        submissions.fail_attempt(connection, ID, NOON, MARK, 3)
        found = latest(connection, "scoring_findings")
        scoring_findings.rule(
            connection, scoring_findings.Ruling(found, "appeal", "deduct", "clear", 1, 0, "anh Bình", MARK, NOON)
        )

    secret.write(later)
    assert secret.read(lambda c: list(speaking(c))) == []
    kinds = [(each.kind, each.words) for each in secret.read(lambda c: of_submission(c, ID))]
    assert ("act-hold", "anh Bình") in kinds
    assert ("alarm-cleared", "anh Bình") in kinds


def test_a_bounce_that_comes_after_the_quarantine_says_only_that_it_came_back(secret):
    def later(connection):
        connection.execute(metadata.tables["deliveries"].update().values(answer=None))
        assert answers.write_bounce(connection, answers.delivery_of(connection, f"{ID}-1"), MARK, NOON)

    secret.write(later)
    assert secret.read(lambda c: list(speaking(c))) == []


def test_locking_away_twice_changes_nothing_more(secret):
    before = secret.read(lambda c: of_submission(c, ID))
    secret.write(lambda c: lock_away(c, ID, NOON))
    assert secret.read(lambda c: list(speaking(c))) == []
    assert secret.read(lambda c: of_submission(c, ID)) == before


def test_a_document_that_was_drawn_is_known_by_number_and_by_handle(secret):
    for entry, known in (("den/2026/1", True), (f"{ID}/1", True), (f"{OTHER}/1", False), ("den/2026/2", False)):
        assert secret.read(lambda c, e=entry: is_entry_locked(c, e)) is known


def test_submissions_with_the_same_bytes_are_named(state):
    def write(connection):
        for id_ in (ID, OTHER):
            submissions.admit(connection, id_, "gui", id_, NOON)
            documents = metadata.tables["documents"]
            row = {c.name: value(documents, c) for c in documents.columns}
            connection.execute(
                insert(documents).values({**row, "submission_id": id_, "register_number": None, "verdict": "ACCEPT"})
            )

    state.write(write)
    assert state.read(lambda c: twins(c, ID)) == (OTHER,)
