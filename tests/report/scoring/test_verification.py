"""The check of a sample by whoever did not draw it: whatever is changed, some step fails and says so."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.report.population import Frame, Population, UnitFrame, canonical, population_hash
from vbdaemon.report.sample import Drawn
from vbdaemon.report.sample_file import (
    Ceremony,
    Corrected,
    Replaced,
    SampleFile,
    digest_of,
    make_sample,
    sample_bytes,
    samples,
)
from vbdaemon.report.seed import commitment_of, seed_of
from vbdaemon.report.verification import Published, verify

SECRET = hashlib.sha256(b"bi mat").hexdigest()
OTHER = hashlib.sha256(b"bi mat khac").hexdigest()


def numbers(first: int, last: int) -> tuple[str, ...]:
    return tuple(sorted(f"den/2026/{number}" for number in range(first, last)))


POPULATION = Population(
    schema=1,
    what="vbdaemon scoring population",
    period="2026-Q1",
    made_at="2026-04-02T02:00:00+00:00",
    commitment=commitment_of(SECRET),
    public_source="giải đặc biệt xổ số miền Bắc",
    public_on="2026-04-10",
    public_form="digits:5",
    format_documents=2,
    sending_documents=2,
    points=1.0,
    most_points=None,
    units=(
        UnitFrame(
            "H99.1",
            "Phòng Nội vụ",
            Frame(numbers(1, 12)),
            Frame(numbers(1, 12), ("260210-AAAAAAAA/1",), ("den/2026/90",)),
        ),
        UnitFrame("H99.2", "UBND xã Mẫu", Frame(("den/2026/50",)), None),
        UnitFrame("H99.3", "Trường Mẫu", Frame(), Frame()),
    ),
)
CEREMONY = Ceremony(
    SECRET,
    "2026-03-20T02:00:00+00:00",
    (Replaced("a" * 64, "2026-04-01T02:00:00+00:00", "thiếu một đơn vị", "2026-04-10"),),
    "12345",
    "Trần Thị Bình",
    "2026-04-10T11:00:00+00:00",
)
SAMPLE = make_sample(POPULATION, CEREMONY)
BODY = sample_bytes(SAMPLE)
PUBLISHED = Published(commitment_of(SECRET), population_hash(POPULATION), "12 345")


def failing(body: bytes, published: Published = PUBLISHED) -> str | None:
    """Name of the step that fails."""
    last = verify(body, published)[-1]
    return last.name if last.holds is False else None


def sealed(sample: SampleFile) -> bytes:
    """A forger knows how digests are made."""
    return sample_bytes(replace(sample, digest=digest_of(sample)))


def redrawn(population: Population, ceremony: Ceremony) -> bytes:
    return sample_bytes(make_sample(population, ceremony))


def test_an_honest_sample_passes_every_step():
    steps = verify(BODY, PUBLISHED)
    assert [step.name for step in steps if step.holds is not True] == ["replaced population"]
    assert [step.name for step in steps] == [
        "file",
        "secret",
        "population",
        "public value",
        "times",
        "seed",
        "sample",
        "replaced population",
        "published commitment",
        "published population hash",
        "published value",
    ]


def test_without_published_values_the_check_says_what_a_person_must_compare():
    steps = verify(BODY, Published())
    replaced, *left = [step for step in steps if step.holds is None]
    assert "thiếu một đơn vị" in replaced.words
    assert [step.name for step in left] == ["published commitment", "published population hash", "published value"]
    assert SAMPLE.population_sha256 in left[1].words


@settings(max_examples=200)
@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_any_changed_byte_is_noticed(place, by):
    forged = bytearray(BODY)
    forged[place] ^= by
    assert failing(bytes(forged), Published()) == "file"


@settings(max_examples=100)
@given(st.integers(0, len(BODY)), st.binary(min_size=1, max_size=5))
def test_any_inserted_bytes_are_noticed(place, extra):
    assert failing(BODY[:place] + extra + BODY[place:], Published()) == "file"


@settings(max_examples=100)
@given(st.integers(0, len(BODY) - 1))
def test_a_file_that_is_cut_off_is_noticed(end):
    assert failing(BODY[:end], Published()) == "file"


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{}", b'"x"', b"\xff\xfe", b'{"schema": 1e999}', b'{"what": "\\ud800"}', b"[" * 100_000],
)
def test_anything_else_is_no_sample_and_no_traceback(body):
    assert failing(body, Published()) == "file"


def test_a_key_that_stands_twice_or_too_many_is_noticed():
    text = BODY.decode()
    assert failing(text.replace('"witness"', '"witness": "x",\n "witness"', 1).encode()) == "file"
    assert failing(text.replace('"witness"', '"extra": 1,\n "witness"', 1).encode()) == "file"
    assert failing(json.dumps(json.loads(text)).encode()) == "file"


def entry_lists(population: Population):
    for index, unit in enumerate(population.units):
        for part in ("format", "sending"):
            if (frame := getattr(unit, part)) is not None:
                for kind in ("electronic", "refused", "paper"):
                    yield index, part, kind, getattr(frame, kind)


def with_entries(index: int, part: str, kind: str, entries: tuple[str, ...]) -> Population:
    unit = POPULATION.units[index]
    frame = replace(getattr(unit, part), **{kind: entries})
    units = list(POPULATION.units)
    units[index] = replace(unit, **{part: frame})
    return replace(POPULATION, units=tuple(units))


FORGED_POPULATIONS = [
    *(
        with_entries(index, part, kind, entries[:at] + entries[at + 1 :])
        for index, part, kind, entries in entry_lists(POPULATION)
        for at in range(len(entries))
    ),
    *(
        with_entries(index, part, kind, tuple(sorted((*entries, "den/2026/77"))))
        for index, part, kind, entries in entry_lists(POPULATION)
    ),
    replace(POPULATION, units=POPULATION.units[1:]),
    replace(POPULATION, format_documents=3),
    replace(POPULATION, points=0.5),
    replace(POPULATION, public_source="một nguồn khác"),
    replace(POPULATION, public_form="digits:6"),
    replace(
        POPULATION, units=(*POPULATION.units[:1], replace(POPULATION.units[1], sending=Frame()), POPULATION.units[2])
    ),
]


@pytest.mark.parametrize("forged", FORGED_POPULATIONS)
def test_a_population_that_is_not_the_published_one_is_noticed_however_well_it_is_sealed(forged):
    assert failing(redrawn(forged, CEREMONY)) in {"population", "public value", "published population hash"}
    assert failing(sealed(replace(SAMPLE, population=forged))) in {"population", "public value"}


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"secret": OTHER}, "secret"),
        ({"secret": SECRET.upper()}, "secret"),
        ({"secret": SECRET[:-1]}, "secret"),
        ({"commitment": commitment_of(OTHER)}, "secret"),
        ({"secret": OTHER, "commitment": commitment_of(OTHER)}, "secret"),
        ({"population_sha256": "b" * 64}, "population"),
        ({"period": "2026-Q2"}, "population"),
        ({"public_value": "54321"}, "seed"),
        ({"public_value": "12 345"}, "public value"),
        ({"public_value": "1234"}, "public value"),
        ({"seed": seed_of(SECRET, "54321")}, "seed"),
        ({"schema": 2}, "file"),
        ({"method": "trust me"}, "file"),
        ({"committed_at": "2026-04-01T02:00:00+00:00"}, "times"),
        ({"committed_at": "2026-03-20"}, "times"),
        ({"drawn_at": "2026-04-01T02:00:00+00:00"}, "times"),
    ],
)
def test_a_sealed_file_in_which_one_thing_is_changed_fails_at_that_step(change, step):
    assert failing(sealed(replace(SAMPLE, **change))) == step
    assert failing(sealed(replace(SAMPLE, **change)), Published()) == step


def swapped(at: int = 0) -> SampleFile:
    unit = SAMPLE.sample[at]
    return replace(SAMPLE, sample=(replace(unit, format=unit.format[::-1]), *SAMPLE.sample[1:]))


@pytest.mark.parametrize(
    "forged",
    [
        swapped(),
        replace(SAMPLE, sample=SAMPLE.sample[::-1]),
        replace(SAMPLE, sample=(replace(SAMPLE.sample[0], code="H99.7"), *SAMPLE.sample[1:])),
        replace(SAMPLE, sample=SAMPLE.sample[:-1]),
        replace(SAMPLE, sample=(*SAMPLE.sample, SAMPLE.sample[0])),
        replace(SAMPLE, sample=(replace(SAMPLE.sample[0], format=SAMPLE.sample[0].format[:1]), *SAMPLE.sample[1:])),
        replace(SAMPLE, sample=(replace(SAMPLE.sample[0], sending=None), *SAMPLE.sample[1:])),
        replace(SAMPLE, sample=(SAMPLE.sample[0], replace(SAMPLE.sample[1], sending=()), SAMPLE.sample[2])),
    ],
)
def test_another_sample_than_the_seed_gives_is_noticed(forged):
    assert failing(sealed(forged), Published()) == "sample"


@given(st.sampled_from(numbers(1, 12)), st.integers(0, 1))
def test_no_other_document_can_stand_in_the_place_of_one_that_was_drawn(entry, place):
    right = SAMPLE.sample[0].format
    forged = list(right)
    forged[place] = Drawn(entry, right[place].hash)
    expected = None if forged[place] == right[place] else "sample"
    sample = replace(SAMPLE, sample=(replace(SAMPLE.sample[0], format=tuple(forged)), *SAMPLE.sample[1:]))
    assert failing(sealed(sample), Published()) == expected


def test_a_wholly_forged_file_agrees_with_itself_and_fails_against_what_was_published():
    """What the check cannot do alone is what it says it cannot do."""
    population = replace(POPULATION, commitment=commitment_of(OTHER))
    forged = redrawn(population, replace(CEREMONY, secret=OTHER))
    assert failing(forged, Published()) is None
    assert failing(forged, PUBLISHED) == "published commitment"


@pytest.mark.parametrize("secret", ["", "abc", f"{SECRET}1", SECRET.upper(), f"{SECRET[:-1]}\n"])
def test_a_secret_of_another_length_is_refused_even_when_all_else_follows_from_it(secret):
    """Digits could wander from the secret to the value: two pairs would have one seed."""
    population = replace(POPULATION, commitment=commitment_of(secret))
    assert failing(redrawn(population, replace(CEREMONY, secret=secret)), Published()) == "secret"


def test_a_population_from_before_the_end_of_the_quarter_is_refused():
    population = replace(POPULATION, made_at="2026-03-31T16:59:59+00:00")
    assert failing(redrawn(population, CEREMONY), Published()) == "times"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"public_on": "2026-04-02"}, "not made before the day of its public value"),
        ({"public_on": "2026-04-01"}, "not made before the day of its public value"),
        ({"public_on": "20260410"}, "not written as this program writes it"),
        ({"public_on": "mai"}, "a time is not one"),
        ({"made_at": "2026-04-02"}, "a time is not one"),
    ],
)
def test_a_population_that_was_not_made_before_the_day_of_its_value_is_refused(change, words):
    step = verify(redrawn(replace(POPULATION, **change), CEREMONY), Published())[-1]
    assert (step.name, step.holds) == ("population", False)
    assert words in step.words


def test_a_draw_before_the_day_of_the_value_is_refused():
    step = verify(redrawn(POPULATION, replace(CEREMONY, drawn_at="2026-04-09T16:59:59+00:00")), Published())[-1]
    assert (step.name, step.words) == ("times", "it was drawn before 10/04/2026, the day of its public value")


def test_a_population_that_was_replaced_after_its_value_was_due_is_told_as_such():
    told = [replace(CEREMONY.replaced[0], public_on=day) for day in ("2026-04-02", "2026-04-03", "mai")]
    words = [
        next(
            s.words
            for s in verify(redrawn(POPULATION, replace(CEREMONY, replaced=(each,))), Published())
            if not s.holds
        )
        for each in told
    ]
    assert ["NOT BEFORE" in each for each in words] == [True, False, True]


def test_a_draw_that_was_corrected_is_told_and_stands_in_the_order_of_times():
    wrong = Corrected("12354", "Trần Thị Bình", "2026-04-10T10:00:00+00:00", "gõ nhầm")
    steps = verify(redrawn(POPULATION, replace(CEREMONY, corrected=(wrong,))), PUBLISHED)
    assert [step.words for step in steps if step.name == "corrected draw"] == [
        "with 12354 (Trần Thị Bình, 2026-04-10T10:00:00+00:00): gõ nhầm; the published value decides"
    ]
    late = replace(wrong, drawn_at="2026-04-10T11:00:00+00:00")
    assert failing(redrawn(POPULATION, replace(CEREMONY, corrected=(late,)))) == "times"


def test_another_public_value_than_its_source_published_is_noticed():
    forged = redrawn(POPULATION, replace(CEREMONY, public_value="54321"))
    assert failing(forged, Published()) is None
    assert failing(forged) == "published value"


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59.999999+00:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_no_calendar_has_is_a_failing_step_and_no_traceback(at):
    assert failing(sealed(replace(SAMPLE, committed_at=at)), Published()) == "times"
    assert failing(redrawn(POPULATION, replace(CEREMONY, drawn_at=at)), Published()) == "times"
    assert failing(redrawn(replace(POPULATION, made_at=at), CEREMONY), Published()) == "population"
    dated = replace(CEREMONY, replaced=(replace(CEREMONY.replaced[0], made_at=at),) * 2)
    told = [step.words for step in verify(redrawn(POPULATION, dated), Published()) if step.name.startswith("replaced")]
    assert "NOT BEFORE" in told[0]


def test_a_number_that_is_beyond_all_numbers_is_no_traceback():
    body = BODY.replace(b'"points": 1.0', b'"points": 1' + b"0" * 400)
    assert failing(body, Published()) == "file"


def test_no_word_of_a_file_can_write_a_line_of_the_check_or_wipe_one_out():
    """Else a forger's reason could say that the published hash is the same."""
    forged = replace(CEREMONY.replaced[0], why="nhầm\nok       published commitment: the same\x1b[2K\u202e")
    steps = verify(redrawn(POPULATION, replace(CEREMONY, replaced=(forged,))), Published())
    assert all(step.words.isprintable() for step in steps)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("den/2026/7", "den/2026/07"),
        ("den/2026/7", "den/2026/７"),
        ("đ\u1ebfn/2026/7", "đe\u0302\u0301n/2026/7"),
        ("a/1", "a /1"),
    ],
)
def test_one_document_cannot_stand_in_two_spellings(one, other):
    units = (replace(POPULATION.units[0], format=Frame(tuple(sorted((one, other))))),)
    step = verify(redrawn(replace(POPULATION, units=units), CEREMONY), Published())[-1]
    assert (step.name, step.holds) == ("population", False)
    assert "two spellings" in step.words


@pytest.mark.parametrize(
    ("units", "words"),
    [
        (POPULATION.units[::-1], "order of their codes"),
        ((*POPULATION.units, POPULATION.units[-1]), "units stand twice"),
        ((replace(POPULATION.units[0], format=Frame(("b", "a"))),), "do not stand in order"),
        ((replace(POPULATION.units[0], format=Frame(("a", "a"))),), "a stands twice"),
        ((replace(POPULATION.units[0], sending=Frame(("a",), paper=("a",))),), "a stands twice"),
        ((replace(POPULATION.units[0], format=Frame(("a\nb",))),), "do not print"),
        (
            (replace(POPULATION.units[0], format=Frame(("a",))), replace(POPULATION.units[1], format=Frame(("a",)))),
            "a stands twice",
        ),
    ],
)
def test_a_population_in_which_a_document_could_be_drawn_twice_is_not_sound(units, words):
    population = replace(POPULATION, units=units)
    step = verify(redrawn(population, CEREMONY), Published())[-1]
    assert (step.name, step.holds) == ("population", False)
    assert words in step.words


def test_the_population_in_the_sample_is_the_published_file_byte_for_byte():
    inside = json.loads(BODY)["population"]
    assert hashlib.sha256(canonical(inside)).hexdigest() == SAMPLE.population_sha256


def test_units_with_fewer_documents_than_are_drawn_give_all_they_have():
    assert [each.entry for each in SAMPLE.sample[1].format] == ["den/2026/50"]
    assert SAMPLE.sample[1].sending is None
    assert SAMPLE.sample[2].format == SAMPLE.sample[2].sending == ()


def test_the_same_secret_value_and_population_give_the_same_file_for_ever():
    assert sample_bytes(make_sample(POPULATION, CEREMONY)) == BODY
    assert samples(POPULATION, SAMPLE.seed) == SAMPLE.sample
    assert SAMPLE.seed == hashlib.sha256(f"{SECRET}12345".encode()).hexdigest()
