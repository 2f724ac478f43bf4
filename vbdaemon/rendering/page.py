"""The page of one submission for the office: picture, evidence, reasons, signatures, history, commands."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime

from vbdaemon.model import DocumentVerdict, Event, FileRecord, Verdict, VerdictKind
from vbdaemon.rendering.answer import reason_words
from vbdaemon.rendering.templates import render_html
from vbdaemon.rendering.view import DocumentView, document_view
from vbdaemon.rendering.words import local_moment, sentence


@dataclass(frozen=True, slots=True)
class Story:
    """All that is told of one submission."""

    submission: str
    state: str
    source: str
    received_at: datetime
    """Aware."""
    verdict: Verdict | None
    """None while nothing was decided."""
    documents: tuple[DocumentVerdict, ...] = ()
    events: tuple[Event, ...] = ()
    commands: tuple[str, ...] = ()
    """The exact commands that release, refuse or retry it."""
    pictures: tuple[bytes | None, ...] = ()
    """PNG of page 1, one for each document, None where there is none."""
    files: tuple[FileRecord, ...] = ()
    """Files of the submission, for names, roles and sizes."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """One document with its picture."""

    view: DocumentView
    picture: str
    """Data URI, or empty."""


def render_submission(story: Story) -> str:
    """One self-contained HTML page. Of a quarantined submission only id, times, reason codes and history appear."""
    verdicts = [story.verdict, *(document.verdict for document in story.documents)]
    locked = any(verdict is not None and verdict.kind is VerdictKind.QUARANTINE for verdict in verdicts)
    kind = VerdictKind.QUARANTINE if locked else (story.verdict.kind if story.verdict else None)
    return render_html(
        "submission.html.j2",
        story=story,
        locked=locked,
        verdict=kind.value if kind else "",
        verdict_words=kind.vietnamese if kind else "Chưa có kết luận",
        received=local_moment(story.received_at),
        reasons=[reason_words(reason) for reason in story.verdict.reasons] if story.verdict else [],
        codes=sorted({reason.code for verdict in verdicts if verdict for reason in verdict.reasons}),
        documents=[] if locked else _shown(story),
        events=[(local_moment(event.at), event.kind, sentence(event.words)) for event in story.events],
    )


def _shown(story: Story) -> list[_Shown]:
    pictures = (*story.pictures, *(None for _ in story.documents))
    return [
        _Shown(document_view(document, story.files), _data_uri(picture))
        for document, picture in zip(story.documents, pictures, strict=False)
    ]


def _data_uri(picture: bytes | None) -> str:
    return f"data:image/png;base64,{b64encode(picture).decode()}" if picture else ""
