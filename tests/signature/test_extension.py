"""Certificates that break RFC 5280: read without a warning where they can be, and never an exception out of a file."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from vbdaemon.errors import TrustError
from vbdaemon.model import VerdictKind
from vbdaemon.signature.evidence_signature import is_authority, is_self_signed, may
from vbdaemon.signature.extension import extension, readable_extension
from vbdaemon.signature.leniency import lenient
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.trust_file import parse_trust_bytes
from vbdaemon.signature.wanted import crl_urls

KEY_USAGE, BASIC = b"\x55\x1d\x0f", b"\x55\x1d\x13"
"""Object identifiers of two extensions (RFC 5280, 4.2.1.3 and 4.2.1.9)."""


@pytest.fixture(scope="session")
def twice(pki) -> bytes:
    """The link's certificate with its key usage called a second basic constraint."""
    return pki.intermediate.certificate.public_bytes(Encoding.DER).replace(KEY_USAGE, BASIC)


def test_an_extension_that_stands_twice_is_unreadable_and_no_strange_exception(twice):
    certificate = x509.load_der_x509_certificate(twice)
    with pytest.raises(x509.DuplicateExtension):
        _ = certificate.extensions
    with pytest.raises(ValueError, match="uplicate"):
        extension(certificate, x509.KeyUsage)
    assert readable_extension(certificate, x509.KeyUsage) is None
    assert (is_authority(certificate), may(certificate, "crl_sign"), is_self_signed(certificate)) == (False,) * 3
    assert crl_urls(certificate) == ()


def test_such_a_certificate_in_the_trust_folder_is_a_warning(twice, pki, tmp_path):
    with pytest.raises(TrustError, match=r"odd\.crt: not a certificate"):
        parse_trust_bytes(twice, "odd.crt")
    pki.write_trust(tmp_path)
    (tmp_path / "odd.crt").write_bytes(twice)
    store = TrustStore.load(tmp_path)
    assert len(store.authorities) == 2
    assert "odd.crt" in " ".join(store.warnings)


@pytest.mark.slow
def test_such_a_certificate_inside_a_signature_holds_or_refuses(pdf, agency, pki, papers, outside, decide):
    """A value whose certificate was changed so that an extension stands twice."""
    once = papers.stamped(pdf, pki, agency)
    assert decide(once, scan=True).verdict is VerdictKind.ACCEPT
    start, value = outside.value_at(once)
    changed = value.replace(KEY_USAGE, BASIC, 1).hex().upper().encode()
    answer = decide(once[:start] + changed + once[start + len(changed) :], scan=True)
    assert answer.verdict is not VerdictKind.ACCEPT
    assert answer.reports


def test_a_serial_number_that_is_not_positive_is_read_without_a_warning(agency):
    der = agency.certificate.public_bytes(Encoding.DER)
    number = agency.certificate.serial_number.to_bytes(20, "big")
    negative = der.replace(number, bytes([number[0] | 0x80]) + number[1:])
    with pytest.warns(CryptographyDeprecationWarning):
        x509.load_der_x509_certificate(negative)
    with lenient():
        assert x509.load_der_x509_certificate(negative).serial_number < 0
