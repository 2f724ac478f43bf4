"""Mutated signed files: none is accepted unless only unsigned bytes of no effect changed; every one is answered."""

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vbdaemon.model import SignatureReport, VerdictKind
from vbdaemon.signature.signing import sign

pytestmark = pytest.mark.slow

AT = datetime(2026, 2, 27, 2, 30, tzinfo=UTC)
DEADLINE = 10.0
"""Seconds for one file; honest ones take a hundredth of one."""
WHOLE, TENTH = 540, 54
"""Some are left out as no mutants, so that 500 stay; the part that runs with the other tests."""


@pytest.fixture(scope="module")
def originals(signers, pki, own_attacks) -> list[bytes]:
    """One signature, two, four, with and without timestamps, and with a form."""
    hand = signers.by_hand
    plain = hand.whole(hand.plain_objects())
    place = {"signed_at": AT, "box": (300, 200, 400, 300)}
    two = own_attacks.plain(signers)
    four = sign(two, signers.agency, field="So", box=(140, 710, 200, 735), text="607", signed_at=AT)
    four = sign(four, signers.agency, field="Ngay", box=(407, 710, 452, 735), text="27", signed_at=AT)
    leader = sign(plain, signers.leader, field="NguoiKy", timestamper=pki.tsa, signed_at=AT)
    return [two, four, sign(leader, signers.agency, field="CoQuan", timestamper=pki.tsa, **place)]


def facts(report: SignatureReport) -> SignatureReport:
    """A report without what differs for any other file."""
    return replace(report, file="")


def survey(originals, decide, made) -> Counter:
    whole = {original: decide(original) for original in originals}
    assert {answer.verdict for answer in whole.values()} == {VerdictKind.ACCEPT}
    verdicts: Counter = Counter()
    for mutant in made:
        began = time.monotonic()
        answer = decide(mutant.body)
        assert time.monotonic() - began < DEADLINE, mutant.name
        verdicts[answer.verdict] += 1
        if answer.verdict is VerdictKind.ACCEPT:
            assert mutant.signed_bytes_kept, mutant.name
            assert says_so(answer.reports, whole[mutant.original].reports), mutant.name
    return verdicts


def says_so(reports, before) -> bool:
    """The reports are those of the whole file, but for a timestamp that no longer counts."""
    return all(
        facts(now) == facts(then) or (now.time_source.value, then.time_source.value) == ("claimed", "timestamp")
        for now, then in zip(reports, before, strict=True)
    )


def test_a_tenth_of_the_mutants_is_answered_and_none_is_accepted_for_nothing(originals, decide, mutation):
    verdicts = survey(originals, decide, mutation.mutants(originals, TENTH))
    assert verdicts[VerdictKind.HOLD] > 0
    assert verdicts[VerdictKind.REJECT] > 0


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_all_mutants_are_answered_and_none_is_accepted_for_nothing(originals, decide, mutation):
    began = time.monotonic()
    verdicts = survey(originals, decide, mutation.mutants(originals, WHOLE))
    counted = ", ".join(f"{count} {kind.value}" for kind, count in verdicts.items())
    print(f"\n{verdicts.total()} mutated signed files in {time.monotonic() - began:.1f} s: {counted}")  # noqa: T201 - a measurement
    assert verdicts.total() >= 500
