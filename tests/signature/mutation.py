"""Signed files with something wrong: bytes flipped, ends cut, revisions spliced; the same for the same seed."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from vbdaemon.model import SignatureReport, VerdictKind
from vbdaemon.signature.signing import sign

AT = datetime(2026, 2, 27, 2, 30, tzinfo=UTC)
DEADLINE = 10.0
"""Seconds for one file; honest ones take a hundredth of one."""

KINDS = ("flip", "flip-in-signature", "flip-many", "cut", "cut-and-end", "zeroed", "doubled", "removed", "spliced")


@dataclass(frozen=True)
class Mutant:
    """A changed file, the file it was made of, and how."""

    name: str
    body: bytes
    original: bytes

    @property
    def signed_bytes_kept(self) -> bool:
        """Nothing changed but digits of one signature's own value, which is not signed; the length is the same."""
        if len(self.body) != len(self.original):
            return False
        gaps = signature_gaps(self.original)
        changed = (place for place, pair in enumerate(zip(self.body, self.original, strict=True)) if pair[0] != pair[1])
        return all(any(start <= place < end for start, end in gaps) for place in changed)


def signature_gaps(pdf: bytes) -> list[tuple[int, int]]:
    """Where the digits of each /Contents stand."""
    gaps, place = [], 0
    while (place := pdf.find(b"/Contents <", place) + 1) > 0:
        start = place + len(b"/Contents <") - 1
        gaps.append((start, pdf.index(b">", start)))
    return gaps


def mutants(originals: Sequence[bytes], count: int, seed: int = 4) -> Iterator[Mutant]:
    """`count` mutants, all kinds in turn; the first ones are the same for any count.

    Revisions that were left off at the end give back a file as somebody signed it: no mutant, and left out.
    """
    for number in range(count):
        chance = Random(seed * 1_000_003 + number)
        original = originals[number % len(originals)]
        kind = KINDS[(number // len(originals)) % len(KINDS)]
        body = _mutated(kind, original, originals, chance)
        if not any(known.startswith(body) for known in originals if kind == "spliced" or known == body):
            yield Mutant(f"{number}-{kind}", body, original)


def _mutated(kind: str, pdf: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    place = chance.randrange(10, len(pdf) - 1)
    if kind == "flip":
        return _flipped(pdf, [place], chance)
    if kind == "flip-in-signature":
        start, end = chance.choice(signature_gaps(pdf))
        digit = chance.randrange(start, start + (end - start) // chance.choice((1, 4)))
        return pdf[:digit] + bytes([chance.choice(b"0123456789ABCDEF")]) + pdf[digit + 1 :]
    if kind == "flip-many":
        return _flipped(pdf, [chance.randrange(len(pdf)) for _ in range(chance.randrange(2, 60))], chance)
    if kind == "cut":
        return pdf[:place]
    if kind == "cut-and-end":
        return pdf[:place] + pdf[pdf.rindex(b"startxref") :]
    length = chance.randrange(1, 3_000)
    if kind == "zeroed":
        return pdf[:place] + b"\0" * len(pdf[place : place + length]) + pdf[place + length :]
    if kind == "doubled":
        return pdf[: place + length] + pdf[place:]
    if kind == "removed":
        return pdf[:place] + pdf[place + length :]
    return _spliced(pdf, chance.choice(others), chance)


def _flipped(pdf: bytes, places: list[int], chance: Random) -> bytes:
    body = bytearray(pdf)
    for place in places:
        body[place] ^= 1 << chance.randrange(8)
    return bytes(body)


def _spliced(pdf: bytes, other: bytes, chance: Random) -> bytes:
    """The revisions of two files joined, or one left out, or two exchanged."""
    ours, theirs = revisions(pdf), revisions(other)
    way = chance.randrange(4)
    if way == 0:
        return pdf + theirs[-1]
    if way == 1:
        return b"".join(ours[: chance.randrange(1, len(ours) + 1)]) + chance.choice(theirs)
    left_out = chance.randrange(len(ours))
    if way == 2:
        return b"".join(part for number, part in enumerate(ours) if number != left_out) or pdf[:-9]
    return b"".join([*ours[:left_out], *ours[left_out + 1 :], ours[left_out]])


def revisions(pdf: bytes) -> list[bytes]:
    parts = pdf.split(b"%%EOF\n")
    return [part + b"%%EOF\n" for part in parts[:-1]]


def made_of(signers, pki, own_attacks) -> list[bytes]:
    """What mutants are made of: one signature, two, four, with and without timestamps."""
    hand = signers.by_hand
    plain = hand.whole(hand.plain_objects())
    place = {"signed_at": AT, "box": (300, 200, 400, 300)}
    two = own_attacks.plain(signers)
    four = sign(two, signers.agency, field="So", box=(140, 710, 200, 735), text="607", signed_at=AT)
    four = sign(four, signers.agency, field="Ngay", box=(407, 710, 452, 735), text="27", signed_at=AT)
    leader = sign(plain, signers.leader, field="NguoiKy", timestamper=pki.tsa, signed_at=AT)
    return [two, four, sign(leader, signers.agency, field="CoQuan", timestamper=pki.tsa, **place)]


def survey(originals: Sequence[bytes], decide: Callable, made: Iterable[Mutant]) -> Counter:
    """Verdicts on the mutants: each in time, and what is accepted tells that unsigned bytes changed."""
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
            assert_told(mutant, answer, whole[mutant.original])
    return verdicts


def assert_told(mutant: Mutant, answer, before) -> None:
    """The reports are those of the whole file but for a timestamp that no longer counts, and tell what changed."""
    assert any(report.unsigned_traces for report in answer.reports), mutant.name
    assert "unsigned-bytes" in {finding.code for finding in answer.told}, mutant.name
    for now, then in zip(answer.reports, before.reports, strict=True):
        lost = (now.time_source.value, then.time_source.value) == ("claimed", "timestamp")
        assert lost or facts(now) == facts(then), mutant.name


def facts(report: SignatureReport) -> SignatureReport:
    """A report without what differs for any other file."""
    return replace(report, file="", unsigned_traces=())
