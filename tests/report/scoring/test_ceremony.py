"""The steps of a draw: each in its time, each once, none that lets somebody choose."""

import json
import stat
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from vbdaemon.errors import ActRefused
from vbdaemon.report.ceremony import Announcement, commit_secret, make_population, present_population
from vbdaemon.report.drawing import draw_sample, stored_sample
from vbdaemon.report.fault import Mark
from vbdaemon.report.population import population_bytes, population_hash
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.review import appeal, confirm
from vbdaemon.report.sample_file import Ceremony, make_sample, sample_bytes
from vbdaemon.report.secret_file import secret_path
from vbdaemon.report.seed import ScoringError, ValueForm, commitment_of
from vbdaemon.report.verification import Published, verify
from vbdaemon.state import scoring_findings, submissions
from vbdaemon.state.scoring_progress import progress
from vbdaemon.testing import FrozenClock

Q1 = Quarter(2026, 1)
LAST_MOMENT = datetime(2026, 3, 31, 16, 59, 59, tzinfo=UTC)
"""A second before April in Vietnam."""
TOLD = Announcement("giải đặc biệt xổ số miền Bắc", ValueForm.parse("digits:5"), date(2026, 4, 10))
LATER = date(2026, 4, 11)
WITNESS = "Trần Thị Bình"


def chance(count: int) -> bytes:
    return bytes(range(count))


def never(count: int) -> bytes:
    pytest.fail("no chance is asked for here")


@pytest.fixture
def ready(ledger):
    """A quarter with documents and a secret, at the moment when it can be counted."""
    for _ in range(5):
        ledger.add("H99.1")
    commit_secret(ledger.scene(), Q1, chance)
    ledger.clock.now = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
    return ledger


@pytest.fixture
def fixed(ready):
    """The same with its population."""
    make_population(ready.scene(), Q1, TOLD)
    ready.clock.now += timedelta(days=8)
    return ready


def test_the_secret_lies_closed_and_only_its_hash_is_told(ledger):
    commitment = commit_secret(ledger.scene(LAST_MOMENT), Q1, chance)
    path = secret_path(ledger.folder / "spool", Q1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert commitment == commitment_of(path.read_text().strip())
    dumped = ledger.state.read(lambda c: str(c.execute(text("SELECT * FROM scoring_quarters, events")).all()))
    assert commitment in dumped
    assert path.read_text().strip() not in dumped


def test_after_the_quarter_no_secret_is_made(ledger):
    with pytest.raises(ScoringError, match=r"2026-Q1 ended on 31/03/2026.*make the one of 2026-Q2"):
        commit_secret(ledger.scene(LAST_MOMENT + timedelta(seconds=1)), Q1, never)
    assert not secret_path(ledger.folder / "spool", Q1).exists()


def test_a_second_secret_is_refused_and_the_first_stays(ledger):
    first = commit_secret(ledger.scene(), Q1, chance)
    with pytest.raises(ScoringError, match=first):
        commit_secret(ledger.scene(), Q1, never)
    assert commitment_of(secret_path(ledger.folder / "spool", Q1).read_text().strip()) == first


def test_a_secret_whose_hash_was_never_written_down_is_taken_up_again(ledger):
    """The power went between the file and the row."""
    first = commit_secret(ledger.scene(), Q1, chance)
    ledger.state.write(lambda c: c.execute(text("DELETE FROM scoring_quarters")) and None)
    assert commit_secret(ledger.scene(), Q1, lambda count: b"\xff" * count) == first


def test_a_quarter_from_before_scoring_began_has_no_secret(ledger):
    ledger.clock.now = datetime(2020, 3, 1, tzinfo=UTC)
    with pytest.raises(ScoringError, match="2020-Q1 is not scored: it began with 2020-Q2"):
        commit_secret(ledger.scene(), Quarter(2020, 1), never)
    assert commit_secret(ledger.scene(), Quarter(2020, 2), chance)


def test_a_population_needs_a_secret_that_was_committed_to(ledger):
    ledger.clock.now = datetime(2026, 4, 3, tzinfo=UTC)
    with pytest.raises(ScoringError, match=r"no secret: it had to be made before 31/03/2026 was over"):
        make_population(ledger.scene(), Q1, TOLD)


def test_a_population_waits_until_the_last_document_could_have_come(ready):
    """A document of 31 March may come electronically all day on 1 April."""
    for hours in (0, 16):
        with pytest.raises(ScoringError, match="can be counted after 01/04/2026"):
            make_population(ready.scene(datetime(2026, 4, 1, hours, 59, tzinfo=UTC)), Q1, TOLD)
    assert make_population(ready.scene(datetime(2026, 4, 1, 17, tzinfo=UTC)), Q1, TOLD).units


def test_without_days_of_grace_a_quarter_is_counted_as_soon_as_it_is_over(ready):
    ready.change("\n[scoring]\npaper_after_working_days = 0\n")
    with pytest.raises(ScoringError, match="can be counted after 31/03/2026"):
        make_population(ready.scene(LAST_MOMENT), Q1, TOLD)
    assert make_population(ready.scene(LAST_MOMENT + timedelta(seconds=1)), Q1, TOLD).units


def test_a_population_binds_what_was_settled_before_the_value_exists(ready):
    made = make_population(ready.scene(), Q1, TOLD)
    assert made.commitment == commitment_of(chance(32).hex())
    assert (made.public_source, made.public_form) == (TOLD.source, "digits:5")
    assert (made.format_documents, made.sending_documents, made.points, made.most_points) == (2, 2, 1.0, None)
    assert present_population(ready.state, Q1) == made


def test_a_population_holds_numbers_and_no_words_of_documents(ready):
    ready.add("H99.1", printed={"symbol": "KHONG-DUOC-LO", "subject": "về việc riêng", "issuer": "Cơ quan Kín"})
    body = population_bytes(make_population(ready.scene(), Q1, TOLD)).decode()
    assert "den/2026/1" in body
    assert not any(word in body for word in ("KHONG-DUOC-LO", "việc riêng", "Kín", "gui"))


def test_a_quarter_without_documents_has_nothing_to_draw_from(ledger):
    commit_secret(ledger.scene(), Q1, chance)
    ledger.clock.now = datetime(2026, 4, 3, tzinfo=UTC)
    with pytest.raises(ScoringError, match="in 2026-Q1 no document of a scored unit came in"):
        make_population(ledger.scene(), Q1, TOLD)


def test_a_site_without_scored_units_is_told_so(ready):
    (ready.folder / "config" / "units.toml").write_text("", "utf-8")
    with pytest.raises(ScoringError, match="no unit is scored"):
        make_population(ready.scene(), Q1, TOLD)


def test_another_population_takes_a_reason_and_the_former_stays_in_the_sample(fixed):
    first = population_hash(present_population(fixed.state, Q1))
    fixed.add("H99.3")
    with pytest.raises(ScoringError, match="has a population; write it again with --again"):
        make_population(fixed.scene(), Q1, TOLD)
    again = Announcement(TOLD.source, TOLD.form, LATER, "văn bản của một đơn vị vào sổ sau")
    second = make_population(fixed.scene(), Q1, again)
    assert population_hash(second) != first
    fixed.clock.now += timedelta(days=1)
    sample = draw_sample(fixed.scene(), Q1, "12345", WITNESS)
    assert [(each.sha256, each.why, each.public_on) for each in sample.replaced] == [(first, again.why, "2026-04-10")]
    assert sample.population == second
    told = [step.words for step in verify(sample_bytes(sample), Published()) if step.name == "replaced population"]
    assert len(told) == 1
    assert "replaced NOT BEFORE 2026-04-10, when its value was due" in told[0]


def test_the_value_must_not_exist_when_the_population_is_made(ready):
    for on in (date(2026, 4, 1), date(2026, 4, 2)):
        with pytest.raises(
            ScoringError, match=r"the public value must not exist yet: 0[12]/04/2026 is not after today"
        ):
            make_population(ready.scene(), Q1, Announcement(TOLD.source, TOLD.form, on))
    assert make_population(ready.scene(), Q1, Announcement(TOLD.source, TOLD.form, date(2026, 4, 3))).units


def test_nothing_is_drawn_before_the_day_of_the_value(ready):
    make_population(ready.scene(), Q1, TOLD)
    with pytest.raises(ScoringError, match="comes into being on 10/04/2026; draw then"):
        draw_sample(ready.scene(datetime(2026, 4, 9, 16, 59, tzinfo=UTC)), Q1, "12345", WITNESS)
    assert draw_sample(ready.scene(datetime(2026, 4, 9, 17, 0, tzinfo=UTC)), Q1, "12345", WITNESS)


def test_a_population_waits_for_what_has_no_decision_yet(ready):
    ready.state.write(lambda c: submissions.admit(c, "260331-0000000a", "drop", "a", datetime(2026, 3, 31, tzinfo=UTC)))
    with pytest.raises(ScoringError, match="documents of 2026-Q1 have no decision yet"):
        make_population(ready.scene(), Q1, TOLD)


def many_documents(fixed):
    """So many that two values draw different ones; the public value is known."""
    for _ in range(20):
        fixed.add("H99.1")
    make_population(fixed.scene(), Q1, Announcement(TOLD.source, TOLD.form, LATER, "thử"))
    fixed.clock.now += timedelta(days=1)


def test_a_value_that_was_typed_wrongly_is_corrected_for_all_to_see(fixed):
    many_documents(fixed)
    wrong = draw_sample(fixed.scene(), Q1, "12354", WITNESS)
    first = fixed.state.read(lambda c: scoring_findings.of_period(c, "2026-Q1"))
    for row in first:
        confirm(fixed.scene(), row.id, Mark.DEDUCT, "đã xem")
    fixed.clock.now += timedelta(hours=1)
    right = draw_sample(fixed.scene(), Q1, "12345", WITNESS, "người chứng kiến gõ nhầm")
    assert [(each.public_value, each.why) for each in right.corrected] == [("12354", "người chứng kiến gõ nhầm")]
    assert right.sample == make_sample(right.population, ceremony_of(right)).sample != wrong.sample
    assert stored_sample(fixed.state, Q1) == right
    steps = verify(sample_bytes(right), Published(right.commitment, right.population_sha256, "12345"))
    assert {step.name for step in steps if not step.holds} == {"replaced population", "corrected draw"}
    assert verify(sample_bytes(wrong), Published(public_value="12345"))[-1].holds is False
    rows = fixed.state.read(lambda c: scoring_findings.of_period(c, "2026-Q1"))
    drawn = [each.entry for unit in right.sample for each in (*unit.format, *(unit.sending or ()))]
    assert [row.entry for row in rows] == drawn
    known = {(row.part, row.entry): row.id for row in first}
    assert all((row.verdict is not None) == ((row.part, row.entry) in known) for row in rows)
    gone = next(row for row in first if row.id not in {each.id for each in rows})
    with pytest.raises(ActRefused, match="counts no more"):
        appeal(fixed.scene(), gone.id, Mark.OK, "không còn được chọn")


def test_once_all_that_is_drawn_after_a_correction_was_looked_at_the_result_is_final(fixed):
    many_documents(fixed)
    draw_sample(fixed.scene(), Q1, "12354", WITNESS)
    fixed.clock.now += timedelta(hours=1)
    draw_sample(fixed.scene(), Q1, "12345", WITNESS, "gõ nhầm")
    rows = fixed.state.read(lambda c: scoring_findings.of_period(c, "2026-Q1"))

    def waiting():
        return fixed.state.read(lambda c: progress(c, "2026-Q1")).waiting

    assert waiting() == len(rows)
    for row in rows:
        confirm(fixed.scene(), row.id, Mark.OK, "đã xem")
    assert waiting() == 0


def test_who_made_the_wrong_draw_is_no_witness_of_its_correction(fixed):
    draw_sample(replace(fixed.scene(), who="Hoàng Văn Em"), Q1, "12354", WITNESS)
    with pytest.raises(ScoringError, match="the witness is another person"):
        draw_sample(fixed.scene(), Q1, "12345", "Hoàng Văn Em", "gõ nhầm")


def ceremony_of(sample):
    names = ("secret", "committed_at", "replaced", "public_value", "witness", "drawn_at", "corrected")
    return Ceremony(*(getattr(sample, name) for name in names))


def test_a_correction_needs_a_draw_and_another_value(fixed):
    with pytest.raises(ScoringError, match="was not drawn; there is nothing to correct"):
        draw_sample(fixed.scene(), Q1, "12345", WITNESS, "gõ nhầm")
    first = draw_sample(fixed.scene(), Q1, "12345", WITNESS)
    fixed.clock.now += timedelta(days=1)
    assert draw_sample(fixed.scene(), Q1, "12345", WITNESS, "gõ nhầm") == first


def test_the_draw_can_be_checked_by_anyone(fixed):
    sample = draw_sample(fixed.scene(), Q1, "12 345", WITNESS)
    told = Published(sample.commitment, sample.population_sha256, "1 2 3 4 5")
    assert all(step.holds for step in verify(sample_bytes(sample), told))
    assert stored_sample(fixed.state, Q1) == sample


def test_documents_that_were_drawn_become_findings_in_the_order_of_the_draw(fixed):
    sample = draw_sample(fixed.scene(), Q1, "12345", WITNESS)
    rows = fixed.state.read(lambda c: scoring_findings.of_period(c, "2026-Q1"))
    drawn = [(unit.code, each.entry) for unit in sample.sample for each in (*unit.format, *(unit.sending or ()))]
    assert [(row.unit, row.entry) for row in rows] == drawn
    assert [row.place for row in rows] == [1, 2, 1, 2]
    assert {row.verdict for row in rows} == {None}


def test_what_came_late_after_its_paper_is_looked_at_as_it_came_and_as_paper_for_the_sending(ledger):
    entry = ledger.register("H99.1", on=date(2026, 2, 6))
    ledger.join(entry, "H99.1", date(2026, 2, 10), format_findings=2, editable_missing=True)
    commit_secret(ledger.scene(), Q1, chance)
    ledger.clock.now = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
    make_population(ledger.scene(), Q1, TOLD)
    draw_sample(ledger.scene(ledger.clock.now + timedelta(days=8)), Q1, "12345", WITNESS)
    rows = ledger.state.read(lambda c: scoring_findings.of_period(c, "2026-Q1"))
    assert [(row.part, row.entry, row.kind, row.grounds) for row in rows] == [
        ("format", entry, "electronic", "Hệ thống ghi nhận 2 lỗi thể thức."),
        ("sending", entry, "paper", "Gửi bản điện tử ngày 10/02/2026, sau thời hạn 09/02/2026."),
    ]


def test_there_is_no_second_draw(fixed):
    first = draw_sample(fixed.scene(), Q1, "12345", WITNESS)
    fixed.clock.now += timedelta(days=1)
    assert draw_sample(fixed.scene(), Q1, "12-345", WITNESS) == first
    for value, witness in (("54321", WITNESS), ("12345", "Lê Văn Cường")):
        with pytest.raises(ScoringError, match=r"drawn on 10/04/2026 with the value 12345.*no second draw"):
            draw_sample(fixed.scene(), Q1, value, witness)
    with pytest.raises(ScoringError, match="its population stands"):
        make_population(fixed.scene(), Q1, Announcement(TOLD.source, TOLD.form, LATER, "muốn đổi"))
    assert len(fixed.state.read(lambda c: scoring_findings.of_period(c, "2026-Q1"))) == 4


@pytest.mark.parametrize(
    "witness", ["Nguyễn Văn An", "nguyễn văn an", "Nguyễn  Văn An ", unicodedata.normalize("NFD", "Nguyễn Văn An")]
)
def test_the_witness_is_somebody_else(fixed, witness):
    with pytest.raises(ScoringError, match="the witness is another person"):
        draw_sample(fixed.scene(), Q1, "12345", witness)


def test_a_population_that_was_edited_in_the_database_is_noticed(fixed):
    change = "UPDATE scoring_populations SET body = replace(body, 'den/2026/5', 'den/2026/4')"
    fixed.state.write(lambda c: c.execute(text(change)) and None)
    with pytest.raises(ScoringError, match="not what was published"):
        draw_sample(fixed.scene(), Q1, "12345", WITNESS)


@pytest.mark.parametrize("change", [Path.unlink, lambda p: p.write_text("x"), lambda p: p.write_bytes(b"\xff")])
def test_a_secret_that_is_gone_or_damaged_is_told_with_the_remedy(fixed, change):
    change(secret_path(fixed.folder / "spool", Q1))
    with pytest.raises(ScoringError, match="restore it from a backup"):
        draw_sample(fixed.scene(), Q1, "12345", WITNESS)


def test_another_secret_than_the_one_committed_to_is_noticed(fixed):
    path = secret_path(fixed.folder / "spool", Q1)
    path.write_text("a" * 64)
    with pytest.raises(ScoringError, match="not the one that was published"):
        draw_sample(fixed.scene(), Q1, "12345", WITNESS)


@pytest.mark.parametrize(("done", "step"), [(0, "commit-secret"), (1, "population"), (2, "draw")])
def test_results_before_the_draw_name_the_next_step(ledger, done, step):
    ledger.add("H99.1")
    if done > 0:
        commit_secret(ledger.scene(), Q1, chance)
    if done > 1:
        make_population(ledger.scene(datetime(2026, 4, 3, tzinfo=UTC)), Q1, TOLD)
    with pytest.raises(ScoringError, match=f"was not drawn; the next step is .vbdaemon report {step} --period 2026-Q1"):
        stored_sample(ledger.state, Q1)


def test_a_step_is_an_event_that_names_who_did_it(fixed):
    draw_sample(fixed.scene(), Q1, "12345", WITNESS)
    kinds = fixed.state.read(lambda c: c.execute(text("SELECT kind, words FROM events ORDER BY id")).all())
    assert [kind for kind, _ in kinds] == ["scoring-secret", "scoring-population", "scoring-drawn"]
    assert all(words.startswith("Nguyễn Văn An: 2026-Q1") for _, words in kinds)


def test_a_clock_is_given_and_none_is_read(fixed):
    assert isinstance(fixed.clock, FrozenClock)
    sample = draw_sample(fixed.scene(), Q1, "12345", WITNESS)
    assert json.loads(sample_bytes(sample))["drawn_at"] == "2026-04-10T02:00:00+00:00"
