"""The message to the sender as it goes out: composed by the first plugin that answers, else in the built-in words.

Nothing that was handed in is opened for it: what a notice shows was drawn when the document was judged.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from vbdaemon.errors import PluginFailed, TemplateBroken
from vbdaemon.model import (
    Channel,
    DocumentVerdict,
    Envelope,
    File,
    FileRecord,
    FileRole,
    Notice,
    NoticeRules,
    Snapshot,
    Submission,
    VerdictKind,
)
from vbdaemon.pipeline.decide import as_decided
from vbdaemon.pipeline.stages.picturing import name_of
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.rendering.notice import render_notice
from vbdaemon.spool.places import read_place
from vbdaemon.spool.store import Spool
from vbdaemon.state.records import Decision

UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a notice is about: a submission, the unit that is told, and when it was decided."""

    submission: str
    unit: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice; `trouble` is for the operator, when a plugin or template broke and the built-in words stand in."""

    notice: Notice
    trouble: str = ""


def compose(about: Addressed, decision: Decision, spool: Spool, place: Workplace, *, plain: bool = False) -> Composed:
    """The notice on a decision; nothing is written or sent. SpoolDamaged when the bytes are not what was stored.

    `plain`: in the built-in words, without pictures and PDF; no plugin is asked.
    """
    secret = is_secret(decision.documents)
    handed = _quarantined(about) if secret else _handed_in(spool, about.submission, decision)
    submission = as_decided(handed, decision)
    if plain:
        bare = tuple(replace(document, pictures=()) for document in decision.documents)
        return Composed(render_notice(submission, bare, _shipped(place.snapshot, NoticeRules())))
    documents = decision.documents if secret else _shown(decision.documents, spool.folder_of(about.submission))
    try:
        answer = place.registry.first(
            "compose_notice", submission=submission, verdicts=documents, snapshot=place.snapshot
        )
    except PluginFailed as failure:  # a broken template never delays a document: the built-in words go out
        return Composed(_in_our_words(submission, documents, place.snapshot), str(failure))
    return Composed(answer.value if answer else _in_our_words(submission, documents, place.snapshot))


def is_secret(documents: tuple[DocumentVerdict, ...]) -> bool:
    """True when the submission is locked away."""
    return any(document.verdict.kind is VerdictKind.QUARANTINE for document in documents)


def _in_our_words(submission: Submission, documents: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> Notice:
    """Without the site's templates: one of them may be what broke; without PDF where that cannot be set."""
    try:
        return render_notice(submission, documents, _shipped(snapshot, snapshot.notices))
    except TemplateBroken:
        return render_notice(submission, documents, _shipped(snapshot, NoticeRules()))


def _shipped(snapshot: Snapshot, rules: NoticeRules) -> Snapshot:
    return replace(snapshot, templates=None, notices=rules)


def _handed_in(spool: Spool, submission_id: str, decision: Decision) -> Submission:
    """As it was handed in, every byte hashed; what the files are is known from the decision, none is opened."""
    stored = spool.verify(submission_id)
    folder = spool.folder_of(submission_id)
    known = {(record.sha256, record.name): record for record in decision.files}
    files = (_file(folder / f.stored, f.name, f.sha256, f.size, known.get((f.sha256, f.name))) for f in stored.files)
    return Submission(submission_id, stored.envelope, tuple(files))


def _file(path: Path, name: str, sha256: str, size: int, record: FileRecord | None) -> File:
    media_type, role = (record.media_type, record.role) if record else (UNKNOWN_TYPE, FileRole.OTHER)
    return File(name, sha256, size, media_type, path, role)


def _shown(documents: tuple[DocumentVerdict, ...], folder: Path) -> tuple[DocumentVerdict, ...]:
    """The documents with the bytes of their pictures, as far as these are kept."""
    return tuple(
        replace(each, pictures=tuple(replace(p, png=read_place(folder, name_of(p))) for p in each.pictures))
        for each in documents
    )


def _quarantined(about: Addressed) -> Submission:
    """A submission that a notice may know: its moment and unit, no file."""
    return Submission(about.submission, Envelope("", Channel.FOLDER, about.at, unit=about.unit), ())
