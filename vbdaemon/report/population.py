"""The population: what a quarter's sample is drawn from, as a file whose SHA-256 is published before the draw.

It holds register numbers alone: no subjects, no names of persons. It bears the commitment to the secret, and where the
public value will come from, so that its one hash binds all that is settled before the value exists.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from pydantic import TypeAdapter, ValidationError

from vbdaemon.clock import VIETNAM
from vbdaemon.errors import ConfigurationError
from vbdaemon.report.quarter import Quarter
from vbdaemon.report.sample import Part
from vbdaemon.report.seed import ScoringError, ValueForm

SCHEMA = 1
WHAT = "vbdaemon scoring population"


@dataclass(frozen=True, slots=True)
class Frame:
    """What may be drawn of one unit for one part, each entry by its register number, in order of text."""

    electronic: tuple[str, ...] = ()
    """Registered: "den/2026/15"."""
    refused: tuple[str, ...] = ()
    """Refused, so without a number: id of the submission, a slash, which of its documents."""
    paper: tuple[str, ...] = ()
    """Came on paper alone though its form travels electronically only; by register number too."""

    @property
    def entries(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(chain(self.electronic, self.refused, self.paper))

    def kind(self, entry: str) -> str:
        """How the entry came: "electronic", "refused" or "paper"."""
        if entry in self.refused:
            return "refused"
        return "paper" if entry in self.paper else "electronic"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many documents of the unit came in the quarter and cannot be drawn, by why; counts, so that it is seen."""

    held: int = 0
    """Not decided yet."""
    voided: int = 0
    """Their register number was voided."""
    duplicates: int = 0
    """The same document once more."""
    drafts: int = 0
    """Drafts are not issued."""
    sent_too: int = 0
    """Paper that had come electronically in time."""
    withdrawn: int = 0
    """Recalled, updated or replaced by who sent them."""
    foreign: int = 0
    """Issued by whoever is not scored (a superior, a court, a company): the sender answers for none of it."""


@dataclass(frozen=True, slots=True)
class UnitFrame:
    """One scored unit."""

    code: str
    name: str
    format: Frame
    sending: Frame | None
    """None: the unit has no signature account; it gets guidance and no deduction (552/UBND §1, §3)."""
    left_out: LeftOut = field(default_factory=LeftOut)

    def frame(self, part: Part) -> Frame | None:
        """What may be drawn for this part."""
        return self.format if part is Part.FORMAT else self.sending


@dataclass(frozen=True, slots=True)
class Population:
    """All scored units of a quarter, and what was settled before the public value came into being."""

    schema: int
    what: str
    period: str
    made_at: str
    """ISO 8601, UTC."""
    commitment: str
    """SHA-256 of the secret."""
    public_source: str
    """Where the public value will come from."""
    public_on: str
    """The day on which it comes into being (ISO 8601, in Vietnam); later than the one on which this was made."""
    public_form: str
    """How it is written: "digits:5"."""
    format_documents: int
    """How many are drawn of each unit."""
    sending_documents: int
    points: float
    """Deducted for each document that is not as required."""
    most_points: float | None
    """Deducted from a unit at most; None = as many as there are."""
    units: tuple[UnitFrame, ...]
    """In order of their codes."""

    def count(self, part: Part) -> int:
        """How many documents of each unit are drawn for this part."""
        return self.format_documents if part is Part.FORMAT else self.sending_documents


_codec: TypeAdapter[Population] = TypeAdapter(Population)


def population_bytes(population: Population) -> bytes:
    """The file: the same bytes for the same population, whatever version writes it."""
    return canonical(asdict(population))


def population_hash(population: Population) -> str:
    """SHA-256 of the file: what is published."""
    return hashlib.sha256(population_bytes(population)).hexdigest()


def parse_population(body: bytes | str) -> Population:
    """The population of a file; ScoringError when it is none, or not written as this program writes it."""
    try:
        population = _codec.validate_json(body)
    except ValidationError as error:
        raise ScoringError(f"no population file ({error.error_count()} mistakes)") from error
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    if _written(population) != raw:
        raise ScoringError("the population file was changed since it was made")
    return population


def _written(population: Population) -> bytes | None:
    try:
        return population_bytes(population)
    except ValueError:  # a number beyond all numbers
        return None


def canonical(table: Any) -> bytes:
    """JSON in one way only: UTF-8, one blank a level, one line feed at the end."""
    return (json.dumps(table, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8", "backslashreplace")


def flaws(population: Population) -> Iterator[str]:
    """Whatever would let one thing be drawn as two, or be read in two ways; nothing when the population is sound."""
    if population.schema != SCHEMA or population.what != WHAT:
        yield "it is not a population file of a form that this program knows"
    yield from _misspelt(population)
    codes = [unit.code for unit in population.units]
    if codes != sorted(set(codes)):
        yield "units stand twice, or not in the order of their codes"
    for part in (Part.FORMAT, Part.SENDING):
        frames = [frame for unit in population.units if (frame := unit.frame(part)) is not None]
        twice = [each for each, number in Counter(e for f in frames for e in f.entries).items() if number > 1]
        if twice:
            yield f"{part}: {min(twice)} stands twice"
        elif len({_spelt(e) for f in frames for e in f.entries}) < sum(len(f.entries) for f in frames):
            yield f"{part}: a document stands in two spellings"
        if any(list(group) != sorted(group) for f in frames for group in (f.electronic, f.refused, f.paper)):
            yield f"{part}: entries do not stand in order"
        if any(not entry.isprintable() or not entry for f in frames for entry in f.entries):
            yield f"{part}: an entry is empty or has signs that do not print"


def _spelt(entry: str) -> str:
    """The same for "den/2026/7" and "den/2026/07", and for all that looks like either."""
    parts = ("".join(part.split()).lstrip("0") for part in unicodedata.normalize("NFKC", entry).split("/"))
    return "/".join(parts)


def _misspelt(population: Population) -> Iterator[str]:
    try:
        if str(Quarter.parse(population.period)) != population.period:
            yield f"period {population.period!r} is not written as this program writes it"
        ValueForm.parse(population.public_form)
    except (ConfigurationError, ScoringError) as error:
        yield str(error)
    yield from _misdated(population)
    numbers = (population.format_documents, population.sending_documents, population.points, population.most_points)
    if any(number is not None and number < 0 for number in numbers):
        yield "a number of documents or points is below zero"


def _misdated(population: Population) -> Iterator[str]:
    """Whoever makes the population on the day of the value could know it already."""
    try:
        made, on = moment_of(population.made_at), date.fromisoformat(population.public_on)
    except ValueError:
        yield "a time is not one"
        return
    if on.isoformat() != population.public_on:
        yield f"the day {population.public_on!r} is not written as this program writes it"
    if made.astimezone(VIETNAM).date() >= on:
        yield "it was not made before the day of its public value"


def moment_of(text: str) -> datetime:
    """A time of a file; ValueError when it is not written as this program writes it: ISO 8601, UTC."""
    try:
        moment = datetime.fromisoformat(text)
        plain = moment.tzinfo is not None and moment.astimezone(UTC).isoformat() == text
        moment.astimezone(VIETNAM)
    except OverflowError as error:  # the first and the last day that a calendar has
        raise ValueError(text) from error
    if not plain:
        raise ValueError(text)
    return moment
