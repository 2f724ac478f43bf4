"""Evidence that a signed PDF brings along: DSS and VRI (ISO 32000-2, 12.8.4.3), attributes of its signatures."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from cryptography import x509
from cryptography.x509 import ocsp
from pyhanko.pdf_utils import generic

from vbdaemon.signature.attempt import Undecidable, attempt
from vbdaemon.signature.embedded import SignedPdf
from vbdaemon.signature.leniency import lenient
from vbdaemon.signature.trust import TrustEvidence

MOST = 200
"""Entries of a kind that are looked at; honest files hold a handful for each signature."""
LARGEST = 20_000_000
"""Bytes of one entry; the file itself is limited already."""
DSS_KEYS = (("/Certs", "/Cert"), ("/CRLs", "/CRL"), ("/OCSPs", "/OCSP"))
"""Of the store, and of one signature's part in it."""

T = TypeVar("T")


def embedded_evidence(pdf: SignedPdf) -> TrustEvidence:
    """All that the file holds, unverified: hand it to `TrustStore.with_evidence`. Never raises for what it holds."""
    certificates, crls, responses = (list(_stored(pdf, *keys)) for keys in DSS_KEYS)
    for field in pdf.fields:
        if isinstance(field.signature, Undecidable):
            continue
        brought = attempt(lambda entry=field.signature: _of_signature(entry))  # type: ignore[misc]  # lambda default
        if not isinstance(brought, Undecidable):
            certificates += brought[0]
            crls += brought[1]
            responses += brought[2]
    return TrustEvidence(
        tuple(_parsed(x509.load_der_x509_certificate, certificates)),
        tuple(_parsed(x509.load_der_x509_crl, crls)),
        tuple(r for r in _parsed(ocsp.load_der_ocsp_response, responses) if _answered(r)),
    )


@lenient()
def signer_certificates(pdf: SignedPdf) -> tuple[x509.Certificate, ...]:
    """The signers' own certificates, as far as they can be read."""
    found = []
    for field in pdf.fields:
        if not isinstance(field.signature, Undecidable):
            der = attempt(lambda entry=field.signature: entry.signer_cert.dump())  # type: ignore[misc]  # lambda default
            found += [] if isinstance(der, Undecidable) else [bytes(der)]
    return tuple(_parsed(x509.load_der_x509_certificate, found))


def _stored(pdf: SignedPdf, of_store: str, of_signature: str) -> Iterator[bytes]:
    """One kind of entry in the document's security store, and in its parts for single signatures."""
    arrays = attempt(lambda: list(_arrays(_value(pdf.reader.root, "/DSS"), of_store, of_signature)))
    if isinstance(arrays, Undecidable):
        return
    for entry in islice((entry for array in arrays for entry in array), MOST):
        body = attempt(lambda entry=entry: _body(entry))  # type: ignore[misc]  # lambda default
        if isinstance(body, bytes) and len(body) <= LARGEST:
            yield body


def _arrays(store: Any, of_store: str, of_signature: str) -> Iterator[Iterable[Any]]:
    yield _listed(store, of_store)
    parts = _value(store, "/VRI")
    for name in islice(parts, MOST) if isinstance(parts, generic.DictionaryObject) else ():
        yield _listed(parts[name], of_signature)


def _listed(dictionary: Any, key: str) -> Iterable[Any]:
    entries = _value(dictionary, key)
    return entries if isinstance(entries, generic.ArrayObject) else ()


def _value(dictionary: Any, key: str) -> Any:
    """What a key stands for; `get` of the library would hand out a mere reference."""
    return dictionary[key] if isinstance(dictionary, generic.DictionaryObject) and key in dictionary else None


def _body(entry: Any) -> bytes:
    return bytes(entry.get_object().data)


def _of_signature(signature: Any) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Certificates and CRLs of the signature's envelope, and the revocation attribute that some software signs."""
    certificates = [entry.chosen.dump() for entry in signature.signed_data["certificates"] or ()]
    crls = [entry.chosen.dump() for entry in signature.signed_data["crls"] or () if entry.name == "certificate_list"]
    responses: list[bytes] = []
    for attribute in signature.signer_info["signed_attrs"] or ():
        if attribute["type"].native == "adobe_revocation_info_archival":
            for archive in attribute["values"]:
                crls += [entry.dump() for entry in archive["crl"] or ()]
                responses += [entry.dump() for entry in archive["ocsp"] or ()]
    return certificates[:MOST], crls[:MOST], responses[:MOST]


def _parsed(parse: Callable[[bytes], T], bodies: Iterable[bytes]) -> Iterator[T]:
    """Each entry once; what is no such thing is left out."""
    for body in dict.fromkeys(bodies):
        found = attempt(lambda body=body: parse(body))  # type: ignore[misc]  # lambda default
        if not isinstance(found, Undecidable):
            yield found


def _answered(response: ocsp.OCSPResponse) -> bool:
    return response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
