"""The draw: once and for ever; and what people have to look at because of it."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from vbdaemon.report.ceremony import present_population
from vbdaemon.report.fault import propose
from vbdaemon.report.frame import Came, came_in
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.sample_file import Ceremony, Replaced, SampleFile, make_sample, parse_sample, sample_bytes
from vbdaemon.report.scene import Scene, committed, local_day, stamp
from vbdaemon.report.secret_file import read_secret, secret_path
from vbdaemon.report.seed import ScoringError, ValueForm, commitment_of
from vbdaemon.report.unsent import Unsent
from vbdaemon.report.words import day_words
from vbdaemon.state import scoring, scoring_findings
from vbdaemon.state.connection import Connection
from vbdaemon.state.scoring import QuarterRow
from vbdaemon.state.scoring_findings import NewFinding
from vbdaemon.state.store import State


def draw_sample(scene: Scene, quarter: Quarter, value: str, witness: str) -> SampleFile:
    """Draw, once and for ever, and write down what people have to look at.

    The same value and witness again give the same file again; others are refused. ScoringError says what is missing.
    """
    row = committed(scene, quarter)
    population = present_population(scene.state, quarter)
    typed = ValueForm.parse(population.public_form).read(value)
    if row.sample is not None:
        return _drawn_before(row, typed, witness)
    if witness.casefold() in {row.committed_by.casefold(), scene.who.casefold()}:
        raise ScoringError(f"the witness is another person than who made the secret or draws: not {witness}")
    sample = make_sample(population, _ceremony(scene, quarter, row, typed, witness))
    came = scene.state.read(partial(came_in, quarter=quarter))
    scene.state.write(partial(_write_draw, scene=scene, sample=sample, came=came))
    return sample


def stored_sample(state: State, quarter: Quarter) -> SampleFile:
    """The sample that was drawn; ScoringError says which step comes next when it was not."""
    return state.read(partial(sample_of, period=str(quarter)))


def sample_of(connection: Connection, period: str) -> SampleFile:
    """The same, on a connection."""
    row = scoring.quarter(connection, period)
    if row is None or row.sample is None:
        step = "commit-secret" if row is None else "draw" if scoring.populations(connection, period) else "population"
        raise ScoringError(f'{period} was not drawn; the next step is "vbdaemon report {step} --period {period}"')
    return parse_sample(row.sample.encode())


def _ceremony(scene: Scene, quarter: Quarter, row: QuarterRow, value: str, witness: str) -> Ceremony:
    secret = read_secret(secret_path(scene.spool, quarter))
    if commitment_of(secret) != row.commitment:
        raise ScoringError(f"the secret of {quarter} is not the one that was published; restore it from a backup")
    former = scene.state.read(partial(scoring.populations, period=str(quarter)))
    replaced = tuple(Replaced(old.sha256, stamp(old.made_at), new.why) for old, new in pairwise(former))
    return Ceremony(secret, stamp(row.committed_at), replaced, value, witness, stamp(scene.at))


def _drawn_before(row: QuarterRow, value: str, witness: str) -> SampleFile:
    assert row.sample is not None
    assert row.drawn_at is not None
    sample = parse_sample(row.sample.encode())
    if (sample.public_value, sample.witness) != (value, witness):
        raise ScoringError(
            f"{row.period} was drawn on {day_words(local_day(row.drawn_at))} with the value {sample.public_value}, "
            f"witness {sample.witness}; there is no second draw"
        )
    return sample


def _write_draw(connection: Connection, *, scene: Scene, sample: SampleFile, came: Came) -> None:
    """The draw and its findings, together or not at all."""
    scoring.draw(connection, sample.period, sample_bytes(sample).decode(), scene.at, scene.who)
    scoring_findings.add(connection, _findings(scene, sample, came))


def _findings(scene: Scene, sample: SampleFile, came: Came) -> Iterator[NewFinding]:
    rows = came.by_entry
    unsent = Unsent(scene.snapshot, scene.rule, came.arrivals)
    for unit, drawn in zip(sample.population.units, sample.sample, strict=True):
        for part, entries in ((Part.FORMAT, drawn.format), (Part.SENDING, drawn.sending or ())):
            frame = unit.frame(part)
            for place, each in enumerate(entries, start=1):
                seen = propose(part, rows.get(each.entry), scene.snapshot.policy, unsent)
                kind = frame.kind(each.entry) if frame else ""
                yield NewFinding(sample.period, part, unit.code, place, each.entry, kind, seen.mark, seen.grounds)
