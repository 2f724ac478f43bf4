"""The facts of every signature in a PDF, validated at its signing time (ETSI EN 319 102-1)."""

import re
from dataclasses import replace
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.sign.validation import EmbeddedPdfSignature

from vbdaemon.model import (
    Directory,
    Limits,
    SignaturePolicy,
    SignatureReport,
    SignatureStatus,
)
from vbdaemon.signature.attempt import Undecidable, answer, attempt
from vbdaemon.signature.coverage import coverage
from vbdaemon.signature.embedded import SignedField, SignedPdf, is_pdf, open_signed_pdf
from vbdaemon.signature.evidence import embedded_evidence
from vbdaemon.signature.leniency import lenient
from vbdaemon.signature.naming import common_name, readable
from vbdaemon.signature.place import position
from vbdaemon.signature.purpose import with_purposes
from vbdaemon.signature.role import role_of
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.unsigned import in_order, traces_of_file, traces_of_signature
from vbdaemon.signature.validation import validate
from vbdaemon.signature.wanted import crl_urls

SIGNATURE_TRACE = b"/ByteRange"
"""Stands in every PDF that was signed, also in one that no parser opens."""
FORM_TRACE = re.compile(rb"/SigFlags\s*[13]")
"""Says that a form has signatures (ISO 32000-1, 12.7.2): all that is left of a file that was cut in its signature."""
NO_FIELD = "NoSignatureField"
"""Why nothing can be said of a file that was signed, but whose form names no signature (any more)."""
UNNAMED = "?"
"""Field name of a signature in a file that could not be opened."""


@lenient()
def verify_pdf(
    path: Path,
    file_name: str,
    sha256: str,
    trust: TrustStore,
    directory: Directory,
    *,
    limits: Limits | None = None,
    policy: SignaturePolicy | None = None,
) -> tuple[SignatureReport, ...]:
    """A report for every signature of the file at `path`, in order of signing; () for none, or for no PDF.

    A file over `limits` gives (). Nothing is fetched, nothing is raised for what the file contains:
    what the library cannot decide is INDETERMINATE with `undecidable`. Certificates and revocation data in the file
    itself count as links and evidence, never as roots.
    """
    if path.stat().st_size > (limits or Limits()).file_bytes:
        return ()
    body = path.read_bytes()
    if not is_pdf(body):
        return ()
    blank = SignatureReport(file=sha256, file_name=file_name, field=UNNAMED, status=SignatureStatus.INDETERMINATE)
    pdf = open_signed_pdf(body)
    if isinstance(pdf, Undecidable):
        signed = SIGNATURE_TRACE in body or FORM_TRACE.search(body)
        return (replace(blank, undecidable=pdf.cause),) if signed else ()
    if _lost(pdf):
        return (replace(blank, undecidable=NO_FIELD),)
    skew = (policy or SignaturePolicy()).clock_skew_hours
    evidence = attempt(lambda: trust.with_evidence(embedded_evidence(pdf)))
    informed = trust if isinstance(evidence, Undecidable) else evidence
    reports = tuple(_report(pdf, entry, blank, informed, directory, skew) for entry in pdf.fields)
    return with_purposes(_traced(_sealed(reports), pdf, informed))


def _lost(pdf: SignedPdf) -> bool:
    """The file was signed, but its form names no signature: cut off, or hidden by a later catalog."""
    if pdf.fields or pdf.signed_otherwise:
        return False
    return SIGNATURE_TRACE in pdf.body or (not pdf.others and FORM_TRACE.search(pdf.body) is not None)


def _report(
    pdf: SignedPdf, entry: SignedField, blank: SignatureReport, trust: TrustStore, directory: Directory, skew: float
) -> SignatureReport:
    """Facts in the order in which they can be had: what fails leaves the earlier ones standing."""
    report = replace(blank, field=entry.name)
    field = entry.field
    if field is not None:
        place = attempt(lambda: position(pdf.reader, field))
        report = replace(report, position=None if isinstance(place, Undecidable) else place)
    signature = entry.signature
    if isinstance(signature, Undecidable):
        return replace(report, undecidable=signature.cause)
    identified = attempt(lambda: _identified(report, signature, directory))
    if isinstance(identified, Undecidable):
        return replace(report, undecidable=identified.cause)
    covered = attempt(lambda: _covered(identified, pdf, signature))
    if isinstance(covered, Undecidable):
        return replace(identified, undecidable=covered.cause)
    certificate = _certificate(signature)
    validated = attempt(lambda: answer(validate(covered, signature, certificate, trust, skew)))
    if isinstance(validated, Undecidable):
        return replace(covered, undecidable=validated.cause)
    if not validated.intact:
        return replace(validated, unsigned_traces=())
    traces = {*validated.unsigned_traces, *traces_of_signature(pdf, signature, trust)}
    return replace(validated, unsigned_traces=in_order(traces))


def _certificate(signature: EmbeddedPdfSignature) -> x509.Certificate:
    return x509.load_der_x509_certificate(signature.signer_cert.dump())


def _identified(report: SignatureReport, signature: EmbeddedPdfSignature, directory: Directory) -> SignatureReport:
    """Who signed, by which certificate."""
    certificate = _certificate(signature)
    sha256 = certificate.fingerprint(SHA256()).hex()
    confirmed = directory.by_certificate.get(sha256)
    signer = common_name(certificate.subject)
    return replace(
        report,
        role=role_of(certificate.subject, confirmed),
        signer=signer,
        subject=readable(certificate.subject),
        issuer=common_name(certificate.issuer),
        revocation_urls=crl_urls(certificate),
        certificate=sha256,
        unit=confirmed.unit if confirmed else None,
        confirmed=confirmed is not None,
        digest=signature.md_algorithm,
        key=_key(certificate),
        chain=(signer,),
    )


def _covered(report: SignatureReport, pdf: SignedPdf, signature: EmbeddedPdfSignature) -> SignatureReport:
    found = coverage(pdf, signature)
    return replace(
        report,
        covers_whole_file=found.whole_file,
        coverage=found.level,
        modification=found.modification,
        altered_after=not found.permitted,
    )


def _key(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name
    return type(key).__name__.removesuffix("PublicKey").lstrip("_").lower()


def _sealed(reports: tuple[SignatureReport, ...]) -> tuple[SignatureReport, ...]:
    """Form filling after a signature is harmless only when a later signature reaches the file's end.

    The library's rules accept form overlays (shadow "replace" attack) as form filling: without a signature
    that covers them, they are alterations.
    """
    if any(reaches_end(report) for report in reports):
        return reports
    return tuple(replace(r, altered_after=True) if r.modification == "FORM_FILLING" else r for r in reports)


def _traced(reports: tuple[SignatureReport, ...], pdf: SignedPdf, trust: TrustStore) -> tuple[SignatureReport, ...]:
    """With what stands behind all that is signed, for each intact signature."""
    if not any(report.intact for report in reports):
        return reports
    outside = traces_of_file(pdf, trust)
    return tuple(
        replace(report, unsigned_traces=in_order({*report.unsigned_traces, *outside})) if report.intact else report
        for report in reports
    )


def reaches_end(report: SignatureReport) -> bool:
    """The file ends with this intact signature, or only timestamps and validation data follow it."""
    return report.intact is True and report.altered_after is False and report.modification in ("NONE", "LTA_UPDATES")
