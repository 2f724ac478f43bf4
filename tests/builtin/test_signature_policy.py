"""Weaknesses of signatures become findings once for each certificate and file."""

from datetime import UTC, datetime

from vbdaemon.builtin.signature_policy import check
from vbdaemon.testing import make_signature, make_snapshot, make_submission


def codes(*signatures):
    return [finding.code for finding in check(make_submission(), signatures, make_snapshot())]


def test_a_sha1_digest_is_a_warning_once_for_a_certificate_that_signed_three_times():
    weak = make_signature(digest="sha1", certificate="c" * 64, key="rsa2048")
    assert codes(weak, weak, weak) == ["weak-digest"]


def test_a_strong_signature_gives_no_finding():
    assert codes(make_signature(digest="sha256", certificate="c" * 64, key="rsa2048")) == []


def test_md5_and_short_keys_wait_for_a_person_by_the_shipped_policy():
    signed_at = datetime(2026, 3, 1, tzinfo=UTC)
    bad = make_signature(digest="md5", certificate="c" * 64, key="rsa1024", signed_at=signed_at)
    assert sorted(codes(bad)) == ["key-too-short", "weak-digest-held"]
