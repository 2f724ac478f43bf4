"""Files that came without their document: a lone editable file, a lone annex. They wait for it, or join it."""

import re

from vbdaemon.builtin.sender import is_draft
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, ContentKind, Document, Evidence, Finding, Snapshot

EDITABLE_KINDS = frozenset({ContentKind.DOCX, ContentKind.XLSX, ContentKind.DOC, ContentKind.XLS})
_ATTACHED_TO = re.compile(
    r"kèm\s+theo\s+[^\n()]{0,60}?số:?\s*(?P<number>\d{1,5}[a-z]?)\s*/\s*(?P<symbol>[\w&.\-/]+)", re.IGNORECASE
)


@hookimpl
def check(document: Document, classification: Classification, snapshot: Snapshot) -> tuple[Finding, ...]:
    """editable-file-alone or annex-alone; the evidence's words name the document they belong to."""
    content = document.content
    if content is None or is_draft(document, classification):
        return ()
    if content.kind in EDITABLE_KINDS:
        words = classification.designation or ""
        return (snapshot.policy.finding("editable-file-alone", Evidence(words, content.file, rule="companion")),)
    if any(doubt.code == "no-document" for doubt in classification.doubts):
        found = _ATTACHED_TO.search(content.text)
        if found:
            words = f"{found['number']}/{found['symbol'].rstrip('.-/')}"
            return (snapshot.policy.finding("annex-alone", Evidence(words, content.file, rule="companion")),)
    return ()
