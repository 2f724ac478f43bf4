"""The built-in hook that writes notices."""

from datetime import UTC, datetime

import pluggy

from vbdaemon import hookspecs
from vbdaemon.builtin import notice
from vbdaemon.model import Channel, CodedStatus, Envelope, Snapshot, Submission
from vbdaemon.rendering.notice import render_notice

SUBMISSION = Submission("s-1", Envelope("thu", Channel.SMTP, datetime(2025, 1, 15, 2, 30, tzinfo=UTC)), ())


def test_the_hook_answers_with_the_built_in_notice():
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(notice)
    answer = manager.hook.compose_notice(submission=SUBMISSION, verdicts=(), snapshot=Snapshot("1"))
    assert answer == render_notice(SUBMISSION, (), Snapshot("1"))
    assert answer.status is CodedStatus.ARRIVED
