"""Reading and classifying the corpus with the built-in behaviour, and comparing the answers with the truth."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from vbdaemon.builtin.classification.spelling import key
from vbdaemon.builtin.classify import classify
from vbdaemon.builtin.group import group
from vbdaemon.demo.corpus.corpus import SEEDS, directory_of, specimen
from vbdaemon.demo.corpus.specimen import Kind, Specimen, Split, Truth
from vbdaemon.model import (
    Channel,
    Classification,
    Content,
    Envelope,
    File,
    Found,
    Secrecy,
    Snapshot,
    Submission,
    Urgency,
)
from vbdaemon.reading.media import HEAD_BYTES, media_type
from vbdaemon.reading.ocr import find_engine
from vbdaemon.reading.reader import read_file
from vbdaemon.snapshot import default_snapshot

ALIKE = 0.9
"""Normalised edit similarity from which a subject counts as right."""
FIELDS = (
    *("form", "channel", "symbol", "number", "date", "issuer", "subject"),
    *("signer", "deadline", "secrecy", "urgency", "draft"),
)


@dataclass(frozen=True, slots=True)
class Score:
    """One field of one specimen."""

    field: str
    right: bool
    counted: bool
    """False where nothing is asked: handwriting left unread, a field that the document does not have."""
    expected: str
    answered: str
    confidence: float | None
    """None = no answer."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A specimen with all its scores."""

    name: str
    kind: Kind
    traits: tuple[str, ...]
    seconds: float
    """For reading and classifying."""
    scores: tuple[Score, ...]


def measured(
    split: Split, count: int, *, every: int = 1, workers: int = 2, seed: int | None = None
) -> Iterator[Measured]:
    """The specimens of a split, made, read and compared, in processes of their own."""
    jobs = [(split, index, SEEDS[split] if seed is None else seed) for index in range(0, count, every)]
    if workers == 1:
        yield from map(_one, jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_one, jobs, chunksize=4)


def _one(job: tuple[Split, int, int]) -> Measured:
    split, index, seed = job
    snapshot = replace(default_snapshot(), directory=directory_of(split))
    made = specimen(split, index, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / made.name
        path.write_bytes(made.body)
        begun = time.perf_counter()
        answer = answer_of(made, path, snapshot)
        seconds = time.perf_counter() - begun
    return Measured(made.name, made.kind, made.traits, seconds, tuple(scores_of(made.truth, answer)))


def answer_of(made: Specimen, path: Path, snapshot: Snapshot) -> Classification:
    """What the built-in behaviour says of the specimen at `path`, handed in alone."""
    file = File(
        made.name,
        hashlib.sha256(made.body).hexdigest(),
        len(made.body),
        media_type(made.body[:HEAD_BYTES], made.name, path),
        path,
    )
    ocr = find_engine(os.environ, snapshot.limits.ocr_seconds)
    content = read_file(path, made.name, file.sha256, file.media_type, snapshot.limits, ocr)
    return classified(file, content, snapshot)


def classified(file: File, content: Content, snapshot: Snapshot) -> Classification:
    """The classification of the first document in the file."""
    from vbdaemon.clock import system_clock  # noqa: PLC0415 - the day of handing in picks the lists in force

    envelope = Envelope("corpus", Channel.INSPECT, system_clock())
    submission = Submission("corpus", envelope, (file,))
    document = group(submission=submission, contents=(content,), snapshot=snapshot)[0]
    return classify(document=document, submission=submission, snapshot=snapshot)


def scores_of(truth: Truth, answer: Classification) -> Iterable[Score]:
    """Every field compared."""
    by_hand = truth.handwritten
    yield _same("form", truth.form, answer.form)
    yield Score("channel", truth.channel == answer.transmission, True, truth.channel, answer.transmission, None)
    yield _same("symbol", truth.symbol, answer.symbol)
    yield _same("number", truth.number, answer.number, optional=by_hand)
    yield _dates("date", truth.issued_on, answer.issued_on, optional=by_hand)
    yield _words("issuer", truth.issuer, answer.issuer, 1.0)
    yield _words("subject", truth.subject, answer.subject, ALIKE)
    name = answer.signer.value.name if answer.signer else None
    sure = answer.signer.confidence if answer.signer and name else None
    asked = truth.signer is not None or name is not None
    yield Score("signer", key(name or "") == key(truth.signer or ""), asked, truth.signer or "", name or "", sure)
    days = {found.value for found in answer.deadlines}
    if truth.deadline:
        yield Score("deadline", truth.deadline in days, True, str(truth.deadline), str(days or ""), None)
    yield _same("secrecy", truth.secrecy, answer.secrecy)
    yield _same("urgency", truth.urgency, answer.urgency)
    draft = bool(answer.draft and answer.draft.value)
    yield Score("draft", draft == truth.draft, True, str(truth.draft), str(draft), None)


def _same(
    field: str,
    expected: str | None,
    found: Found[str] | Found[Secrecy] | Found[Urgency] | None,
    *,
    optional: bool = False,
) -> Score:
    value = str(found.value) if found else None
    counted = not (optional and found is None)
    return Score(field, value == expected, counted, expected or "", value or "", found.confidence if found else None)


def _dates(field: str, expected: date | None, found: Found[date] | None, *, optional: bool) -> Score:
    value = found.value if found else None
    counted = not (optional and found is None)
    return Score(field, value == expected, counted, str(expected), str(value), found.confidence if found else None)


def _words(field: str, expected: str | None, found: Found[str] | None, alike: float) -> Score:
    value = found.value if found else ""
    likeness = Levenshtein.normalized_similarity(_folded(expected), _folded(value))
    return Score(field, likeness >= alike, True, expected or "", value, found.confidence if found else None)


def _folded(words: str | None) -> str:
    """Case, place of the tone and an opening "Về việc" tell no two subjects apart."""
    return key(words or "").removeprefix("về việc ")
