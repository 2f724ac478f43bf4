"""The draw: once and for ever; and what people have to look at because of it."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from itertools import pairwise

from vbdaemon.report.ceremony import present_population
from vbdaemon.report.fault import propose
from vbdaemon.report.frame import Came, drawn_in
from vbdaemon.report.population import parse_population
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.sample_file import (
    Ceremony,
    Corrected,
    Replaced,
    SampleFile,
    make_sample,
    parse_sample,
    sample_bytes,
)
from vbdaemon.report.scene import Scene, check_scored, committed, local_day, stamp
from vbdaemon.report.secret_file import read_secret, secret_path
from vbdaemon.report.seed import ScoringError, ValueForm, commitment_of
from vbdaemon.report.unsent import Unsent
from vbdaemon.report.words import day_words
from vbdaemon.state import scoring, scoring_decided, scoring_findings
from vbdaemon.state.connection import Connection
from vbdaemon.state.scoring import QuarterRow
from vbdaemon.state.scoring_findings import NewFinding
from vbdaemon.state.scoring_frame import Paper, Sent
from vbdaemon.state.store import State


def draw_sample(scene: Scene, quarter: Quarter, value: str, witness: str, correction: str = "") -> SampleFile:
    """Draw, once and for ever, and write down what people have to look at.

    The same value and witness again give the same file again; another value takes a `correction`: why the one before
    was wrong. It stays in the file, and nobody can choose so: with any value but the published one the check fails.
    ScoringError says what is missing.
    """
    check_scored(quarter, scene.rule)
    row = committed(scene, quarter)
    population = present_population(scene.state, quarter)
    typed = ValueForm.parse(population.public_form).read(value)
    former = parse_sample(row.sample.encode()) if row.sample is not None else None
    if former is not None and not (correction and typed != former.public_value):
        return _drawn_before(former, typed, witness)
    if former is None and correction:
        raise ScoringError(f"{quarter} was not drawn; there is nothing to correct")
    if local_day(scene.at) < (on := date.fromisoformat(population.public_on)):
        raise ScoringError(f"the public value of {quarter} comes into being on {day_words(on)}; draw then")
    _check_witness(scene, quarter, row, witness)
    sample = make_sample(population, _ceremony(scene, quarter, row, typed, witness, former, correction))
    entries = [each.entry for unit in sample.sample for each in (*unit.format, *(unit.sending or ()))]
    came = scene.state.read(partial(drawn_in, quarter=quarter, entries=entries))
    scene.state.write(partial(_write_draw, scene=scene, sample=sample, came=came, why=correction))
    return sample


def stored_sample(state: State, quarter: Quarter) -> SampleFile:
    """The sample that was drawn; ScoringError says which step comes next when it was not."""
    return state.read(partial(sample_of, period=str(quarter)))


def sample_of(connection: Connection, period: str) -> SampleFile:
    """The same, on a connection."""
    row = scoring.quarter(connection, period)
    if row is None or row.sample is None:
        step = "commit-secret" if row is None else "draw" if scoring.populations(connection, period) else "population"
        words = f'{period} was not drawn; the next step is "vbdaemon report {step} --period {period}"'
        if row is None:
            words += f", until {day_words(Quarter.parse(period).last_day)} is over and never after"
        raise ScoringError(words)
    return parse_sample(row.sample.encode())


def _check_witness(scene: Scene, quarter: Quarter, row: QuarterRow, witness: str) -> None:
    """ScoringError when it is who made the secret or the population, or who draws or drew."""
    made = scene.state.read(partial(scoring.populations, period=str(quarter)))
    others = (row.committed_by, row.drawn_by or "", scene.who, *(each.made_by for each in made))
    if _name(witness) in {_name(who) for who in others}:
        raise ScoringError(
            f"the witness is another person than who made the secret or the population, or draws: not {witness}"
        )


def _name(who: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", who).casefold().split())


def _ceremony(
    scene: Scene, quarter: Quarter, row: QuarterRow, value: str, witness: str, before: SampleFile | None, why: str
) -> Ceremony:
    secret = read_secret(secret_path(scene.spool, quarter))
    if commitment_of(secret) != row.commitment:
        raise ScoringError(f"the secret of {quarter} is not the one that was published; restore it from a backup")
    former = scene.state.read(partial(scoring.populations, period=str(quarter)))
    replaced = tuple(
        Replaced(old.sha256, stamp(old.made_at), new.why, parse_population(old.body).public_on)
        for old, new in pairwise(former)
    )
    corrected: tuple[Corrected, ...] = ()
    if before is not None:
        wrong = Corrected(before.public_value, before.witness, before.drawn_at, why)
        corrected = (*before.corrected, wrong)
    return Ceremony(secret, stamp(row.committed_at), replaced, value, witness, stamp(scene.at), corrected)


def _drawn_before(sample: SampleFile, value: str, witness: str) -> SampleFile:
    if (sample.public_value, sample.witness) != (value, witness):
        drawn_on = local_day(datetime.fromisoformat(sample.drawn_at))
        raise ScoringError(
            f"{sample.period} was drawn on {day_words(drawn_on)} with the value {sample.public_value}, "
            f"witness {sample.witness}; there is no second draw (a value that was typed wrongly: --correct WHY)"
        )
    return sample


def _write_draw(connection: Connection, *, scene: Scene, sample: SampleFile, came: Came, why: str) -> None:
    """The draw and its findings, together or not at all."""
    if scoring.populations(connection, sample.period)[-1].sha256 != sample.population_sha256:
        raise ScoringError(f"the population of {sample.period} was replaced meanwhile; draw again")
    body = sample_bytes(sample).decode()
    if not why:
        scoring.draw(connection, sample.period, body, scene.at, scene.who)
        scoring_findings.add(connection, _findings(connection, scene, sample, came))
        return
    wrong = sample.corrected[-1]
    scoring.redraw(connection, sample.period, body, scene.at, f"{scene.who}: {wrong.public_value} was wrong: {why}")
    scoring_findings.replace(connection, sample.period, tuple(_findings(connection, scene, sample, came)))


def _named(connection: Connection, part: Part, row: Sent | Paper | None) -> tuple[str, ...]:
    """The faults of its format, for who confirms or contests them; of a restricted document no word."""
    if part is not Part.FORMAT or not isinstance(row, Sent) or row.restricted or not row.format_findings:
        return ()
    return scoring_decided.format_faults(connection, row.submission, row.ordinal)


def _findings(connection: Connection, scene: Scene, sample: SampleFile, came: Came) -> Iterator[NewFinding]:
    rows, papers = came.by_entry, came.papers_by_entry
    unsent = Unsent(scene.snapshot, scene.rule, came.arrivals)
    for unit, drawn in zip(sample.population.units, sample.sample, strict=True):
        for part, entries in ((Part.FORMAT, drawn.format), (Part.SENDING, drawn.sending or ())):
            frame = unit.frame(part)
            for place, each in enumerate(entries, start=1):
                kind = frame.kind(each.entry) if frame else ""
                row = papers.get(each.entry) if kind == "paper" else rows.get(each.entry)
                named = _named(connection, part, row)
                seen = propose(part, row, scene.snapshot.policy, unsent, named)
                yield NewFinding(sample.period, part, unit.code, place, each.entry, kind, seen.mark, seen.grounds)
