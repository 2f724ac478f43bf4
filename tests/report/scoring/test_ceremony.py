"""The steps of a draw: each in its time, each once, none that lets somebody choose."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from vbdaemon.report.ceremony import Announcement, commit_secret, make_population, present_population
from vbdaemon.report.drawing import draw_sample, stored_sample
from vbdaemon.report.population import population_bytes, population_hash
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample_file import sample_bytes
from vbdaemon.report.secret_file import secret_path
from vbdaemon.report.seed import ScoringError, ValueForm, commitment_of
from vbdaemon.report.verification import Published, verify
from vbdaemon.state import scoring_findings
from vbdaemon.testing import FrozenClock

Q1 = Quarter(2026, 1)
LAST_MOMENT = datetime(2026, 3, 31, 16, 59, 59, tzinfo=UTC)
"""A second before April in Vietnam."""
TOLD = Announcement("giải đặc biệt xổ số miền Bắc ngày 10/4/2026", ValueForm.parse("digits:5"))
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
    again = Announcement(TOLD.source, TOLD.form, "văn bản của một đơn vị vào sổ sau")
    second = make_population(fixed.scene(), Q1, again)
    assert population_hash(second) != first
    fixed.clock.now += timedelta(days=1)
    sample = draw_sample(fixed.scene(), Q1, "12345", WITNESS)
    assert [(each.sha256, each.why) for each in sample.replaced] == [(first, again.why)]
    assert sample.population == second


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


def test_there_is_no_second_draw(fixed):
    first = draw_sample(fixed.scene(), Q1, "12345", WITNESS)
    fixed.clock.now += timedelta(days=1)
    assert draw_sample(fixed.scene(), Q1, "12-345", WITNESS) == first
    for value, witness in (("54321", WITNESS), ("12345", "Lê Văn Cường")):
        with pytest.raises(ScoringError, match=r"drawn on 10/04/2026 with the value 12345.*no second draw"):
            draw_sample(fixed.scene(), Q1, value, witness)
    with pytest.raises(ScoringError, match="its population stands"):
        make_population(fixed.scene(), Q1, Announcement(TOLD.source, TOLD.form, "muốn đổi"))
    assert len(fixed.state.read(lambda c: scoring_findings.of_period(c, "2026-Q1"))) == 4


@pytest.mark.parametrize("witness", ["Nguyễn Văn An", "nguyễn văn an"])
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
