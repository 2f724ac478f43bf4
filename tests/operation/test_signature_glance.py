"""A signature in a glance: what a person at a terminal must see of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vbdaemon.model import (
    Position,
    SignatureArea,
    SignaturePurpose,
    SignatureReport,
    SignatureStatus,
    SignerRole,
    TimeSource,
    UnsignedTrace,
)
from vbdaemon.operation.contract import signature
from vbdaemon.operation.signature_glance import signature_lines

GOOD = SignatureReport(
    file="a" * 64,
    file_name="a.pdf",
    field="Signature1",
    status=SignatureStatus.PASSED,
    intact=True,
    trusted=True,
    role=SignerRole.ORGANISATION,
    purpose=SignaturePurpose.SEAL,
    signer="Sở Mẫu",
    signed_at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    time_source=TimeSource.TIMESTAMP,
    covers_whole_file=True,
    altered_after=False,
    digest="sha256",
    key="rsa2048",
    position=Position(1, SignatureArea.TOP_RIGHT),
    chain=("Gốc", "Cấp dưới", "Sở Mẫu"),
)


def lines(report: SignatureReport) -> tuple[str, ...]:
    return signature_lines(signature(report))


def test_a_good_signature_is_told_in_three_lines_in_the_time_of_vietnam():
    head, circumstances, chain = lines(GOOD)
    assert head == "PASSED: organisation (seal) Sở Mẫu [Signature1]"
    when = "2026-03-02 08:30:00+07:00 by timestamp"
    whole = "intact, covers the whole file, revocation unknown, sha256 rsa2048"
    assert circumstances == f"{when}, {whole}, top right of page 1"
    assert chain == "Gốc > Cấp dưới > Sở Mẫu"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"intact": False, "status": SignatureStatus.FAILED, "subindication": "HASH_FAILURE"}, "FAILED HASH_FAILURE"),
        ({"intact": False}, "NOT INTACT"),
        ({"undecidable": "KeyError", "status": SignatureStatus.INDETERMINATE}, "INDETERMINATE KeyError"),
        ({"intact": None}, "integrity unknown"),
        ({"altered_after": True, "covers_whole_file": False}, "ALTERED AFTERWARDS"),
        ({"covers_whole_file": False}, "only signatures or validation data follow"),
        ({"signed_at": None}, "at an unknown time"),
        ({"time_source": TimeSource.CLAIMED}, "claimed"),
        ({"missing_issuer": "CA vắng", "missing_issuer_urls": ("http://a.example.vn/b",)}, "CA vắng (http://a.example.vn/b)"),
        ({"missing_issuer": "CA vắng"}, "NOT AT HAND: CA vắng"),
        ({"confirmed": True}, "confirmed in the directory"),
        ({"unsigned_traces": (UnsignedTrace.TIMESTAMP, UnsignedTrace.TAIL)}, "outside the signature: timestamp tail"),
        ({"position": Position(2, SignatureArea.OTHER)}, "elsewhere on page 2"),
        ({"position": Position(1, SignatureArea.INVISIBLE)}, "invisible"),
        ({"signer": None, "chain": ()}, "no certificate"),
    ],
)  # fmt: skip
def test_everything_that_is_not_so_is_told(changes, words):
    assert words in "\n".join(lines(replace(GOOD, **changes)))
