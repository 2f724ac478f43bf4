"""One file of the trust folder: PEM, DER or P7B certificates, a CRL, an OCSP answer; told by content, not by name."""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509 import ocsp

from vbdaemon.errors import TrustError
from vbdaemon.signature.attempt import Undecidable, attempt
from vbdaemon.signature.extension import extensions

LARGEST_FILE = 60_000_000
"""Bytes; the largest government CRL is some ten megabytes."""

PEM_CRL = b"-----BEGIN X509 CRL-----"
PEM_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
PEM_P7B = b"-----BEGIN PKCS7-----"


@dataclass(frozen=True, slots=True)
class TrustFile:
    """What one file holds."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()
    responses: tuple[ocsp.OCSPResponse, ...] = ()
    """OCSP answers."""


def read_trust_file(path: Path) -> TrustFile:
    """The certificates, CRLs and OCSP answers of a file; TrustError names the file when it holds none."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise TrustError(f"{path.name}: larger than {LARGEST_FILE} bytes")
        return parse_trust_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise TrustError(f"{path.name}: {error.strerror}") from error


def parse_trust_bytes(body: bytes, name: str) -> TrustFile:
    """Like `read_trust_file`, for bytes already at hand; `name` stands in the error."""
    found = attempt(lambda: _legible(_pem(body) if b"-----BEGIN " in body else _der(body)))
    if isinstance(found, Undecidable):
        raise TrustError(f"{name}: not a certificate, P7B, CRL or OCSP answer that can be read")
    if not (found.certificates or found.crls or found.responses):
        raise TrustError(f"{name}: holds no certificate, no CRL and no OCSP answer")
    return found


def _legible(found: TrustFile) -> TrustFile:
    """The same, once everything that is asked later was read: the library parses late, and raises then."""
    for certificate in found.certificates:
        _ = (certificate.subject, certificate.issuer, certificate.public_key(), extensions(certificate))
        _ = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    for crl in found.crls:
        _ = (crl.issuer, crl.last_update_utc, crl.next_update_utc, extensions(crl))
    for response in found.responses:
        _ = [(each.serial_number, each.this_update_utc, each.next_update_utc) for each in response.responses]
    return found


def _pem(body: bytes) -> TrustFile:
    certificates: list[x509.Certificate] = []
    crls: list[x509.CertificateRevocationList] = []
    if PEM_CERTIFICATE in body:
        certificates += x509.load_pem_x509_certificates(body)
    if PEM_P7B in body:
        certificates += pkcs7.load_pem_pkcs7_certificates(body)
    if PEM_CRL in body:
        crls.append(x509.load_pem_x509_crl(body))
    return TrustFile(tuple(certificates), tuple(crls))


def _der(body: bytes) -> TrustFile:
    certificate = attempt(lambda: x509.load_der_x509_certificate(body))
    if not isinstance(certificate, Undecidable):
        return TrustFile((certificate,))
    crl = attempt(lambda: x509.load_der_x509_crl(body))
    if not isinstance(crl, Undecidable):
        return TrustFile((), (crl,))
    response = attempt(lambda: _response(body))
    if response is not None and not isinstance(response, Undecidable):
        return TrustFile(responses=(response,))
    return TrustFile(tuple(pkcs7.load_der_pkcs7_certificates(body)))


def _response(body: bytes) -> ocsp.OCSPResponse | None:
    """An answer; a responder's "try later" is none."""
    response = ocsp.load_der_ocsp_response(body)
    answered = response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
    return response if answered and list(response.responses) else None
