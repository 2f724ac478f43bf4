"""How strictly signatures are taken, as values: weak digests, short keys, authorities for roles, revocation."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from vbdaemon.model.signature import Revocation, SignatureReport, SignatureStatus, SignerRole, TimeSource

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_KEY = re.compile(r"([a-z-]+?)(\d+)")
_DIGESTS = {"md5": "MD5", "sha1": "SHA-1"}


class Answer(StrEnum):
    """What follows from a weakness."""

    ACCEPT = "accept"
    """Nothing."""
    WARNING = "warning"
    """It is said."""
    HOLD = "hold"
    """A person must look."""
    REFUSE = "refuse"
    """The document is refused."""


_DIGEST_CODES = {
    Answer.WARNING: "weak-digest",
    Answer.HOLD: "weak-digest-held",
    Answer.REFUSE: "weak-digest-refused",
}
_KEY_CODES = {Answer.WARNING: "key-short", Answer.HOLD: "key-too-short", Answer.REFUSE: "key-too-short-refused"}


@dataclass(frozen=True, slots=True)
class DigestRule:
    """Signatures with this digest, from that day on."""

    name: str
    """As reports name it: "sha1"."""
    answer: Answer
    since: date | None = None
    """Day of signing from which it holds; None = always."""


@dataclass(frozen=True, slots=True)
class KeyRule:
    """Keys of this algorithm shorter than that, from that day on."""

    algorithm: str
    """ "rsa", or "secp" for elliptic curves."""
    bits: int
    answer: Answer
    since: date | None = None


Dated = TypeVar("Dated", DigestRule, KeyRule)


@dataclass(frozen=True, slots=True)
class AuthorityRule:
    """Whose certificates count for a role; for a role without a rule everybody's do."""

    role: SignerRole
    names: tuple[str, ...]
    """Common names of CAs, anywhere in the chain."""


@dataclass(frozen=True, slots=True)
class SignatureFinding:
    """A finding code and what fills its places."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class SignatureRules:
    """The policy on signatures. Its answers are finding codes; their words and verdicts stand in the policy."""

    digests: tuple[DigestRule, ...] = ()
    keys: tuple[KeyRule, ...] = ()
    authorities: tuple[AuthorityRule, ...] = ()
    revocation_required: tuple[SignerRole, ...] = ()
    """Roles whose certificates must be known not to be revoked."""
    claimed_time_counts: bool = True
    """Without a timestamp the signer's own word gives the day of signing; otherwise the day of receipt counts."""

    def findings(self, report: SignatureReport, today: date) -> tuple[SignatureFinding, ...]:
        """What the policy says of one signature; pure. `today` is the day of receipt.

        Nothing about a signature that is broken or that nobody could open: other findings say so.
        """
        if report.certificate is None or report.intact is False:
            return ()
        day = self._day(report, today)
        return (*self._strength(report, day), *self._authority(report), *self._revocation(report))

    def _day(self, report: SignatureReport, today: date) -> date:
        proven = report.time_source is TimeSource.TIMESTAMP
        if report.signed_at is None or not (proven or self.claimed_time_counts):
            return today
        return report.signed_at.astimezone(VIETNAM).date()

    def _strength(self, report: SignatureReport, day: date) -> Iterator[SignatureFinding]:
        digest = _latest([rule for rule in self.digests if rule.name == report.digest], day)
        if digest is not None and digest.answer in _DIGEST_CODES:
            yield SignatureFinding(_DIGEST_CODES[digest.answer], _DIGESTS.get(digest.name, digest.name.upper()))
        algorithm, bits = key_size(report.key or "")
        key = _latest([rule for rule in self.keys if rule.algorithm == algorithm and bits < rule.bits], day)
        if key is not None and key.answer in _KEY_CODES:
            yield SignatureFinding(_KEY_CODES[key.answer], f"{algorithm.upper()} {bits}")

    def _authority(self, report: SignatureReport) -> Iterator[SignatureFinding]:
        """A person's confirmation of exactly this certificate stands above the list."""
        allowed = [rule for rule in self.authorities if rule.role is report.role]
        if not allowed or report.confirmed:
            return
        names = {_plain(name) for rule in allowed for name in rule.names}
        above = report.chain[:-1] if report.trusted else (report.issuer or "",)
        if not any(_plain(name) in names for name in above):
            yield SignatureFinding("authority-not-for-role", report.issuer or "")

    def _revocation(self, report: SignatureReport) -> Iterator[SignatureFinding]:
        undecided = report.status is not SignatureStatus.FAILED and report.undecidable is None
        if report.revocation is Revocation.UNKNOWN and undecided and report.role in self.revocation_required:
            yield SignatureFinding("revocation-required", report.issuer or "")


def key_size(key: str) -> tuple[str, int]:
    """Algorithm and size out of "rsa2048" or "secp256r1"; ("", 0) when it names none."""
    found = _KEY.match(key)
    return (found[1], int(found[2])) if found else ("", 0)


def _latest(rules: list[Dated], day: date) -> Dated | None:
    """Of the rules in force on that day the one that began last; the later in the file wins a tie."""
    in_force = [rule for rule in rules if rule.since is None or rule.since <= day]
    return max(enumerate(in_force), key=lambda each: (each[1].since or date.min, each[0]))[1] if in_force else None


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()
