"""The trust folder on disk: what may enter it, under which name, in one step."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from vbdaemon.errors import TrustError
from vbdaemon.signature.evidence_ocsp import ocsp_answers
from vbdaemon.signature.evidence_signature import is_authority, is_list_of, is_self_signed
from vbdaemon.signature.extension import extensions
from vbdaemon.signature.naming import common_name
from vbdaemon.signature.published import namesake, published
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.trust_file import TrustFile


class Standing(StrEnum):
    """What speaks for a thing that wants to enter the folder."""

    VERIFIED = "verified"
    """Published fingerprint, or signed by what is trusted already."""
    AT_HAND = "at hand"
    """Lies there already, or something newer does."""
    UNVERIFIED = "unverified"
    """Nothing speaks for it but the person who brings it."""
    REFUSED = "refused"
    """Can never enter: no authority's certificate, or a list whose issuer did not sign it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One certificate, CRL or OCSP answer that wants to enter, and what speaks for it."""

    name: str
    """File name under which it would lie in the folder."""
    body: bytes
    words: str
    """For people."""
    standing: Standing
    sha256: str = ""
    """Of a certificate."""
    found_in: str = ""


def weighed(files: Iterable[tuple[str, TrustFile]], store: TrustStore, now: datetime) -> tuple[Offer, ...]:
    """Every thing in these (name, contents) with its standing; one may speak for the next, whatever their order."""
    pool = tuple(files)
    certificates = [(name, certificate) for name, found in pool for certificate in found.certificates]
    decided: dict[str, Offer] = {}
    store = replace(store, certificates=dict(store.certificates))
    for _ in range(len(certificates) + 1):
        before = len(store.certificates)
        for name, certificate in certificates:
            offer = replace(_certificate(certificate, store), found_in=name)
            if offer.sha256 not in decided or decided[offer.sha256].standing is Standing.UNVERIFIED:
                decided[offer.sha256] = offer
            if offer.standing is Standing.VERIFIED:
                store.certificates[offer.sha256] = certificate
        if len(store.certificates) == before:
            break
    lists = [replace(_crl(crl, store, now), found_in=name) for name, found in pool for crl in found.crls]
    answers = [replace(_response(r, store, now), found_in=name) for name, found in pool for r in found.responses]
    return (*decided.values(), *{offer.body: offer for offer in (*lists, *answers)}.values())


def put(folder: Path, name: str, body: bytes) -> Path:
    """The file appears whole, or replaces an older one in one step; TrustError says why it cannot."""
    target = folder / name
    draft = folder / f".{name}.{os.getpid()}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise TrustError(f"{target}: {error.strerror}; the daemon's user must own the trust folder") from error
    return target


def _certificate(certificate: x509.Certificate, store: TrustStore) -> Offer:
    sha256 = certificate.fingerprint(SHA256()).hex()
    name = f"{_slug(common_name(certificate.subject))}-{sha256[:8]}.pem"
    body = certificate.public_bytes(Encoding.PEM)
    kind = "root" if is_self_signed(certificate) else "intermediate"
    valid = f"{certificate.not_valid_before_utc:%Y-%m-%d} … {certificate.not_valid_after_utc:%Y-%m-%d}"
    words = f"{kind} {common_name(certificate.subject)}, {valid}, sha256 {sha256}"
    if sha256 in store.certificates:
        return Offer(name, body, words, Standing.AT_HAND, sha256)
    if not is_authority(certificate):
        return Offer(name, body, f"{words}: not the certificate of an authority", Standing.REFUSED, sha256)
    if published(sha256):
        return Offer(name, body, f"{words}: published fingerprint", Standing.VERIFIED, sha256)
    if not is_self_signed(certificate) and store.reaches_root(certificate):
        return Offer(name, body, f"{words}: signed up to a root at hand", Standing.VERIFIED, sha256)
    if namesake(common_name(certificate.subject)):
        words = f"{words}: BEARS THE NAME OF A PUBLISHED CERTIFICATE WITH ANOTHER FINGERPRINT"
    lacking = "fingerprint not among the published ones" if kind == "root" else "no chain to a root at hand"
    return Offer(name, body, f"{words}: {lacking}", Standing.UNVERIFIED, sha256)


def _crl(crl: x509.CertificateRevocationList, store: TrustStore, now: datetime) -> Offer:
    """One list a month is kept: when certificates have ended, only a list of their lifetime speaks for them."""
    body = crl.public_bytes(Encoding.DER)
    issuer = next((c for c in store.certificates.values() if is_list_of(crl, c)), None)
    made, ends = crl.last_update_utc, crl.next_update_utc
    until = f", next {ends:%Y-%m-%d}" if ends else ""
    words = f"CRL of {common_name(crl.issuer)}, made {made:%Y-%m-%d %H:%M} UTC{until}"
    if issuer is None:
        return Offer("", body, f"{words}: no authority at hand signed it", Standing.REFUSED)
    key = issuer.fingerprint(SHA256()).hex()[:8]
    name = f"crl-{_slug(common_name(crl.issuer))}-{key}{_part(crl)}-{made:%Y-%m}.crl"
    same_month = (c for c in store.revocation.by_issuer.get(crl.issuer.public_bytes(), ()) if _part(c) == _part(crl))
    if any(c.last_update_utc >= made and f"{c.last_update_utc:%Y-%m}" == f"{made:%Y-%m}" for c in same_month):
        return Offer(name, body, words, Standing.AT_HAND)
    late = " (already past its nextUpdate)" if ends is not None and ends < now else ""
    return Offer(name, body, f"{words}{late}", Standing.VERIFIED)


def _part(crl: x509.CertificateRevocationList) -> str:
    """Marks a list that speaks of a part of the certificates only, so that it never replaces another part's."""
    try:
        found = extensions(crl)
    except ValueError:
        return "-unreadable"
    partial = (e.value for e in found if isinstance(e.value, x509.IssuingDistributionPoint | x509.DeltaCRLIndicator))
    return next((f"-{_mark(repr(value).encode())}" for value in partial), "")


def _response(response: ocsp.OCSPResponse, store: TrustStore, now: datetime) -> Offer:
    body = response.public_bytes(Encoding.DER)
    answers = list(ocsp_answers(response))
    if not answers:
        return Offer("", body, "OCSP answer without content", Standing.REFUSED)
    first = answers[0]
    words = f"OCSP answer about serial {first.single.serial_number:x}, made {first.made_at:%Y-%m-%d %H:%M} UTC"
    if not any(first.is_from(issuer) and first.is_believed(issuer) for issuer in store.certificates.values()):
        return Offer("", body, f"{words}: no authority at hand stands behind it", Standing.REFUSED)
    name = f"ocsp-{first.single.serial_number:x}-{first.made_at:%Y-%m}.ors"
    known = store.revocation.by_serial.get(first.single.serial_number, ())
    if any(a.made_at >= first.made_at and f"{a.made_at:%Y-%m}" == f"{first.made_at:%Y-%m}" for a in known):
        return Offer(name, body, words, Standing.AT_HAND)
    late = " (already past its nextUpdate)" if first.ends is not None and first.ends < now else ""
    return Offer(name, body, f"{words}{late}", Standing.VERIFIED)


def _slug(text: str) -> str:
    """A short file name of ASCII letters out of a Vietnamese name."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:48] or "ca"


def _mark(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:6]
