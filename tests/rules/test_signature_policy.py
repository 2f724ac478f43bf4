"""The policy on signatures: what the shipped file says, what a site's file may say, and every mistake by its line."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vbdaemon.errors import RuleSetError
from vbdaemon.model import Revocation, SignatureReport, SignatureStatus, SignerRole, TimeSource, VerdictKind
from vbdaemon.model.signature_rule import Answer, AuthorityRule, DigestRule, KeyRule, SignatureRules
from vbdaemon.rules.loader import load_policy
from vbdaemon.rules.signature_policy import load_signature_policy

TODAY = date(2026, 3, 2)
REPORT = SignatureReport(
    file="a" * 64,
    file_name="299.pdf",
    field="Sig1",
    status=SignatureStatus.PASSED,
    intact=True,
    trusted=True,
    role=SignerRole.ORGANISATION,
    signer="Sở Mẫu",
    issuer="CA Mẫu G2",
    certificate="b" * 64,
    signed_at=datetime(2025, 6, 1, 20, 0, tzinfo=UTC),
    time_source=TimeSource.TIMESTAMP,
    digest="sha256",
    key="rsa2048",
    revocation=Revocation.GOOD,
    chain=("Root Mẫu", "CA Mẫu G2", "Sở Mẫu"),
)


def codes(rules: SignatureRules, report: SignatureReport = REPORT, today: date = TODAY) -> list[str]:
    return [finding.code for finding in rules.findings(report, today)]


@pytest.mark.parametrize(
    ("digest", "key", "expected"),
    [
        ("sha256", "rsa2048", []),
        ("sha512", "rsa4096", []),
        ("sha256", "secp256r1", []),
        ("sha512", "ed25519", []),
        ("sha1", "rsa2048", ["weak-digest"]),
        ("md5", "rsa2048", ["weak-digest-held"]),
        ("sha256", "rsa1024", ["key-too-short"]),
        ("sha256", "secp192r1", ["key-too-short"]),
        ("sha1", "rsa1024", ["weak-digest", "key-too-short"]),
        (None, None, []),
    ],
)
def test_the_shipped_policy_warns_of_sha1_and_holds_what_is_weaker(digest, key, expected):
    assert codes(load_signature_policy(), replace(REPORT, digest=digest, key=key)) == expected


def test_the_shipped_policy_asks_for_no_revocation_and_for_no_authority():
    unknown = replace(REPORT, revocation=Revocation.UNKNOWN, issuer="?", chain=("?",))
    assert codes(load_signature_policy(), unknown) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.ACCEPT, []),
        (Answer.WARNING, ["weak-digest"]),
        (Answer.HOLD, ["weak-digest-held"]),
        (Answer.REFUSE, ["weak-digest-refused"]),
    ],
)
def test_a_weak_digest_is_answered_as_the_policy_says(answer, expected):
    assert codes(SignatureRules(digests=(DigestRule("sha1", answer),)), replace(REPORT, digest="sha1")) == expected


def test_of_several_rules_the_latest_in_force_on_the_day_of_signing_counts():
    sha1 = replace(REPORT, digest="sha1")
    rules = SignatureRules(
        digests=(
            DigestRule("sha1", Answer.REFUSE, date(2025, 6, 3)),
            DigestRule("sha1", Answer.WARNING),
            DigestRule("sha1", Answer.HOLD, date(2025, 6, 2)),
        )
    )
    assert codes(rules, replace(sha1, signed_at=datetime(2025, 6, 1, 16, 59, tzinfo=UTC))) == ["weak-digest"]
    assert codes(rules, sha1) == ["weak-digest-held"], "20:00 UTC is the next day in Viet Nam"
    assert codes(rules, replace(sha1, signed_at=datetime(2025, 6, 3, 1, tzinfo=UTC))) == ["weak-digest-refused"]


def test_without_a_timestamp_the_policy_chooses_whose_word_gives_the_day():
    rules = SignatureRules(digests=(DigestRule("sha1", Answer.REFUSE, date(2026, 1, 1)),))
    claimed = replace(REPORT, digest="sha1", time_source=TimeSource.CLAIMED)
    assert codes(rules, claimed) == []
    assert codes(replace(rules, claimed_time_counts=False), claimed) == ["weak-digest-refused"]
    assert codes(rules, replace(claimed, signed_at=None, time_source=TimeSource.NONE)) == ["weak-digest-refused"]


def test_an_authority_counts_anywhere_in_the_chain_and_only_for_its_role():
    rules = SignatureRules(authorities=(AuthorityRule(SignerRole.ORGANISATION, ("root  MẪU",)),))
    assert codes(rules) == []
    assert codes(rules, replace(REPORT, chain=("Root khác", "CA Mẫu G2", "Sở Mẫu"))) == ["authority-not-for-role"]
    assert codes(rules, replace(REPORT, role=SignerRole.PERSON, chain=("Root khác", "x"))) == []


def test_a_signer_cannot_name_himself_an_authority():
    rules = SignatureRules(authorities=(AuthorityRule(SignerRole.ORGANISATION, ("Sở Mẫu",)),))
    assert codes(rules) == ["authority-not-for-role"]
    untrusted = replace(REPORT, trusted=False, issuer="Nơi khác", chain=("Sở Mẫu", "Sở Mẫu"))
    assert codes(rules, untrusted) == ["authority-not-for-role"]


def test_a_confirmed_certificate_needs_no_listed_authority():
    rules = SignatureRules(authorities=(AuthorityRule(SignerRole.ORGANISATION, ("khác",)),))
    assert codes(rules, replace(REPORT, confirmed=True)) == []


def test_required_revocation_holds_for_its_roles_only():
    rules = SignatureRules(revocation_required=(SignerRole.ORGANISATION,))
    unknown = replace(REPORT, revocation=Revocation.UNKNOWN)
    assert codes(rules, unknown) == ["revocation-required"]
    assert codes(rules, replace(unknown, role=SignerRole.PERSON)) == []
    assert codes(rules, replace(unknown, status=SignatureStatus.FAILED)) == []


def test_nothing_is_said_of_a_broken_signature():
    rules = SignatureRules(digests=(DigestRule("sha1", Answer.REFUSE),))
    assert codes(rules, replace(REPORT, digest="sha1", intact=False)) == []
    assert codes(rules, replace(REPORT, digest="sha1", certificate=None)) == []


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("weak-digest", None),
        ("weak-digest-held", VerdictKind.HOLD),
        ("weak-digest-refused", VerdictKind.REJECT),
        ("key-short", None),
        ("key-too-short", VerdictKind.HOLD),
        ("key-too-short-refused", VerdictKind.REJECT),
        ("authority-not-for-role", VerdictKind.HOLD),
        ("revocation-required", VerdictKind.HOLD),
    ],
)
def test_every_code_has_words_and_the_verdict_that_its_name_promises(code, verdict):
    policy = load_policy()
    finding = policy.finding(code, signer="Sở Mẫu", detail="SHA-1")
    assert policy.by_code[code].verdict is verdict
    assert "Sở Mẫu" in finding.message
    assert "SHA-1" in finding.message + finding.remedy


def test_a_sites_file_stands_for_the_whole(tmp_path: Path):
    path = tmp_path / "signatures.toml"
    path.write_text(
        'revocation_required = ["organisation"]\nclaimed_time_counts = false\n'
        '[[digest]]\nname = "sha1"\nanswer = "refuse"\nsince = 2028-01-01\n'
        '[[key]]\nshorter_than = "rsa3072"\nanswer = "warning"\n'
        '[[authority]]\nrole = "person"\nnames = ["CA Mẫu"]\n',
        encoding="utf-8",
    )
    assert load_signature_policy(path) == SignatureRules(
        (DigestRule("sha1", Answer.REFUSE, date(2028, 1, 1)),),
        (KeyRule("rsa", 3072, Answer.WARNING),),
        (AuthorityRule(SignerRole.PERSON, ("CA Mẫu",)),),
        (SignerRole.ORGANISATION,),
        claimed_time_counts=False,
    )


def test_every_mistake_is_told_with_its_line(tmp_path: Path):
    path = tmp_path / "signatures.toml"
    path.write_text(
        'revocation_required = ["everybody"]\n'
        '[[digest]]\nname = "SHA 1"\nanswer = "maybe"\n'
        '[[key]]\nshorter_than = "dsa1024"\nanswer = "hold"\nbits = 3\n'
        '[[authority]]\nrole = "organisation"\n',
        encoding="utf-8",
    )
    with pytest.raises(RuleSetError) as error:
        load_signature_policy(path)
    lines = [line.removeprefix(f"{path}:").split(":")[0] for line in str(error.value).splitlines()]
    assert lines == ["1", "3", "4", "6", "8", "9"]
