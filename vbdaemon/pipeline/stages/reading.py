"""Read: every file once, whatever its role; the same bytes are not read twice."""

from vbdaemon.errors import PluginFailed
from vbdaemon.model import Content, ContentKind, Problem, ProblemKind, Snapshot, Submission
from vbdaemon.pipeline.stages.tally import Tally


def read(submission: Submission, tally: Tally, snapshot: Snapshot) -> tuple[Content, ...]:
    """One Content for each file, in order; what no plugin knows is kept unread."""
    known: dict[str, Content] = {}
    for file in sorted(submission.files, key=lambda file: file.inline):
        if file.sha256 in known:
            continue
        if file.inline:  # a logo: not worth a look
            known[file.sha256] = Content(file.sha256, ContentKind.OTHER)
            continue
        content: Content | None = tally.first("read", file=file, snapshot=snapshot)
        if content is not None and content.file != file.sha256:
            raise PluginFailed("?", "read", "answered with the content of another file")
        known[file.sha256] = content or Content(
            file.sha256, ContentKind.OTHER, problems=(Problem(ProblemKind.UNSUPPORTED, "no reader for this kind"),)
        )
    return tuple(known[file.sha256] for file in submission.files)
