"""everything_at_once: say here in one line what it is for.

    [plugins]
    enabled = ["everything_at_once"]

    [plugins.everything_at_once]
    # keys of its own

What the keys mean stands in the class Settings.
"""

import gzip
import logging
import os
import shutil
import zlib
from dataclasses import replace
from html import escape
from pathlib import Path, PurePath

from pydantic import BaseModel, ConfigDict, Field

from vbdaemon.builtin import classify as built_in
from vbdaemon.builtin import notice as built_in_notice
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import (
    Classification,
    Content,
    ContentKind,
    Delivery,
    Destination,
    Document,
    DocumentVerdict,
    Event,
    Evidence,
    File,
    FileRole,
    Finding,
    Found,
    Line,
    Notice,
    Outcome,
    OutgoingFile,
    Page,
    Part,
    Problem,
    ProblemKind,
    Reason,
    Severity,
    SignatureReport,
    SignatureStatus,
    Snapshot,
    Submission,
    Verdict,
)

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.everything_at_once]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    required: tuple[str, ...] = ()
    """Folders that must be there before the daemon may start."""
    media_types: tuple[str, ...] = ("application/gzip", "application/x-gzip")
    """Kinds of files that are taken apart here."""
    suffixes: tuple[str, ...] = (".log",)
    """Files with these endings are read here, as plain text in UTF-8."""
    limit_bytes: int = Field(default=1_000_000, gt=0)
    """Larger files are a problem, not read."""
    sources: tuple[str, ...] = ()
    """Sources, such as a scanner's folder, in which every PDF is a document of its own."""
    form_name: str = ""
    """Name of a form of this site, as it stands on a line by itself; empty = none."""
    signature_suffixes: tuple[str, ...] = ()
    """Endings of files that hold a signature which nobody here can verify."""
    words: tuple[str, ...] = ()
    """Documents whose subject has one of these words are held; small and capital letters are the same."""
    held_forms: tuple[str, ...] = ()
    """Slugs of forms that a person sees first, such as "giay-moi"."""
    forms: tuple[str, ...] = ()
    """Slugs of forms that go to one more unit, such as "bao-cao"."""
    unit: str = ""
    """Code of that unit in units.toml; it must have a folder."""
    line: str = ""
    """A line that stands below every notice; empty = the built-in notice goes out as it is."""
    scheme: str = "everything-at-once"
    """Destinations of this scheme are served here; a `route` of yours must name it."""
    target: Path = Path()
    """Folder into which deliveries are written, each as a folder of its own."""
    kinds: tuple[str, ...] = ("processing-failed", "spool-damaged", "notice-fallback")
    """Kinds of events that are told; events carry no text, name or subject of a document."""


class EverythingAtOnceHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def startup(self) -> None:
        """Once in every worker, before anything else. An error stops the daemon's start and names file and line."""
        for folder in self._settings.required:
            if not Path(folder).is_dir():
                raise FileNotFoundError(folder)  # remedy: make the folder, or take it out of the settings

    @hookimpl
    def unpack(self, file: File, snapshot: Snapshot) -> tuple[Part, ...] | None:
        """The file inside; None = no container that is known here, or one that is broken or too large."""
        if file.media_type not in self._settings.media_types:
            return None
        most = snapshot.limits.file_bytes
        try:
            with gzip.open(file.path) as packed:
                body = packed.read(most + 1)
        except (OSError, EOFError, zlib.error):
            return None
        return (Part(PurePath(file.name).stem, body),) if len(body) <= most else None

    @hookimpl
    def read(self, file: File) -> Content | None:
        """The lines of the file; None = not a kind that is read here. What cannot be read is a Problem, no error."""
        if not file.name.casefold().endswith(self._settings.suffixes):
            return None
        if file.size > self._settings.limit_bytes:
            problem = Problem(ProblemKind.OVER_LIMIT, f"{file.size} bytes")
            return Content(file.sha256, ContentKind.TEXT, problems=(problem,))
        text = file.path.read_text(encoding="utf-8", errors="replace")
        lines = tuple(Line(line) for line in text.splitlines() if line.strip())
        return Content(file.sha256, ContentKind.TEXT, (Page(1, 595.0, 842.0, lines),), page_count=1)

    @hookimpl
    def group(self, submission: Submission) -> tuple[Document, ...] | None:
        """One document for each PDF of these sources; None = not a submission for this plugin."""
        if submission.envelope.source not in self._settings.sources:
            return None
        found = [file for file in submission.files if file.media_type == "application/pdf"]
        return tuple(Document(replace(file, role=FileRole.MAIN)) for file in found) or None

    @hookimpl
    def classify(self, document: Document, submission: Submission, snapshot: Snapshot) -> Classification | None:
        """The built-in's answer with the site's own form; None = not that form. Marks of secrecy stay seen."""
        name = self._settings.form_name
        lines = document.content.pages[0].lines if document.content and document.content.pages else ()
        heading = next((line for line in lines if name and line.text.strip().casefold() == name.casefold()), None)
        if heading is None:
            return None
        answer = built_in.classify(document=document, submission=submission, snapshot=snapshot)
        evidence = Evidence(heading.text, document.main.sha256, page=1, box=heading.box, rule="everything_at_once")
        return replace(
            answer,
            form=Found("everything-at-once", heading.confidence, heading.source, evidence),
            form_name=name,
            doubts=tuple(doubt for doubt in answer.doubts if doubt.code not in ("form-unknown", "form-ambiguous")),
        )

    @hookimpl
    def verify(self, document: Document) -> tuple[SignatureReport, ...]:
        """One report for each such file: what cannot be decided is INDETERMINATE, never FAILED."""
        return tuple(
            SignatureReport(
                file=file.sha256,
                file_name=file.name,
                field="detached",
                status=SignatureStatus.INDETERMINATE,
                undecidable="detached signature",
            )
            for file in document.files
            if self._settings.signature_suffixes and file.name.casefold().endswith(self._settings.signature_suffixes)
        )

    @hookimpl
    def check(self, classification: Classification) -> tuple[Finding, ...]:
        """A finding of severity `error` holds, unless the site's policy says otherwise for its code."""
        subject = classification.subject.value if classification.subject else ""
        word = next((word for word in self._settings.words if word.casefold() in subject.casefold()), None)
        if word is None:
            return ()
        finding = Finding(
            code="everything-at-once",
            severity=Severity.ERROR,
            message=f"Trích yếu có từ “{word}”, cần người phụ trách xem xét.",
            english=f"The subject has the word “{word}”; a person must look.",
            evidence=Evidence(word, rule="everything_at_once"),
        )
        return (finding,)

    @hookimpl
    def judge(self, submission: Submission, document: Document, classification: Classification) -> Verdict | None:
        """HOLD for these forms until a person releases the document; the strictest verdict of all wins."""
        form = classification.form.value if classification.form else ""
        waived = {waiver.code for waiver in submission.waivers if waiver.file == document.main.sha256}
        if form not in self._settings.held_forms or "everything-at-once" in waived:
            return None
        message = "Loại văn bản này cần người phụ trách xem xét trước."
        return Verdict.hold(Reason("everything-at-once", message, "A person must see this form of document first."))

    @hookimpl
    def route(self, classification: Classification, snapshot: Snapshot) -> tuple[Destination, ...]:
        """One more destination for these forms; answers of all plugins are joined."""
        unit = snapshot.directory.unit(self._settings.unit)
        form = classification.form.value if classification.form else ""
        if unit is None or unit.folder is None or form not in self._settings.forms:
            return ()
        return (Destination("folder", f"{unit.folder}/{snapshot.inbox}", unit.code),)

    @hookimpl
    def compose_notice(
        self, submission: Submission, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot
    ) -> Notice | None:
        """The built-in notice with one more line; None = no line is set."""
        line = self._settings.line
        if not line:
            return None
        notice = built_in_notice.compose_notice(submission=submission, verdicts=verdicts, snapshot=snapshot)
        html = notice.html.replace("</main>", f"<p>{escape(line)}</p>\n</main>", 1)
        return replace(notice, text=f"{notice.text.rstrip()}\n\n{line}\n", html=html)

    @hookimpl
    def deliver(self, delivery: Delivery, files: tuple[OutgoingFile, ...]) -> Outcome | None:
        """DELIVERED once every byte is on disk. It may be asked again: what lies there is not written twice."""
        if delivery.destination.scheme != self._settings.scheme:
            return None
        target = self._settings.target / f"{delivery.name}_{delivery.id}"
        draft = self._settings.target / f".{delivery.id}"
        if target.is_dir():
            return Outcome.delivered(target.name)
        try:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            for number, file in enumerate(files, 1):
                body = file.body if file.body is not None else Path(file.path or "").read_bytes()
                with (draft / f"{number:02d}{Path(file.name).suffix[:10]}").open("wb") as copy:
                    copy.write(body)
                    copy.flush()
                    os.fsync(copy.fileno())
            draft.rename(target)
        except OSError as error:
            return Outcome.deferred(f"{self._settings.target}: {error.strerror}")
        return Outcome.delivered(target.name)

    @hookimpl
    def track_event(self, event: Event) -> None:
        """After the event is committed, at least once; an error is logged and changes nothing."""
        if event.kind in self._settings.kinds:
            logging.getLogger("everything_at_once").warning("%s %s %s", event.kind, event.submission or "", event.words)


def plugin(settings: Settings) -> EverythingAtOnceHooks:
    """What vbdaemon calls with the settings from `[plugins.everything_at_once]`."""
    return EverythingAtOnceHooks(settings)
