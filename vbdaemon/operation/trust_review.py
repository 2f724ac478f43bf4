"""What is not as it should be in the trust folder; each with its remedy."""

from collections.abc import Iterator
from datetime import datetime

from vbdaemon.operation.checkup import WARN_DAYS, Problem, Weight
from vbdaemon.signature.trust import Authority, AuthorityRole, TrustStore
from vbdaemon.signature.wanted import crl_urls

SUCCESSOR = "ask its owner for its successor: vbdaemon trust add FILE; keep this one for older documents"
REMEDY = "vbdaemon trust wanted, then trust import; or: vbdaemon trust fetch"


def review(store: TrustStore, now: datetime) -> Iterator[Problem]:
    """Unusable files, certificates that end, strangers among the roots, links without root, lists that ran out."""
    for warning in store.warnings:
        yield Problem(Weight.WARNING, warning, "replace the file, or remove it: vbdaemon trust remove NAME")
    if not store.roots:
        yield Problem(Weight.ERROR, "no root certificate is trusted: no signature can pass", "vbdaemon trust add FILE")
    for authority in store.authorities:
        yield from _authority(authority, store, now)
    yield from _lists(store, now)


def days_left(authority: Authority, now: datetime) -> int:
    """Whole days until the certificate ends; negative when it has."""
    return (authority.not_after - now).days


def _authority(authority: Authority, store: TrustStore, now: datetime) -> Iterator[Problem]:
    left = days_left(authority, now)
    named = f"{authority.name} ({authority.file})"
    if left < 0:
        words = f"{named} ended on {authority.not_after:%Y-%m-%d}; what was signed before stays valid"
        yield Problem(Weight.WARNING, words, SUCCESSOR)
    elif left < WARN_DAYS:
        yield Problem(Weight.WARNING, f"{named} ends in {left} days", SUCCESSOR)
    if authority.role is AuthorityRole.ROOT and authority.published is None:
        words = f"root {named} is not among the published ones, sha256 {authority.sha256}"
        yield Problem(Weight.WARNING, words, "compare the fingerprint with its owner's publication")
    if authority.role is AuthorityRole.INTERMEDIATE and not store.reaches_root(store.certificates[authority.sha256]):
        yield Problem(Weight.WARNING, f"{named} leads to no root at hand", "vbdaemon trust wanted")


def _lists(store: TrustStore, now: datetime) -> Iterator[Problem]:
    """A CRL is missed where an authority issued something at hand that names one; what signers name, `wanted` tells."""
    named = {c.issuer for c in store.certificates.values() if c.subject != c.issuer and crl_urls(c)}
    for authority in store.authorities:
        ends = authority.crl_ends
        if not authority.crls and store.certificates[authority.sha256].subject in named:
            yield Problem(Weight.WARNING, f"no CRL of {authority.name} is at hand", REMEDY)
        elif ends is not None and ends < now:
            yield Problem(Weight.WARNING, f"the newest CRL of {authority.name} ended on {ends:%Y-%m-%d}", REMEDY)
