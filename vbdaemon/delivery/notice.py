"""The message to the sender as it goes out: composed by the first plugin that answers, else in the built-in words."""

from dataclasses import dataclass, replace
from datetime import datetime

from vbdaemon.errors import PluginFailed
from vbdaemon.model import Channel, DocumentVerdict, Envelope, Notice, Submission, VerdictKind
from vbdaemon.pipeline.decide import as_decided, load
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.pipeline.stages.unpacking import unpack
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.rendering.answer import shown_places
from vbdaemon.rendering.notice import render_notice
from vbdaemon.spool.store import Spool
from vbdaemon.state.records import Decision


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

    `plain`: in the built-in words and without pictures; no plugin is asked.
    """
    documents = decision.documents
    secret = is_secret(documents)
    submission = as_decided(_quarantined(about) if secret else load(spool, about.submission, ()), decision)
    # without the site's templates: one of them may be what broke
    shipped = replace(place.snapshot, templates=None)
    if plain:
        return Composed(render_notice(submission, documents, shipped))
    try:
        answer = place.registry.first(
            "compose_notice",
            submission=submission if secret else with_bytes(submission, documents, place),
            verdicts=documents,
            snapshot=place.snapshot,
        )
    except PluginFailed as failure:  # a broken template never delays a document: the built-in words go out
        return Composed(render_notice(submission, documents, shipped), str(failure))
    return Composed(answer.value if answer else render_notice(submission, documents, shipped))


def with_bytes(submission: Submission, documents: tuple[DocumentVerdict, ...], place: Workplace) -> Submission:
    """The submission, the files at hand of which a refusal shows a place: they may lie in a mail or archive."""
    wanted = {shown.file or verdict.main_sha256 for verdict, _, shown in shown_places(documents)}
    absent = wanted & {file.sha256 for file in submission.files if not file.path.is_file()}
    if not absent:
        return submission
    handed = replace(submission, files=tuple(file for file in submission.files if file.path.is_file()))
    try:
        unpacked = unpack(handed, Tally(place.registry), place.snapshot, place.scratch).files
    except PluginFailed:  # the notice goes without pictures
        return submission
    found = {file.sha256: file for file in unpacked if file.sha256 in absent}
    files = (
        replace(file, path=found[file.sha256].path, inline=found[file.sha256].inline) if file.sha256 in found else file
        for file in submission.files
    )
    return replace(submission, files=tuple(files))


def is_secret(documents: tuple[DocumentVerdict, ...]) -> bool:
    """True when the submission is locked away."""
    return any(document.verdict.kind is VerdictKind.QUARANTINE for document in documents)


def _quarantined(about: Addressed) -> Submission:
    """A submission that a notice may know: its moment and unit, no file."""
    return Submission(about.submission, Envelope("", Channel.FOLDER, about.at, unit=about.unit), ())
