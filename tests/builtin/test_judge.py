"""The policy decides; a person's waiver takes exactly its finding away; a refusal outside the lists waits."""

from dataclasses import replace

import pytest

from vbdaemon.builtin.judge import consequence, judge
from vbdaemon.model import Finding, Policy, PolicyRule, Severity, TransmissionRuleSet, VerdictKind, Waiver
from vbdaemon.testing import make_classification, make_document, make_snapshot, make_submission, make_unit

ACCEPT, HOLD, REJECT, QUARANTINE = VerdictKind
RULES = (
    PolicyRule("note", Severity.NOTE, None, "", ""),
    PolicyRule("warned", Severity.WARNING, None, "", ""),
    PolicyRule("held", Severity.ERROR, HOLD, "", ""),
    PolicyRule("refused", Severity.ERROR, REJECT, "", ""),
    PolicyRule("refused-too", Severity.ERROR, REJECT, "", ""),
    PolicyRule("locked", Severity.ERROR, QUARANTINE, "", ""),
    PolicyRule("sender-unknown", Severity.ERROR, HOLD, "", ""),
    PolicyRule("draft-sender-unknown", Severity.ERROR, HOLD, "", ""),
    PolicyRule("refusal-needs-person", Severity.ERROR, HOLD, "", ""),
)
UNITS = (make_unit("H1", groups=("huyen",)), make_unit("T1", groups=("tinh",)))
LIST = TransmissionRuleSet("list", "", "", (), applies_to=("huyen",))
DOCUMENT = make_document()


def ask(*codes: str, waived: tuple[str, ...] = (), refusals: str = "auto", issuer: str | None = "H1", unit: str = "H1"):
    snapshot = make_snapshot(*UNITS, policy=Policy(RULES, refusals), transmission=(LIST,))
    waivers = tuple(Waiver(code, DOCUMENT.main.sha256, "an", "") for code in waived)
    submission = replace(make_submission(DOCUMENT.main, unit=unit), waivers=waivers)
    findings = tuple(snapshot.policy.finding(code) for code in codes)
    verdict = judge(submission, DOCUMENT, make_classification(issuer_unit=issuer), findings, snapshot)
    return verdict.kind, [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize(
    ("codes", "kind", "reasons"),
    [
        ((), ACCEPT, []),
        (("note", "warned"), ACCEPT, []),
        (("held",), HOLD, ["held"]),
        (("note", "held", "refused"), REJECT, ["refused"]),
        (("refused", "refused-too"), REJECT, ["refused", "refused-too"]),
        (("refused", "refused"), REJECT, ["refused"]),
        (("refused", "locked", "held"), QUARANTINE, ["locked"]),
        (("unheard-of",), HOLD, ["unheard-of"]),
    ],
)
def test_the_strictest_consequence_wins_with_its_reasons(codes, kind, reasons):
    assert ask(*codes) == (kind, reasons)


@pytest.mark.parametrize(
    ("severity", "kind"), [(Severity.ERROR, HOLD), (Severity.WARNING, ACCEPT), (Severity.NOTE, ACCEPT)]
)
def test_a_finding_that_the_policy_does_not_know_holds_when_it_is_an_error(severity, kind):
    assert consequence(Finding("a-plugins-own", severity, ""), make_snapshot(policy=Policy(RULES))) is kind


def test_a_waiver_takes_its_own_finding_away_and_no_other():
    assert ask("held", waived=("held",)) == (ACCEPT, [])
    assert ask("held", "unheard-of", waived=("held",)) == (HOLD, ["unheard-of"])
    assert ask("refused", "refused-too", waived=("refused",)) == (REJECT, ["refused-too"])


def test_a_waiver_for_other_bytes_waives_nothing():
    snapshot = make_snapshot(*UNITS, policy=Policy(RULES))
    submission = replace(make_submission(DOCUMENT.main), waivers=(Waiver("held", "b" * 64, "an", ""),))
    verdict = judge(submission, DOCUMENT, make_classification(), (snapshot.policy.finding("held"),), snapshot)
    assert verdict.kind is HOLD


@pytest.mark.parametrize("sender", ["sender-unknown", "draft-sender-unknown"])
def test_while_the_sender_is_unknown_nothing_is_refused(sender):
    assert ask(sender, "refused") == (HOLD, [sender, "refused"])
    assert ask(sender, "refused", waived=(sender,)) == (HOLD, ["refused"])
    assert ask(sender, "locked") == (QUARANTINE, ["locked"])


@pytest.mark.parametrize(
    ("issuer", "unit", "kind"),
    [("H1", "H1", REJECT), ("T1", "H1", HOLD), (None, "T1", HOLD), ("H1", "T1", REJECT), (None, "H1", REJECT)],
)
def test_outside_the_lists_a_refusal_needs_a_person(issuer, unit, kind):
    given, reasons = ask("refused", issuer=issuer, unit=unit)
    assert given is kind
    assert reasons == (["refused"] if kind is REJECT else ["refused", "refusal-needs-person"])


def test_where_the_policy_says_so_every_refusal_needs_a_person():
    assert ask("refused", refusals="confirm") == (HOLD, ["refused", "refusal-needs-person"])
    assert ask("held", refusals="confirm") == (HOLD, ["held"])


def test_a_release_lets_go_and_a_new_refusal_needs_a_person_again():
    released = ("refused", "refusal-needs-person")
    assert ask("refused", refusals="confirm", waived=released) == (ACCEPT, [])
    assert ask("refused", "refused-too", refusals="confirm", waived=released) == (
        HOLD,
        ["refused-too", "refusal-needs-person"],
    )
