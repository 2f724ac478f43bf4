"""Checks of what a document is: secrecy, form and channel, unreadable files, the editable file, drafts alone."""

from collections.abc import Iterator

from vbdaemon.builtin.classification.emblem import emblem, party
from vbdaemon.builtin.classification.sheet import sheet_of
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import (
    Classification,
    ContentKind,
    Document,
    Evidence,
    File,
    Finding,
    NumberState,
    ProblemKind,
    Snapshot,
    Submission,
    TextSource,
    TransmissionForm,
)
from vbdaemon.reading.unread import names_unread_pages

_OUTSIDE = "outside-scope"
_SUBMISSION_FORM = "to-trinh"
_NO_DOCUMENT = ("no-document", "not-an-agency-document")
_NORMATIVE = frozenset(
    {"luat", "phap-lenh", "lenh", "nghi-dinh", "thong-tu", "thong-tu-lien-tich", "nghi-quyet-lien-tich"}
)
_PARTY_FORMS = frozenset({"ket-luan", "thong-tri"})
_REFUSED = (ProblemKind.EMPTY, ProblemKind.ENCRYPTED)
_PAGES_UNREAD = "pages-unread"
_HELD = (ProblemKind.OVER_LIMIT, ProblemKind.DAMAGED)


@hookimpl
def check(
    submission: Submission, document: Document, classification: Classification, snapshot: Snapshot
) -> tuple[Finding, ...]:
    """Findings about the document itself; who sent it, and its signatures, are checked elsewhere."""
    in_scope = binds(submission, document, classification, snapshot)
    asked = (
        *_channel(document, classification, snapshot, in_scope=in_scope),
        *_editable(document, classification, snapshot, in_scope=in_scope),
    )
    return (
        *_secrecy(classification, snapshot),
        *_unreadable(document, snapshot),
        *_doubts(document, classification, snapshot),
        *_once_outside(asked, document, snapshot),
        *_draft(document, classification, snapshot),
        *_number(document, classification, snapshot),
    )


def binds(submission: Submission, document: Document, classification: Classification, snapshot: Snapshot) -> bool:
    """True when the lists bind the issuer: by its groups, not exempt, no Party paper, no normative document.

    The issuer counts; while it is unknown, the unit that handed in. Nobody known: bound, and held for that.
    """
    if outside_by_nature(document, classification):
        return False
    code = classification.issuer_unit or submission.envelope.unit
    unit = snapshot.directory.unit(code)
    if unit is None or not snapshot.transmission:
        return True
    groups = set(unit.groups)
    return any(
        unit.code not in each.exempt and (not each.applies_to or groups & set(each.applies_to))
        for each in snapshot.transmission
    )


def outside_by_nature(document: Document, classification: Classification) -> bool:
    """True for normative documents and Party papers, whoever issued them."""
    slug = classification.form.value if classification.form else ""
    if slug in _NORMATIVE | _PARTY_FORMS:
        return True
    symbol = classification.symbol.value if classification.symbol else ""
    if symbol[:4].isdigit() and symbol[4:5] == "/":
        return True
    sheet = sheet_of(document)
    crest = emblem(sheet.first) if sheet else None
    return crest is not None and party(crest.text)


def _secrecy(classification: Classification, snapshot: Snapshot) -> Iterator[Finding]:
    if classification.secrecy:
        yield snapshot.policy.finding("secret-marking", classification.secrecy.evidence)


def _unreadable(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The main file empty or locked is refused; what our parsers refuse, and enclosures, wait for a person."""
    for file in dict.fromkeys(document.files):
        content = document.content_of(file)
        if content is None:
            continue
        main = file.sha256 == document.main.sha256
        problem = next((p for p in content.problems if p.kind in (*_REFUSED, *_HELD)), None)
        if problem:
            refused = main and problem.kind in _REFUSED
            code = "unreadable-file" if refused else "unreadable-file-held"
            yield snapshot.policy.finding(code, _about(file, problem.words, problem.page), file=file.name)
        skipped = next((p for p in content.problems if names_unread_pages(p)), None)
        if skipped and _PAGES_UNREAD in snapshot.policy.by_code:
            yield snapshot.policy.finding(_PAGES_UNREAD, _about(file, skipped.words, skipped.page), file=file.name)
        if content.has(ProblemKind.OCR_UNAVAILABLE):
            yield snapshot.policy.finding("ocr-unavailable", _about(file, ProblemKind.OCR_UNAVAILABLE))


def _doubts(document: Document, classification: Classification, snapshot: Snapshot) -> Iterator[Finding]:
    """The classifier's open questions; a draft's form matters for its Tờ trình only."""
    for doubt in classification.doubts:
        yield snapshot.policy.finding(doubt.code, doubt.evidence, file=document.main.name)


def _channel(
    document: Document, classification: Classification, snapshot: Snapshot, *, in_scope: bool
) -> Iterator[Finding]:
    """What the lists say of the main file's form; an annex never decides."""
    code = _channel_code(document, classification, snapshot)
    if code is None:
        return
    if not in_scope:
        if code != "paper-also-due":
            yield _outside(code, document, snapshot)
        return
    seen = classification.form.evidence if classification.form else None
    form = classification.form_name or ""
    if code == "paper-only-form" and classification.form and classification.form.source is TextSource.OCR:
        code = "refusal-needs-person"  # what OCR read is never alone the ground for a refusal
    yield snapshot.policy.finding(code, seen, form=form, detail=form)


def _channel_code(document: Document, classification: Classification, snapshot: Snapshot) -> str | None:
    """607/UBND-VP §1 asks no paper for a draft and its Tờ trình ("không tham mưu bản giấy")."""
    form = classification.transmission
    drafting = document.draft is not None or _is_draft(classification)
    if form is TransmissionForm.PAPER:
        return "paper-only-form"
    if form is TransmissionForm.ELECTRONIC_AND_PAPER and not drafting:
        return "paper-also-due"
    if form is TransmissionForm.UNLISTED and snapshot.transmission:
        return "form-unlisted"
    return None


def _editable(
    document: Document, classification: Classification, snapshot: Snapshot, *, in_scope: bool
) -> Iterator[Finding]:
    """552/UBND §1: the Word or Excel file comes with the document; not asked of drafts and citizens' letters."""
    content = document.content
    if content is None or content.kind is not ContentKind.PDF or document.editable or document.draft:
        return
    if _is_draft(classification) or any(doubt.code in _NO_DOCUMENT for doubt in classification.doubts):
        return
    if any(content.has(kind) for kind in (*_REFUSED, *_HELD)):
        return  # the sender sends the whole again, or a person looks
    code = "editable-file-missing"
    yield snapshot.policy.finding(code, _about(document.main, code)) if in_scope else _outside(code, document, snapshot)


def _draft(document: Document, classification: Classification, snapshot: Snapshot) -> Iterator[Finding]:
    """607/UBND-VP §1: a draft comes with the Tờ trình of the unit's leadership."""
    if _is_draft(classification) and document.draft is None:
        seen = classification.draft.evidence if classification.draft else None
        yield snapshot.policy.finding("draft-without-to-trinh", seen, file=document.main.name)


def _number(document: Document, classification: Classification, snapshot: Snapshot) -> Iterator[Finding]:
    """Asked only of what is a document: a person types the number in."""
    known = classification.form is not None or classification.symbol is not None
    if classification.number_state is NumberState.UNREAD and known:
        seen = classification.symbol.evidence if classification.symbol else None
        yield snapshot.policy.finding("number-unread", seen, file=document.main.name)


def _is_draft(classification: Classification) -> bool:
    return classification.draft is not None and classification.draft.value


def _outside(code: str, document: Document, snapshot: Snapshot) -> Finding:
    """A note that names the finding which the lists would make of a document that they bind."""
    return snapshot.policy.finding(_OUTSIDE, Evidence(code, file=document.main.sha256, rule=code))


def _once_outside(asked: tuple[Finding, ...], document: Document, snapshot: Snapshot) -> tuple[Finding, ...]:
    """The same findings, with one note that names all that would be made inside the scope."""
    notes = [finding for finding in asked if finding.code == _OUTSIDE]
    if len(notes) < 2:  # noqa: PLR2004 - one note needs no joining
        return asked
    named = ", ".join(note.evidence.words for note in notes if note.evidence)
    return (*(finding for finding in asked if finding not in notes), _outside(named, document, snapshot))


def _about(file: File, words: str, page: int | None = None) -> Evidence:
    return Evidence(words, file=file.sha256, page=page)
