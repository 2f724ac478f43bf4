"""Grouping: which files make up which official documents, and which of them is the main file."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vbdaemon.builtin.classification.draft import draft_of
from vbdaemon.builtin.classification.form import form_of
from vbdaemon.builtin.classification.heading import heading
from vbdaemon.builtin.classification.kinship import named_annex, named_draft, overlap, refers_to, same_text, stem
from vbdaemon.builtin.classification.number import NumberLine, number_line
from vbdaemon.builtin.classification.segments import Segment, reference_of, segments_of, titled_annex
from vbdaemon.builtin.classification.sheet import Sheet, sheet
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Content, ContentKind, Document, File, FileRole, Form, Snapshot, Submission, TransmissionForm

_SUBMISSION_FORM = "to-trinh"
_EDITABLE = (ContentKind.DOCX, ContentKind.DOC, ContentKind.XLSX, ContentKind.XLS)
_ENCLOSED = ("kèm theo", "gửi kèm", "đính kèm")


@dataclass(slots=True)
class _Gathered:
    """A document while its files are being gathered."""

    main: File
    sheet: Sheet
    segment: Segment
    form: str | None
    form_name: str
    line: NumberLine | None
    draft_itself: bool
    annexes: list[File] = field(default_factory=list)
    editable: File | None = None
    draft: File | None = None
    others: list[File] = field(default_factory=list)


@hookimpl
def group(submission: Submission, contents: tuple[Content, ...], snapshot: Snapshot) -> tuple[Document, ...]:
    """The documents of the submission; every file belongs to one of them, with its role set."""
    if not submission.files:
        return ()
    by_file = {c.file: c for c in contents}
    bodies = [f for f in submission.files if f.role is FileRole.BODY or f.inline]
    files = [f for f in submission.files if f not in bodies]
    bodies.sort(key=lambda f: f.inline)  # the text stands for a mail that holds no file, not its logo
    documents = [g for f in files for g in _official(f, by_file.get(f.sha256), snapshot)]
    documents = _with_drafts(_without_editables(_without_enclosures(documents, snapshot)))
    if not documents:
        documents = [_fallback([f for f in files if f.role is not FileRole.SHEET] or files or bodies, by_file)]
    for file in (*files, *bodies):
        if not any(_holds(g, file) for g in documents):
            _attach(file, by_file.get(file.sha256), documents)
    return tuple(_document(g, contents) for g in documents)


def _official(file: File, content: Content | None, snapshot: Snapshot) -> list[_Gathered]:
    """The official documents whose head stands in the file."""
    if content is None or not content.pages or content.kind in (ContentKind.XLSX, ContentKind.TEXT):
        return []
    whole = sheet(content)
    # what another vbdaemon says of a role is believed only where the file itself looks like it
    if (named_annex(file.name) or file.role is FileRole.ANNEX) and titled_annex(whole):
        return []
    return [_gathered(file, sheet(content, s.first, s.last), s, snapshot.forms) for s in segments_of(whole)]


def _gathered(file: File, part: Sheet, segment: Segment, forms: tuple[Form, ...]) -> _Gathered:
    head = heading(part.first)
    line = number_line(head.number.text) if head.number else None
    form = form_of(part, head, line, forms).form
    draft = draft_of(part, head, line) is not None
    return _Gathered(file, part, segment, form.slug if form else None, form.name if form else "", line, draft)


def _without_enclosures(documents: list[_Gathered], snapshot: Snapshot) -> list[_Gathered]:
    """Enclosed minutes, contracts and the like become annexes of the document that encloses them."""
    kept: list[_Gathered] = []
    for one in documents:
        host = next((o for o in documents if o.main is not one.main and _encloses(o, one, snapshot)), None)
        if host is None:
            kept.append(one)
        elif one.main not in host.annexes:
            host.annexes.append(one.main)
    return kept or documents


def _encloses(host: _Gathered, one: _Gathered, snapshot: Snapshot) -> bool:
    """True for a file that calls itself an annex, or a paper-only form that the host says it encloses."""
    if host.draft_itself or one.draft_itself or _on_paper(host.form, snapshot):
        return False
    if named_annex(one.main.name) and not named_annex(host.main.name):
        return True
    if not _on_paper(one.form, snapshot) and one.line is not None:
        return False
    text = " ".join(p.text for leaf in host.sheet.leaves for p in leaf.pieces).lower()
    name = one.form_name.lower()
    return bool(name) and name in text and any(cue in text for cue in _ENCLOSED)


def _on_paper(form: str | None, snapshot: Snapshot) -> bool:
    rules = (rule_set.rule_for(form) for rule_set in snapshot.transmission if form)
    return any(rule is not None and rule.transmission is TransmissionForm.PAPER for rule in rules)


def _without_editables(documents: list[_Gathered]) -> list[_Gathered]:
    """A Word file with the same text as another document's PDF is that document's editable file."""
    kept = [g for g in documents if not _is_word(g)]
    for one in (g for g in documents if _is_word(g)):
        twin = _twin(one, kept)
        if twin is None:
            kept.append(one)
        elif twin.editable is None:
            twin.editable = one.main
        else:
            twin.others.append(one.main)
    return [g for g in documents if g in kept]


def _twin(one: _Gathered, others: Sequence[_Gathered]) -> _Gathered | None:
    same = [g for g in others if g.form == one.form and same_text(g.sheet, one.sheet)]
    same = same or [g for g in others if g.form == one.form and stem(g.main.name) == stem(one.main.name)]
    return max(same, key=lambda g: overlap(g.sheet, one.sheet), default=None)


def _is_word(one: _Gathered) -> bool:
    return not any(leaf.placed for leaf in one.sheet.leaves)


def _with_drafts(documents: list[_Gathered]) -> list[_Gathered]:
    """A Tờ trình takes the draft it carries; each further draft comes along with it."""
    carriers = [g for g in documents if g.form == _SUBMISSION_FORM and not g.draft_itself]
    drafts = [g for g in documents if g.draft_itself or (_is_word(g) and named_draft(g.main.name))]
    drafts = [g for g in drafts if g not in carriers]
    if not carriers:
        return documents
    for one in drafts:
        carrier = max(carriers, key=lambda c: overlap(c.sheet, one.sheet) if len(carriers) > 1 else 1.0)
        files = [f for f in (one.main, one.editable, *one.annexes, *one.others) if f]
        if carrier.draft is None:
            carrier.draft = files.pop(0)
        carrier.others.extend(replace(f, role=FileRole.DRAFT) for f in files)
    return [g for g in documents if g not in drafts]


def _fallback(files: Sequence[File], by_file: dict[str, Content]) -> _Gathered:
    """No file has a head: the first PDF, else the first Word file, else the first file stands for the document."""
    order = (ContentKind.PDF, ContentKind.DOCX, ContentKind.DOC)

    def rank(file: File) -> int:
        content = by_file.get(file.sha256)
        annex = named_annex(file.name)
        kind = content.kind if content else ContentKind.OTHER
        return (order.index(kind) if kind in order else len(order)) + (10 if annex else 0)

    main = min(files, key=rank)
    content = by_file.get(main.sha256)
    empty = Sheet(main.sha256, (), 0)
    return _Gathered(main, sheet(content) if content else empty, Segment(1, None), None, "", None, draft_itself=False)


def _attach(file: File, content: Content | None, documents: list[_Gathered]) -> None:
    """Give a file without a head of its own to the document it belongs to."""
    if content is None or file.role in (FileRole.BODY, FileRole.SHEET) or content.kind is ContentKind.OTHER:
        documents[0].others.append(file)
        return
    part = sheet(content)
    host = _host(file, part, documents)
    if content.kind in _EDITABLE and not _is_annex(file, part) and _edits(file, part, host):
        host.editable = file
    elif content.kind is ContentKind.TEXT:
        host.others.append(file)
    else:
        host.annexes.append(file)


def _host(file: File, part: Sheet, documents: list[_Gathered]) -> _Gathered:
    """By the number that the annex names, by the name of the file, by the text; else the first document."""
    reference = reference_of(part)
    named = [g for g in documents if reference and refers_to(reference, g.line)]
    alike = [g for g in documents if stem(g.main.name) == stem(file.name)]
    best = max(documents, key=lambda g: overlap(g.sheet, part))
    close = [best] if same_text(best.sheet, part) else []
    return (*named, *alike, *close, documents[0])[0]


def _is_annex(file: File, part: Sheet) -> bool:
    return named_annex(file.name) or (bool(part.leaves) and titled_annex(part))


def _edits(file: File, part: Sheet, host: _Gathered) -> bool:
    """True for the editable file of the host's main file: its name, its text, or (.doc) the only candidate."""
    if host.editable is not None or host.main.sha256 == file.sha256:
        return False
    readable = any(leaf.pieces for leaf in part.leaves)
    return stem(file.name) == stem(host.main.name) or same_text(host.sheet, part) or not readable


def _holds(one: _Gathered, file: File) -> bool:
    held = (one.main, one.editable, one.draft, *one.annexes, *one.others)
    return any(f is not None and f.sha256 == file.sha256 and f.name == file.name for f in held)


def _document(one: _Gathered, contents: tuple[Content, ...]) -> Document:
    others = tuple(
        f if f.role in (FileRole.BODY, FileRole.SHEET, FileRole.DRAFT) else replace(f, role=FileRole.OTHER)
        for f in one.others
    )
    document = Document(
        main=replace(one.main, role=FileRole.MAIN),
        annexes=tuple(replace(f, role=FileRole.ANNEX) for f in one.annexes),
        editable=replace(one.editable, role=FileRole.EDITABLE) if one.editable else None,
        draft=replace(one.draft, role=FileRole.DRAFT) if one.draft else None,
        others=others,
        first_page=one.segment.first,
        last_page=one.segment.last,
    )
    names = {f.sha256 for f in document.files}
    return replace(document, contents=tuple(c for c in contents if c.file in names))
