"""The built-in notices: refusal, return of a draft, receipt, arrival, quarantine."""

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import DocumentVerdict, Notice, Snapshot, Submission
from vbdaemon.rendering.notice import render_notice


@hookimpl
def compose_notice(submission: Submission, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> Notice:
    """The built-in notice; it answers always, so that every submission has one."""
    return render_notice(submission, verdicts, snapshot)
