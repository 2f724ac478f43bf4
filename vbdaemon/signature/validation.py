"""The verdict of one signature: integrity, then the certificate at signing time; nothing is guessed.

Order of the questions, the first that decides wins: hash and signature value; validity of the signer's
certificate at signing time; chain to a root; revocation. Sub-indications are those of ETSI EN 319 102-1, 5.1.3.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from asn1crypto import core
from cryptography import x509
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import cms_basic_validation
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.path import ValidationPath

from vbdaemon.model import Revocation, SignatureReport, SignatureStatus, TimeSource, UnsignedTrace
from vbdaemon.signature.chain import partial_chain
from vbdaemon.signature.naming import common_name
from vbdaemon.signature.revocation import UNANSWERED, RevocationAnswer
from vbdaemon.signature.signature_value import holds_digest_otherwise
from vbdaemon.signature.signing_time import SigningTime, claimed, timestamps
from vbdaemon.signature.trust import TrustStore

USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
"""Either suffices: agencies' certificates carry one or both."""

NO_CHAIN = "NO_CERTIFICATE_CHAIN_FOUND"

FAILED = SignatureStatus.FAILED
INDETERMINATE = SignatureStatus.INDETERMINATE


@dataclass(frozen=True, slots=True)
class Link:
    """A certificate of a chain with the one that issued it."""

    certificate: x509.Certificate
    issuer: x509.Certificate


async def validate(
    report: SignatureReport,
    signature: EmbeddedPdfSignature,
    certificate: x509.Certificate,
    trust: TrustStore,
    skew_hours: float,
) -> SignatureReport:
    """`report` completed with time, integrity, trust, revocation and status; raises what the library raises."""
    stamped = await timestamps(signature, trust)
    time = _signing_time(signature, stamped)
    doubtful = (UnsignedTrace.TIMESTAMP,) if None in stamped else ()
    report = replace(report, signed_at=time.at, time_source=time.source, unsigned_traces=doubtful)
    moment = _moment(time, certificate, skew_hours)
    facts = await cms_basic_validation(
        signature.signed_data,
        raw_digest=signature.compute_digest(),
        validation_context=trust.context(moment),
        status_kwargs={},
        key_usage_settings=USAGE,
    )
    report = _with_integrity(report, facts, signature, certificate)
    if not facts["valid"] or not facts["intact"]:
        return report
    return _judged(report, facts, signature, certificate, trust, time, moment)


def _with_integrity(
    report: SignatureReport, facts: dict[str, Any], signature: EmbeddedPdfSignature, certificate: x509.Certificate
) -> SignatureReport:
    """Hash and signature value (ETSI EN 319 102-1, 5.2.7); without signed attributes the value alone tells both."""
    bare = signature.signer_info["signed_attrs"] is core.VOID
    if facts["intact"] and facts["valid"]:
        return replace(report, intact=True)
    if (facts["intact"] or bare) and holds_digest_otherwise(signature, certificate):
        fault = "DigestInfoWithoutNull"
        return replace(report, intact=True, subindication="SIG_CONSTRAINTS_FAILURE", undecidable=fault)
    if not facts["intact"]:
        return replace(report, intact=False, status=FAILED, subindication="HASH_FAILURE")
    return replace(report, intact=True, status=FAILED, subindication="SIG_CRYPTO_FAILURE")


def _signing_time(signature: EmbeddedPdfSignature, stamped: list[datetime | None]) -> SigningTime:
    """The first time that is proven, else what the signer's software wrote."""
    proven = next((at for at in stamped if at is not None), None)
    if proven is not None:
        return SigningTime(proven, TimeSource.TIMESTAMP)
    written = claimed(signature)
    return SigningTime(written, TimeSource.NONE if written is None else TimeSource.CLAIMED)


def _moment(time: SigningTime, certificate: x509.Certificate, skew_hours: float) -> datetime:
    """The time at which the chain is validated: signing time, moved into the validity when only the clock is off.

    Local time written as UTC is 7 hours ahead; nothing is ever refused as signed in the future.
    Without any time: the start of validity, and the report stays INDETERMINATE.
    """
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if time.at is None:
        return start
    if time.source is TimeSource.TIMESTAMP:
        return time.at
    skew = timedelta(hours=skew_hours)
    if start - skew <= time.at < start:
        return start
    return end if end < time.at <= end + skew else time.at


def _judged(
    report: SignatureReport,
    facts: dict[str, Any],
    signature: EmbeddedPdfSignature,
    certificate: x509.Certificate,
    trust: TrustStore,
    time: SigningTime,
    moment: datetime,
) -> SignatureReport:
    path: ValidationPath | None = facts["validation_path"]
    problem = facts["trust_problem_indic"]
    links = links_of(path) if path is not None else []
    if links:
        names = [common_name(links[-1].issuer.subject)] + [
            common_name(link.certificate.subject) for link in links[::-1]
        ]
        report = replace(report, chain=tuple(names))
    else:
        report = _with_partial_chain(report, signature, certificate, trust)
    answers = [trust.revocation.answer(link.certificate, link.issuer, moment) for link in links]
    report = replace(report, trusted=problem is None and path is not None, revocation=state_of(answers))
    if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        return _out_of_validity(report)
    if report.revocation is Revocation.REVOKED:
        return replace(report, status=FAILED, subindication="REVOKED")
    if problem is not None or path is None:
        return replace(report, status=INDETERMINATE, subindication=problem.name if problem else NO_CHAIN)
    return _decided(report, answers, time)


def _decided(report: SignatureReport, answers: list[RevocationAnswer], time: SigningTime) -> SignatureReport:
    """Only a proof of time shows that a signature came before a later revocation."""
    if time.source is TimeSource.NONE:
        return replace(report, status=INDETERMINATE, subindication="NO_POE")
    if time.source is TimeSource.CLAIMED and any(answer.revoked_at for answer in answers):
        return replace(report, status=INDETERMINATE, subindication="REVOKED_NO_POE", revocation=Revocation.UNKNOWN)
    return replace(report, status=SignatureStatus.PASSED)


def _out_of_validity(report: SignatureReport) -> SignatureReport:
    """Not yet valid or expired at signing: certain by timestamp, undecided by the signer's own word."""
    if report.time_source is TimeSource.TIMESTAMP:
        return replace(report, status=FAILED, subindication="EXPIRED", trusted=False)
    return replace(report, status=INDETERMINATE, subindication="OUT_OF_BOUNDS_NO_POE", trusted=False)


def _with_partial_chain(
    report: SignatureReport, signature: EmbeddedPdfSignature, certificate: x509.Certificate, trust: TrustStore
) -> SignatureReport:
    embedded = [x509.load_der_x509_certificate(other.dump()) for other in signature.other_embedded_certs]
    known = partial_chain(certificate, trust, embedded)
    return replace(report, chain=known.names, missing_issuer=known.missing, missing_issuer_urls=known.urls)


def links_of(path: ValidationPath) -> list[Link]:
    """Leaf first, the root as issuer of the last."""
    chain = [x509.load_der_x509_certificate(entry.dump()) for entry in path.iter_certs(include_root=True)][::-1]
    return [Link(certificate, issuer) for certificate, issuer in pairwise(chain)]


def state_of(answers: list[RevocationAnswer]) -> Revocation:
    """Of the signer's certificate; a revoked CA above it counts as revoked."""
    if any(answer.state is Revocation.REVOKED for answer in answers):
        return Revocation.REVOKED
    return answers[0].state if answers else UNANSWERED.state
