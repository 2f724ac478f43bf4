"""A plugin that was switched off: documents wait for it, unless the site goes on without it; nothing is refused."""

from dataclasses import replace

import pytest

from vbdaemon.builtin.absence import check
from vbdaemon.builtin.judge import judge
from vbdaemon.model import PluginOff, Severity, VerdictKind, Waiver
from vbdaemon.testing import make_classification, make_document, make_snapshot, make_submission

DOCUMENT = make_document()


def judged(*off: PluginOff, more: tuple[str, ...] = (), waived: tuple[str, ...] = ()) -> tuple[VerdictKind, list[str]]:
    snapshot = make_snapshot(plugins_off=off)
    findings = (*check(snapshot), *(snapshot.policy.finding(code) for code in more))
    waivers = tuple(Waiver(code, DOCUMENT.main.sha256, "an", "") for code in waived)
    submission = replace(make_submission(DOCUMENT.main), waivers=waivers)
    verdict = judge(submission, DOCUMENT, make_classification(), findings, snapshot)
    return verdict.kind, [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize("hook", ["unpack", "read", "group", "classify", "verify", "check", "judge", "route"])
def test_documents_wait_for_a_plugin_that_decisions_rest_on(hook):
    assert judged(PluginOff("odd", (hook, "startup"))) == (VerdictKind.HOLD, ["plugin-off"])


def test_one_that_only_delivers_or_tells_holds_nothing():
    assert judged(PluginOff("odd", ("compose_notice", "deliver", "startup", "track_event")))[0] is VerdictKind.ACCEPT


def test_without_an_optional_one_it_goes_on_and_a_note_says_so():
    off = PluginOff("odd", ("check",), optional=True)
    assert judged(off)[0] is VerdictKind.ACCEPT
    (finding,) = check(make_snapshot(plugins_off=(off,)))
    assert (finding.code, finding.severity, finding.evidence.rule) == (
        "plugin-off-optional",
        Severity.NOTE,
        "plugin odd",
    )


def test_nothing_is_refused_while_a_plugin_is_off_but_what_is_secret_is_locked_away():
    off = PluginOff("odd", ("classify",))
    kind, reasons = judged(off, more=("paper-only-form",))
    assert kind is VerdictKind.HOLD
    assert set(reasons) == {"plugin-off", "paper-only-form"}
    assert judged(off, more=("secret-marking",))[0] is VerdictKind.QUARANTINE


def test_a_person_lets_a_document_go_without_it():
    assert judged(PluginOff("odd", ("check",)), waived=("plugin-off",))[0] is VerdictKind.ACCEPT


def test_it_re_opens_by_itself_once_the_plugin_is_on_again():
    assert make_snapshot().policy.by_code["plugin-off"].evidence_may_come


def test_no_name_of_a_plugin_is_told_to_a_sender():
    (finding,) = check(make_snapshot(plugins_off=(PluginOff("odd_name", ("check",)),)))
    assert "odd_name" not in finding.message + finding.english + finding.remedy + finding.remedy_english
