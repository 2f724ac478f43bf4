"""Bytes that no signature protects: what was changed there changes no verdict, but the report says so."""

import pytest

from vbdaemon.model import SignatureStatus, UnsignedTrace, VerdictKind

pytestmark = pytest.mark.slow

STEP = 61
"""Of the bytes of a signature's value, a seeded part here; the measurements change every one."""


@pytest.fixture(scope="module")
def own(new_key, papers):
    return papers.authority(new_key)


@pytest.fixture
def store(own, papers, tmp_path):
    return papers.store(papers.ROWS[0], own, tmp_path / "own")


def test_every_trace_is_told_in_the_report_and_to_people(own, papers, pdf, outside, store, decide):
    for trace, body in outside.unsigned(papers, own, pdf).items():
        answer = decide(body, store, scan=True)
        (report,) = answer.reports
        assert (answer.verdict, report.status) == (VerdictKind.ACCEPT, SignatureStatus.PASSED), trace
        assert report.unsigned_traces == (trace,)
        [note] = [finding for finding in answer.told if finding.code == "unsigned-bytes"]
        assert (note.severity, note.evidence.words) == ("note", trace)
        assert "van-ban.pdf" in note.message
        assert "()" not in note.message


def test_where_every_byte_is_signed_nothing_is_told(own, papers, pdf, outside, store, decide):
    for name, body in outside.untouched(papers, own, pdf).items():
        answer = decide(body, store, scan=True)
        assert [report.unsigned_traces for report in answer.reports] == [()], name
        assert "unsigned-bytes" not in {finding.code for finding in answer.told}


def test_a_damaged_document_timestamp_protects_nothing(own, papers, pdf, outside, store, decide):
    whole = outside.untouched(papers, own, pdf)["with-store-and-timestamp"]
    answer = decide(outside.flipped(whole, -1), store, scan=True)
    assert answer.verdict is VerdictKind.ACCEPT
    assert answer.reports[0].unsigned_traces == (UnsignedTrace.TIMESTAMP, UnsignedTrace.REVISION)


def test_a_broken_signature_tells_no_traces(own, papers, pdf, outside, store, decide):
    body = outside.unsigned(papers, own, pdf)[UnsignedTrace.TAIL].replace(b"Van ban thu nghiem", b"Van ban thi nghiem")
    (report,) = decide(body, store, scan=True).reports
    assert (report.intact, report.unsigned_traces) == (False, ())


def test_no_bit_of_a_signatures_value_changes_unseen(own, papers, pdf, outside, store, decide):
    once = papers.stamped(pdf, own, own.issue(papers.AGENCY))
    _, value = outside.value_at(once)
    kinds = set()
    for place in range(0, len(value), STEP):
        answer = decide(outside.flipped(once, place, place % 8), store, scan=True)
        kinds.add(answer.verdict)
        told = any(report.unsigned_traces for report in answer.reports)
        assert answer.verdict is not VerdictKind.ACCEPT or told, place
    assert VerdictKind.ACCEPT in kinds
