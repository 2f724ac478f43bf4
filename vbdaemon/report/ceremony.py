"""The steps by which a quarter's sample comes about, each once: secret, population, draw.

The order is what makes it fair. The secret is committed to (its hash is published) before the quarter ends, so it
cannot be chosen for its outcome. The population is fixed (its hash is published) before the public value exists, so it
cannot be shaped for its outcome. The public value is nobody's choice. Then everything follows by SHA-256.

What this cannot do: prove that and when the hashes were published, or that the witness typed what was drawn in public;
keep the office from never drawing at all; or notice a document that was never registered.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from vbdaemon.report.frame import came_in, left_out, scored_units, unit_frames
from vbdaemon.report.population import (
    SCHEMA,
    WHAT,
    Population,
    flaws,
    parse_population,
    population_bytes,
    population_hash,
)
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.scene import Scene, check_scored, committed, complete_after, local_day, stamp
from vbdaemon.report.secret_file import keep_secret, secret_path
from vbdaemon.report.seed import ScoringError, ValueForm, commitment_of, new_secret
from vbdaemon.report.words import day_words
from vbdaemon.state import scoring
from vbdaemon.state.scoring import PopulationRow
from vbdaemon.state.statistics_open import under_way
from vbdaemon.state.store import State


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said with the population of the value to come."""

    source: str
    form: ValueForm
    on: date
    """The day on which it comes into being."""
    why: str = ""
    """Why it replaces a population that was made before."""


def commit_secret(scene: Scene, quarter: Quarter, randomness: Callable[[int], bytes]) -> str:
    """Make the quarter's secret and write its hash down; the hash is the answer, and is to be published.

    ScoringError after the quarter has ended, ActRefused when it has a secret.
    """
    check_scored(quarter, scene.rule)
    if local_day(scene.at) > quarter.last_day:
        raise ScoringError(
            f"{quarter} ended on {day_words(quarter.last_day)}: its secret had to be made and published before; "
            f"make the one of {Quarter.of(local_day(scene.at))}"
        )
    if (present := scene.state.read(partial(scoring.quarter, period=str(quarter)))) is not None:
        since = day_words(local_day(present.committed_at))
        raise ScoringError(f"{quarter} has its secret since {since}; published: {present.commitment}")
    secret = keep_secret(secret_path(scene.spool, quarter), new_secret(randomness))
    commitment = commitment_of(secret)
    scene.state.write(
        partial(scoring.commit, period=str(quarter), commitment=commitment, at=scene.at, who=scene.who),
    )
    return commitment


def make_population(scene: Scene, quarter: Quarter, told: Announcement) -> Population:
    """The population of a quarter that has ended, written down; its hash is to be published at once.

    ScoringError when it is too early, when nothing came, or when there is one and no reason to replace it.
    """
    check_scored(quarter, scene.rule)
    row = committed(scene, quarter)
    if row.drawn_at is not None:
        raise ScoringError(f"{quarter} was drawn on {day_words(local_day(row.drawn_at))}; its population stands")
    last = complete_after(quarter, scene.rule, scene.snapshot.working_days)
    if local_day(scene.at) <= last:
        raise ScoringError(f"{quarter} can be counted after {day_words(last)}: until then documents may still come")
    if scene.state.read(partial(scoring.populations, period=str(quarter))) and not told.why:
        raise ScoringError(
            f"{quarter} has a population; write it again with --again, or say with --replace WHY why another is made"
        )
    if told.on <= local_day(scene.at):
        raise ScoringError(
            f"the public value must not exist yet: {day_words(told.on)} is not after today; name a later one"
        )
    if scene.state.read(partial(under_way, until=quarter.last_day)):
        raise ScoringError(f'documents of {quarter} have no decision yet; wait for the daemon, see "vbdaemon status"')
    made = _population(scene, quarter, row.commitment, told)
    body = population_bytes(made).decode()
    kept = PopulationRow(population_hash(made), scene.at, scene.who, told.why, body)
    scene.state.write(partial(scoring.add_population, period=str(quarter), made=kept))
    return made


def unplaced(scene: Scene, quarter: Quarter) -> Counter[str]:
    """How many documents of the quarter are of units that the directory does not have: they can be drawn of nobody."""
    came = scene.state.read(partial(came_in, quarter=quarter))
    codes = [each.sender for each in came.sent if not left_out(each)]
    codes += [each.sender for each in came.papers]
    return Counter(sorted(code for code in codes if code and scene.snapshot.directory.unit(code) is None))


def present_population(state: State, quarter: Quarter) -> Population:
    """The population that counts; ScoringError when there is none, or it is not what was written down."""
    rows = state.read(partial(scoring.populations, period=str(quarter)))
    if not rows:
        raise ScoringError(f'{quarter} has no population; "vbdaemon report population --period {quarter}" makes it')
    made = parse_population(rows[-1].body)
    if population_hash(made) != rows[-1].sha256:
        raise ScoringError(f"the population of {quarter} is not what was published; restore the state from a backup")
    return made


def _population(scene: Scene, quarter: Quarter, commitment: str, told: Announcement) -> Population:
    if not scored_units(scene.snapshot):
        raise ScoringError("no unit is scored; see the key scored in units.toml")
    came = scene.state.read(partial(came_in, quarter=quarter))
    made = Population(
        schema=SCHEMA,
        what=WHAT,
        period=str(quarter),
        made_at=stamp(scene.at),
        commitment=commitment,
        public_source=told.source,
        public_on=told.on.isoformat(),
        public_form=str(told.form),
        format_documents=scene.rule.format_documents,
        sending_documents=scene.rule.sending_documents,
        points=scene.rule.points,
        most_points=scene.rule.most_points,
        units=unit_frames(came, scene.snapshot, scene.rule),
    )
    if not any(unit.format.entries or (unit.sending and unit.sending.entries) for unit in made.units):
        raise ScoringError(f"in {quarter} no document of a scored unit came in; there is nothing to draw from")
    if wrong := next(flaws(made), None):
        raise ScoringError(f"the population of {quarter} is not sound: {wrong}")
    return made
