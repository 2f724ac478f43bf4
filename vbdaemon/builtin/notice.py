"""The built-in notices: refusal, return of a draft, receipt, arrival, quarantine."""

import time

from vbdaemon.builtin.notice_pictures import pictures_of
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import DocumentVerdict, Notice, Snapshot, Submission
from vbdaemon.rendering.notice import render_notice


@hookimpl
def compose_notice(submission: Submission, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> Notice:
    """The built-in notice; it answers always, so that every submission has one.

    The pictures are drawn in here, under this call's deadline: a page that breaks or holds up the worker costs the
    notice its pictures, never the sender his notice.
    """
    pictures = pictures_of(submission, verdicts, time.monotonic)
    return render_notice(submission, verdicts, snapshot, pictures)
