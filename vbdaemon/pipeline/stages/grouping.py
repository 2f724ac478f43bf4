"""Group: which files make up which official documents; every file belongs to one."""

from dataclasses import replace

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import Content, Document, Snapshot, Submission
from vbdaemon.pipeline.stages.tally import Tally


def group(
    submission: Submission, contents: tuple[Content, ...], tally: Tally, snapshot: Snapshot
) -> tuple[Document, ...]:
    """At least one document; files that a plugin left out come along with the first one."""
    documents: tuple[Document, ...] | None = tally.first(
        "group", submission=submission, contents=contents, snapshot=snapshot
    )
    if not documents:
        raise VbdaemonError("no plugin grouped the files into documents")
    taken = {file.sha256 for document in documents for file in document.files}
    left = tuple(file for file in submission.files if file.sha256 not in taken)
    first = replace(documents[0], others=(*documents[0].others, *left))
    return tuple(_with_contents(document, contents) for document in (first, *documents[1:]))


def _with_contents(document: Document, contents: tuple[Content, ...]) -> Document:
    """Contents in the order of the document's files; a plugin may have left some out."""
    known = {content.file: content for content in (*contents, *document.contents)}
    wanted = dict.fromkeys(file.sha256 for file in document.files)
    return replace(document, contents=tuple(known[sha256] for sha256 in wanted if sha256 in known))
