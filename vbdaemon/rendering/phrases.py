"""Phrases about one document: what it is, which files it has, which arrival number."""

from vbdaemon.model import Classification, Directory, DocumentVerdict, FileRole, RegisterNumber, Submission
from vbdaemon.rendering.agency_name import issuer_words
from vbdaemon.rendering.names import shown_name
from vbdaemon.rendering.words import day_words, sentence


def described(verdict: DocumentVerdict, directory: Directory | None = None) -> str:
    """The document in one phrase, as far as it is known and may be told; `directory` gives its issuer's spelling."""
    found = verdict.classification
    if found is None:
        return f"{'dự thảo' if verdict.returned else 'văn bản'} trong tệp “{shown_name(verdict.main)}”"
    phrase = sentence(" ".join([_noun(verdict, found), *_heading(found, directory)]))
    if found.restricted or found.subject is None:
        return phrase
    return f"{phrase}, trích yếu: “{sentence(found.subject.value)}”"


def files_words(verdict: DocumentVerdict, submission: Submission) -> str:
    """How many files, and their names as far as the sender gave them and they may be told."""
    names = {file.sha256: file.name for file in submission.files} | {verdict.main_sha256: verdict.main}
    beside = {file.sha256 for file in submission.files if file.role in (FileRole.BODY, FileRole.SHEET)}
    files = [sha256 for sha256 in verdict.files if sha256 not in beside]
    shown = [shown_name(names[sha256]) for sha256 in files if sha256 in names]
    count = f"gồm {len(files)} tệp"
    if not shown or (verdict.classification and verdict.classification.restricted):
        return count
    # Files out of a mail or an archive have no name here.
    lead = ":" if len(shown) == len(files) else ", trong đó có:"
    return f"{count}{lead} {'; '.join(shown)}"


def arrival_words(register: RegisterNumber | None) -> str:
    """Number, year and day, as in "123/2025; ngày đến: 15/01/2025"; empty for None."""
    if register is None:
        return ""
    if not register.number:  # of a document that another system numbers, or that is in no book
        return "chưa cấp"
    return f"{register.number}/{register.year}; ngày đến: {day_words(register.registered_on)}"


def _noun(verdict: DocumentVerdict, found: Classification) -> str:
    if found.draft and found.draft.value:
        return "dự thảo văn bản"
    if verdict.returned:  # the main file is the Tờ trình that carries the draft
        return f"dự thảo kèm theo {found.form_name or 'văn bản'}"
    return "văn bản"


def _heading(found: Classification, directory: Directory | None) -> list[str]:
    parts = []
    if found.symbol and found.number:
        parts.append(f"số {found.designation}")
    elif found.symbol:
        parts.append(f"ký hiệu {found.symbol.value}")
    elif found.form_name:
        parts.append(f"({found.form_name})")
    if found.issued_on:
        parts.append(f"ngày {day_words(found.issued_on.value)}")
    if found.issuer and not found.restricted:
        parts.append(f"của {issuer_words(found, directory)}")
    return parts
