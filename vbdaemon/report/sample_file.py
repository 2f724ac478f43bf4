"""The sample as a file that explains itself: secret, public value, population and what was drawn."""

import hashlib
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter, ValidationError

from vbdaemon.report.population import Population, canonical, population_hash
from vbdaemon.report.sample import Drawn, Part, draw
from vbdaemon.report.seed import ScoringError, seed_of

SCHEMA = 1
"""These words and this way to draw, for ever; another way takes another number, and this one stays checkable."""
WHAT = "vbdaemon scoring sample"
METHOD = (
    "seed = SHA-256(secret + public value); "
    'order of entries = SHA-256(seed + "\\n" + "format" or "sending" + "\\n" + entry), smallest first; '
    "of each unit the first ones are the sample; all in hexadecimal small letters, UTF-8. "
    "This proves that nobody could choose the sample once commitment and population hash were published and before "
    "the public value existed. It does not prove that and when they were published, nor where the value came from: "
    "compare commitment, population hash and public value with their publication. "
    "That the population is complete, each unit sees by its own register."
)


@dataclass(frozen=True, slots=True)
class UnitSample:
    """What was drawn of one unit."""

    code: str
    format: tuple[Drawn, ...]
    sending: tuple[Drawn, ...] | None
    """None: left out, it has no signature account."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A population that was made earlier for the same quarter, and why another one was made."""

    sha256: str
    made_at: str
    why: str
    public_on: str
    """The day of the value that was to decide it."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A draw that was made with a value that was not the one published, and why it was made anew."""

    public_value: str
    witness: str
    drawn_at: str
    why: str


@dataclass(frozen=True, slots=True)
class SampleFile:
    """Everything that is needed to repeat the draw, with nothing but SHA-256."""

    schema: int
    what: str
    method: str
    period: str
    commitment: str
    """SHA-256 of the secret, published before the quarter ended."""
    committed_at: str
    secret: str
    population_sha256: str
    """Published before the public value came into being."""
    replaced: tuple[Replaced, ...]
    """Populations that were made before that one: they must not have been published, or their publication explained."""
    public_value: str
    witness: str
    """Who typed the public value in; a person's word, nothing here proves it."""
    drawn_at: str
    corrected: tuple[Corrected, ...]
    """Draws before this one, each with a value that the witness had typed wrongly."""
    seed: str
    sample: tuple[UnitSample, ...]
    population: Population
    digest: str = ""
    """SHA-256 of all above, written with an empty digest: damage is noticed before anything is computed."""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a draw needs besides the population."""

    secret: str
    committed_at: str
    replaced: tuple[Replaced, ...]
    public_value: str
    witness: str
    drawn_at: str
    corrected: tuple[Corrected, ...] = ()


_codec: TypeAdapter[SampleFile] = TypeAdapter(SampleFile)


def make_sample(population: Population, ceremony: Ceremony) -> SampleFile:
    """The sample of this population; the same every time."""
    seed = seed_of(ceremony.secret, ceremony.public_value)
    made = SampleFile(
        SCHEMA,
        WHAT,
        METHOD,
        population.period,
        population.commitment,
        ceremony.committed_at,
        ceremony.secret,
        population_hash(population),
        ceremony.replaced,
        ceremony.public_value,
        ceremony.witness,
        ceremony.drawn_at,
        ceremony.corrected,
        seed,
        samples(population, seed),
        population,
    )
    return replace(made, digest=digest_of(made))


def samples(population: Population, seed: str) -> tuple[UnitSample, ...]:
    """What this seed draws, unit by unit in the population's order."""
    return tuple(
        UnitSample(
            unit.code,
            draw(seed, Part.FORMAT, unit.format.entries, population.format_documents),
            None
            if unit.sending is None
            else draw(seed, Part.SENDING, unit.sending.entries, population.sending_documents),
        )
        for unit in population.units
    )


def digest_of(sample: SampleFile) -> str:
    """The digest that the file must bear."""
    return hashlib.sha256(sample_bytes(replace(sample, digest=""))).hexdigest()


def sample_bytes(sample: SampleFile) -> bytes:
    """The file."""
    return canonical(asdict(sample))


def parse_sample(body: bytes) -> SampleFile:
    """The sample of a file; ScoringError when it is none, or is not byte for byte what it must be."""
    try:
        sample = _codec.validate_json(body)
        written = sample_bytes(sample)
    except ValidationError as error:
        raise ScoringError(f"no sample file ({error.error_count()} mistakes)") from error
    except ValueError as error:
        raise ScoringError("no sample file: it has a number beyond all numbers") from error
    if written != body:
        raise ScoringError("changed since it was made: it is not written as this program writes it")
    if sample.digest != digest_of(sample):
        raise ScoringError("changed since it was made: its content is not what its digest says")
    return sample
