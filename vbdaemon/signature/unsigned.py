"""Bytes that no signature protects: what stands there, and what is not as signing software leaves it.

A signature's range leaves out its own value. In it the signed attributes, the signature and the certificate vouch
for themselves; the rest of the envelope, and what follows the last signature, nobody signed. What was changed there
changes no word of the document, but it is told.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from asn1crypto import cms, core
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from vbdaemon.model import UnsignedTrace
from vbdaemon.signature.attempt import Undecidable, answer, attempt
from vbdaemon.signature.coverage import BLANKS, one_gap
from vbdaemon.signature.embedded import SignedPdf
from vbdaemon.signature.entry import entry
from vbdaemon.signature.evidence_signature import is_list_of
from vbdaemon.signature.signing_time import proven_time
from vbdaemon.signature.trust import TrustStore

STAMP = "signature_time_stamp_token"


def traces_of_signature(pdf: SignedPdf, signature: EmbeddedPdfSignature, trust: TrustStore) -> set[UnsignedTrace]:
    """What is found in the value of one signature; timestamps in it are verified elsewhere."""
    found = attempt(lambda: set(_of_value(pdf.body, signature, trust)))
    return {UnsignedTrace.ENVELOPE} if isinstance(found, Undecidable) else found


def traces_of_file(pdf: SignedPdf, trust: TrustStore) -> set[UnsignedTrace]:
    """What is found behind the last signature, and in document timestamps; once for all signatures of a file."""
    found: set[UnsignedTrace] = set()
    signatures = (field.signature for field in pdf.fields)
    end = max(end for each in signatures if isinstance(each, EmbeddedPdfSignature) for end in _ends(each))
    for field in pdf.others:
        if entry(field, "/V"):
            stamped = attempt(lambda field=field: _of_stamp(pdf, field, trust))  # type: ignore[misc]  # lambda default
            if isinstance(stamped, Undecidable):
                found.add(UnsignedTrace.TIMESTAMP)
            else:
                found |= stamped[1]
                end = max(end, stamped[0])
    rest = pdf.body[end:]
    if rest:
        found.add(UnsignedTrace.REVISION if rest.strip(BLANKS) else UnsignedTrace.TAIL)
    return found


def in_order(traces: Iterable[UnsignedTrace]) -> tuple[UnsignedTrace, ...]:
    """Each once, in the order in which they are defined."""
    found = set(traces)
    return tuple(trace for trace in UnsignedTrace if trace in found)


def _ends(signature: EmbeddedPdfSignature) -> Iterator[int]:
    """The last byte of a signature's range, where it has one."""
    if len(signature.byte_range) == 4:  # noqa: PLR2004 - ISO 32000-2, 12.8.1
        yield int(signature.byte_range[2]) + int(signature.byte_range[3])


def _of_stamp(pdf: SignedPdf, field: generic.DictionaryObject, trust: TrustStore) -> tuple[int, set[UnsignedTrace]]:
    """How far a document timestamp (ISO 32000-2, 12.8.5) protects the file, and what is found in its own value."""
    stamp = EmbeddedPdfSignature(pdf.reader, field, "")
    verified = answer(proven_time(stamp.signed_data, stamp.compute_digest, trust))
    if verified is None or not one_gap(pdf.body, stamp):
        return 0, {UnsignedTrace.TIMESTAMP}
    return max(_ends(stamp)), set(_of_value(pdf.body, stamp, trust))


def _of_value(body: bytes, signature: EmbeddedPdfSignature, trust: TrustStore) -> Iterator[UnsignedTrace]:
    digits = body[int(signature.byte_range[1]) : int(signature.byte_range[2])]
    if digits not in (digits.lower(), digits.upper()):
        yield UnsignedTrace.LETTERS
    signer = signature.signer_info
    envelopes = [signature.signed_data, *extract_tst_data_iter(signer, signed=False)]
    if not all(map(_is_as_written, envelopes)):
        yield UnsignedTrace.ENVELOPE
    if not all(_vouched_for(envelope, trust) for envelope in envelopes):
        yield UnsignedTrace.EVIDENCE


def _is_as_written(envelope: cms.SignedData) -> bool:
    """Everything in the envelope that nobody signs says what it must (RFC 5652, 5.1 and 5.3)."""
    (signer,) = envelope["signer_infos"]
    algorithm, unsigned = signer["digest_algorithm"], signer["unsigned_attrs"]
    return (
        _is_named(signer["sid"], extract_certificate_info(envelope).signer_cert)
        and envelope["version"].native == _version(envelope, signer)
        and signer["version"].native == _version_of_signer(signer)
        and [each["algorithm"].dump() for each in envelope["digest_algorithms"]] == [algorithm["algorithm"].dump()]
        and all(map(_is_bare, (algorithm, *envelope["digest_algorithms"])))
        and all(attribute["type"].native == STAMP for attribute in unsigned or ())
        and all(map(_is_understood, (envelope, signer)))
    )


def _version(envelope: cms.SignedData, signer: cms.SignerInfo) -> str:
    """What follows from the content (RFC 5652, 5.1); certificates of other kinds than X.509 occur nowhere."""
    plain = envelope["encap_content_info"]["content_type"].native == "data" and _version_of_signer(signer) == "v1"
    return "v1" if plain else "v3"


def _version_of_signer(signer: cms.SignerInfo) -> str:
    return "v1" if signer["sid"].name == "issuer_and_serial_number" else "v3"


def _is_named(sid: cms.SignerIdentifier, certificate: Any) -> bool:
    """The signer is named in exactly the bytes of the certificate; the library compares names as people read them."""
    if sid.name != "issuer_and_serial_number":
        return bool(sid.chosen.native == certificate.key_identifier)
    named = sid.chosen
    same_number = named["serial_number"].contents == certificate["tbs_certificate"]["serial_number"].contents
    return bool(same_number and named["issuer"].dump() == certificate.issuer.dump())


def _is_understood(sequence: Any) -> bool:
    """The library leaves parts with unknown tags aside: here every byte belongs to a part that it knows."""
    return sum(len(sequence[name].dump()) for name in sequence) == len(sequence.contents)


def _is_bare(algorithm: Any) -> bool:
    """A digest has no parameters: absent, or NULL (RFC 5754, 2)."""
    parameters = algorithm["parameters"]
    return isinstance(parameters, core.Void) or parameters.dump() in (b"", b"\x05\x00")


def _vouched_for(envelope: cms.SignedData, trust: TrustStore) -> bool:
    """Every certificate beside the signer's, and every list, is signed by an authority at hand or in the envelope."""
    others = [x509.load_der_x509_certificate(c.dump()) for c in extract_certificate_info(envelope).other_certs]
    if not all(trust.issuers_of(certificate) for certificate in others):
        return False
    lists = [x509.load_der_x509_crl(entry.chosen.dump()) for entry in envelope["crls"] or ()]
    return all(any(is_list_of(crl, known) for known in trust.certificates.values()) for crl in lists)
