"""What vbdaemon finds in sample files without the plugin that is to be tried: hooks are then called with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import (
    Channel,
    Content,
    Delivery,
    DeliveryKind,
    Destination,
    Document,
    DocumentVerdict,
    Envelope,
    Event,
    File,
    OutgoingFile,
    Submission,
    Verdict,
)
from vbdaemon.operation.inspection import each_file
from vbdaemon.pipeline.decide import handed_in
from vbdaemon.pipeline.stages.examining import classify, examine
from vbdaemon.pipeline.stages.grouping import group
from vbdaemon.pipeline.stages.reading import read
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.pipeline.stages.unpacking import unpack
from vbdaemon.pipeline.worker import Workplace

ID = "plugin-test"


@dataclass(frozen=True, slots=True)
class Sample:
    """One submission as every hook gets to see it."""

    handed_in: Submission
    """As it came: mails and archives whole."""
    submission: Submission
    """Unpacked."""
    contents: tuple[Content, ...]
    documents: tuple[Document, ...]
    verdicts: tuple[DocumentVerdict, ...]
    """One for each document."""


@dataclass(frozen=True, slots=True)
class SampleTask:
    """Read, group, classify and judge the file or folder as the built-ins do."""

    path: Path
    unpacked: Path
    """Folder for what comes out of containers; the caller's, so that it outlives the task."""
    at: datetime

    def run(self, place: Workplace) -> Sample:
        """The sample; VbdaemonError when a path cannot be read."""
        tally, snapshot = Tally(place.registry), place.snapshot
        files = tuple(_file(path) for path in each_file((self.path,)))
        if not files:
            raise VbdaemonError(f"{self.path}: no file here")
        envelope = Envelope(ID, Channel.INSPECT, self.at, sender_known_checks=False, recipient_checks=False)
        came = Submission(ID, envelope, files)
        submission = unpack(came, tally, snapshot, self.unpacked)
        contents = read(submission, tally, snapshot)
        documents = group(submission, contents, tally, snapshot)
        verdicts = tuple(
            examine(document, classify(document, submission, tally, snapshot), submission, tally, snapshot)
            for document in documents
        )
        return Sample(came, submission, contents, documents, verdicts)


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of one call but the snapshot, which the worker has, and what they are about."""

    about: str
    arguments: dict[str, Any]


def given(hook: str, sample: Sample) -> Iterator[Given]:
    """One for every call of the hook that the sample would bring about."""
    name = sample.handed_in.files[0].name
    if hook == "unpack":
        for file in sample.handed_in.files:
            yield Given(file.name, {"file": file, "submission": sample.handed_in})
    elif hook == "read":
        for file in sample.submission.files:
            yield Given(file.name, {"file": file})
    elif hook == "group":
        yield Given(name, {"submission": sample.submission, "contents": sample.contents})
    elif hook == "compose_notice":
        yield Given(name, {"submission": sample.submission, "verdicts": sample.verdicts})
    else:
        for document, verdict in zip(sample.documents, sample.verdicts, strict=True):
            yield Given(document.main.name, _of_document(sample.submission, document, verdict))


def outside(hook: str, sample: Sample, destinations: tuple[Destination, ...], at: datetime) -> Iterator[Given]:
    """Arguments for the two hooks that act outside."""
    if hook == "track_event":
        yield Given("an event", {"event": Event(1, at, "processing-failed", ID, "a test of the plugin")})
        return
    file = sample.submission.files[0]
    for number, destination in enumerate(destinations or (Destination("folder", ID),), 1):
        delivery = Delivery(f"{ID}-{number}", ID, DeliveryKind.FORWARD, destination, f"0000_{ID}", at, document=0)
        files = (OutgoingFile(file.name, file.sha256, path=str(file.path)),)
        yield Given(f"{destination.scheme}:{destination.address}", {"delivery": delivery, "files": files})


def _of_document(submission: Submission, document: Document, verdict: DocumentVerdict) -> dict[str, Any]:
    return {
        "submission": submission,
        "document": document,
        "classification": verdict.classification,
        "signatures": verdict.signatures,
        "findings": verdict.findings,
        "verdict": Verdict.accept(),
    }


def _file(path: Path) -> File:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise VbdaemonError(f"{path}: {error.strerror}") from error
    return handed_in(path.absolute(), path.name, hashlib.sha256(body).hexdigest(), len(body))
