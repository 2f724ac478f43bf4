"""Checking a sample file by computing everything again: no settings, no state, no network.

What holds when every step does: given the three published values, the sample is the only one that this secret, this
population and this public value allow; so nobody chose it, unless the publication itself is not what it seems.
Without the published values the file only agrees with itself, which a forger can arrange too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from vbdaemon.clock import VIETNAM
from vbdaemon.errors import ConfigurationError
from vbdaemon.report.population import flaws, moment_of, population_hash
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.sample_file import METHOD, SCHEMA, WHAT, SampleFile, UnitSample, parse_sample, samples
from vbdaemon.report.seed import SECRET, ScoringError, ValueForm, commitment_of, seed_of
from vbdaemon.report.words import day_words


@dataclass(frozen=True, slots=True)
class Published:
    """What the one who checks read where it was published; None = not told."""

    commitment: str | None = None
    population_sha256: str | None = None
    public_value: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the check. `holds` None: could not be compared, a person must."""

    name: str
    holds: bool | None
    words: str


def verify(body: bytes, published: Published) -> tuple[Step, ...]:
    """Every step up to the first that fails; the last one tells."""
    taken: list[Step] = []
    try:
        sample = parse_sample(body)
    except ScoringError as error:
        return (Step("file", False, str(error)),)
    for step in _steps(sample, published):
        taken.append(replace(step, words=_printable(step.words)))
        if step.holds is False:
            break
    return tuple(taken)


def _printable(words: str) -> str:
    """The file's own words cannot write a line of the check, nor wipe one out."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in words)


def _steps(sample: SampleFile, published: Published) -> Iterator[Step]:
    yield from steps_within(sample)
    yield from _replaced(sample)
    yield _told("published commitment", sample.commitment, published.commitment)
    yield _told("published population hash", sample.population_sha256, published.population_sha256)
    yield _told_value(sample, published.public_value)


def steps_within(sample: SampleFile) -> Iterator[Step]:
    """What the sample itself must fulfil; to be stopped at the first that fails."""
    yield _file(sample)
    yield _secret(sample)
    yield _population(sample)
    yield _value(sample)
    yield _times(sample)
    same = sample.seed == seed_of(sample.secret, sample.public_value)
    yield Step("seed", same, "SHA-256 of secret and public value" if same else "not SHA-256 of secret and public value")
    yield _drawn(sample)


def _file(sample: SampleFile) -> Step:
    known = (sample.schema, sample.what, sample.method) == (SCHEMA, WHAT, METHOD)
    return Step("file", known, "whole, as it was written" if known else "of a form that this program does not know")


def _secret(sample: SampleFile) -> Step:
    if SECRET.fullmatch(sample.secret) is None:
        return Step("secret", False, "not 64 hexadecimal digits")
    if commitment_of(sample.secret) != sample.commitment:
        return Step("secret", False, "its SHA-256 is not the commitment")
    if sample.population.commitment != sample.commitment:
        return Step("secret", False, "the population was made for another commitment")
    return Step("secret", True, f"its SHA-256 is the commitment {sample.commitment}")


def _population(sample: SampleFile) -> Step:
    if population_hash(sample.population) != sample.population_sha256:
        return Step("population", False, "its SHA-256 is not the one that is stated")
    if sample.population.period != sample.period:
        return Step("population", False, f"it is of {sample.population.period}, not of {sample.period}")
    if wrong := next(flaws(sample.population), None):
        return Step("population", False, wrong)
    return Step("population", True, f"{len(sample.population.units)} units, SHA-256 {sample.population_sha256}")


def _value(sample: SampleFile) -> Step:
    form = ValueForm.parse(sample.population.public_form)
    try:
        plain = form.read(sample.public_value) == sample.public_value
    except ScoringError as error:
        return Step("public value", False, str(error))
    if not plain:
        return Step("public value", False, "not written as it was announced: digits alone")
    return Step("public value", True, f"{sample.public_value}, announced as: {sample.population.public_source}")


def _times(sample: SampleFile) -> Step:
    stated = (sample.committed_at, sample.population.made_at, *(c.drawn_at for c in sample.corrected), sample.drawn_at)
    try:
        committed, made, *draws = (moment_of(text) for text in stated)
        quarter = Quarter.parse(sample.period)
        on = date.fromisoformat(sample.population.public_on)
    except (ValueError, ConfigurationError):
        return Step("times", False, "a time is not one")
    if committed.astimezone(VIETNAM).date() > quarter.last_day:
        return Step("times", False, "the secret was made after the quarter had ended")
    if not _rising(committed, made, *draws) or made.astimezone(VIETNAM).date() <= quarter.last_day:
        return Step("times", False, "secret, end of the quarter, population, draw: not in this order")
    if draws[0].astimezone(VIETNAM).date() < on:
        return Step("times", False, f"it was drawn before {day_words(on)}, the day of its public value")
    words = f"secret, end of the quarter, population, day of the value {day_words(on)}, draw, in this order"
    return Step("times", True, f"{words} (by the office's word)")


def _rising(*moments: datetime) -> bool:
    return all(before < after for before, after in pairwise(moments))


def _drawn(sample: SampleFile) -> Step:
    computed = samples(sample.population, sample.seed)
    if [each.code for each in sample.sample] != [each.code for each in computed]:
        return Step("sample", False, "it does not name exactly the units of the population, in their order")
    for stated, right in zip(sample.sample, computed, strict=True):
        if wrong := _difference(stated, right):
            return Step("sample", False, f"{stated.code}, {wrong}")
    number = sum(len(each.format) + len(each.sending or ()) for each in computed)
    return Step("sample", True, f"{number} documents, each in its place")


def _difference(stated: UnitSample, right: UnitSample) -> str:
    for part, ours, theirs in (
        (Part.FORMAT, right.format, stated.format),
        (Part.SENDING, right.sending, stated.sending),
    ):
        if ours != theirs:
            wanted = "none" if ours is None else " ".join(each.entry for each in ours) or "nothing"
            return f"{part}: the draw gives {wanted}"
    return ""


def _replaced(sample: SampleFile) -> Iterator[Step]:
    """Whoever had several populations published could have chosen among them: a person has to look."""
    made = (*(each.made_at for each in sample.replaced), sample.population.made_at)
    for each, after in zip(sample.replaced, made[1:], strict=True):
        words = f"{each.sha256} of {each.made_at}: {each.why}; if that one was published too, ask when and why"
        if _known(each.public_on, after):
            words += f"; replaced NOT BEFORE {each.public_on}, when its value was due: what it draws could be known"
        yield Step("replaced population", None, words)
    for draw in sample.corrected:
        words = f"with {draw.public_value} ({draw.witness}, {draw.drawn_at}): {draw.why}; the published value decides"
        yield Step("corrected draw", None, words)


def _known(public_on: str, replaced_at: str) -> bool:
    """True when the value may have existed when another population took the place of its own."""
    try:
        return date.fromisoformat(public_on) <= moment_of(replaced_at).astimezone(VIETNAM).date()
    except ValueError:
        return True


def _told(name: str, stated: str, read: str | None) -> Step:
    if read is None:
        return Step(name, None, f"compare it yourself: {stated}")
    same = read.strip().lower() == stated
    return Step(name, same, "the same" if same else f"the file has {stated}, published was {read.strip().lower()}")


def _told_value(sample: SampleFile, read: str | None) -> Step:
    if read is None:
        return Step("published value", None, f"compare it yourself: {sample.public_value}")
    try:
        value = ValueForm.parse(sample.population.public_form).read(read)
    except ScoringError as error:
        return Step("published value", False, str(error))
    return _told("published value", sample.public_value, value)
