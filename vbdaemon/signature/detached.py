"""Detached .p7s: which of the files at hand it signs, by whom, and whether those are the signed bytes."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, pem
from cryptography import x509
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko_certvalidator.path import ValidationPath

from vbdaemon.signature.attempt import Undecidable, attempt
from vbdaemon.signature.chain import partial_chain
from vbdaemon.signature.detached_fact import SideKind, SideSignature
from vbdaemon.signature.leniency import lenient
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.validation import links_of, state_of

LARGEST = 20_000_000
"""Bytes of a .p7s that is looked at."""
ENDINGS = (".p7s", ".p7m", ".pkcs7", ".sig")
DIGESTS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class Beside:
    """A file that may be the signed one."""

    name: str
    body: bytes


def is_detached_name(name: str) -> bool:
    """True for names that signatures in files of their own usually have."""
    return name.lower().endswith(ENDINGS)


@lenient()
def read_detached(
    name: str, body: bytes, beside: Sequence[Beside], trust: TrustStore, now: datetime
) -> tuple[SideSignature, ...]:
    """One fact for every signer in the file `name`; () when it is no signature. Never raises for what it holds.

    The signed file is found by its digest, not by its name; without one at hand `place` is empty and `intact` None.
    Where the name points at a file (x.pdf.p7s, x.p7s) whose digest is another, `intact` is False: it was changed.
    Must not be called inside a running event loop.
    """
    signed = attempt(lambda: _signed_data(body)) if len(body) <= LARGEST else Undecidable("TooLarge")
    if signed is None:
        return ()
    blank = SideSignature(SideKind.DETACHED, name)
    if isinstance(signed, Undecidable):
        return (replace(blank, cause=signed.cause),) if is_detached_name(name) else ()
    facts = []
    for signer in signed["signer_infos"]:
        fact = attempt(lambda signer=signer: _fact(blank, signed, signer, beside))  # type: ignore[misc]  # lambda default
        if isinstance(fact, Undecidable):
            facts.append(replace(blank, cause=fact.cause))
            continue
        judged = attempt(lambda fact=fact: _judged(fact, signed, beside, trust, now))  # type: ignore[misc]  # as above
        facts.append(replace(fact, cause=judged.cause) if isinstance(judged, Undecidable) else judged)
    return tuple(facts)


def _signed_data(body: bytes) -> Any:
    """The signed data, or None for anything else; DER, BER or PEM."""
    der = pem.unarmor(body)[2] if pem.detect(body) else body
    info = cms.ContentInfo.load(der, strict=False)
    return info["content"] if info["content_type"].native == "signed_data" else None


def _fact(blank: SideSignature, signed: Any, signer: Any, beside: Sequence[Beside]) -> SideSignature:
    algorithm = signer["digest_algorithm"]["algorithm"].native
    fact = replace(blank, digest=algorithm, signed_at=_claimed(signer))
    certificate = _certificate(signed, signer)
    if certificate is not None:
        fact = fact.signed_with(certificate)
    if signed["encap_content_info"]["content"].native is not None:
        return replace(fact, kind=SideKind.ENCLOSING)
    expected = _attribute(signer, "message_digest")
    if expected is None or algorithm not in DIGESTS:
        return replace(fact, place=_named(blank.file, beside))
    matching = next((b for b in beside if hashlib.new(algorithm, b.body).digest() == expected), None)
    if matching is not None:
        return replace(fact, place=matching.name)
    named = _named(blank.file, beside)
    return replace(fact, place=named, intact=False if named else None)


def _judged(
    fact: SideSignature, signed: Any, beside: Sequence[Beside], trust: TrustStore, now: datetime
) -> SideSignature:
    """Signature value and chain, where there is one signer and a file to compare with."""
    file = next((b for b in beside if b.name == fact.place), None)
    content = signed["encap_content_info"]["content"]
    body = content.native if fact.kind is SideKind.ENCLOSING else file.body if file else None
    if body is None or fact.intact is False or len(signed["signer_infos"]) != 1:
        return fact
    context = trust.context(fact.signed_at or now)
    if fact.kind is SideKind.ENCLOSING:
        return _with_chain(fact, signed, trust)
    status = asyncio.run(async_validate_detached_cms(BytesIO(body), signed, signer_validation_context=context))
    fact = replace(fact, intact=bool(status.intact and status.valid), trusted=bool(status.trusted))
    return _with_revocation(_with_chain(fact, signed, trust), status.validation_path, trust, now)


def _with_revocation(
    fact: SideSignature, path: ValidationPath | None, trust: TrustStore, now: datetime
) -> SideSignature:
    """What the lists at hand say of the chain at the signing time: without a timestamp that is the signer's word."""
    links = links_of(path) if path is not None else []
    at = fact.signed_at or now
    answers = [trust.revocation.answer(link.certificate, link.issuer, at) for link in links]
    revoked = any(answer.revoked_at for answer in answers)  # later too: nothing proves when it was signed
    return replace(fact, revocation=state_of(answers), trusted=fact.trusted and not revoked)


def _with_chain(fact: SideSignature, signed: Any, trust: TrustStore) -> SideSignature:
    certificate = _certificate(signed, signed["signer_infos"][0])
    if certificate is None:
        return fact
    return replace(fact, chain=partial_chain(certificate, trust, _certificates(signed)).names)


def _certificates(signed: Any) -> list[x509.Certificate]:
    entries = signed["certificates"] or ()
    return [x509.load_der_x509_certificate(e.chosen.dump()) for e in entries if e.name == "certificate"]


def _certificate(signed: Any, signer: Any) -> x509.Certificate | None:
    """The signer's own, by issuer and serial number or by key identifier."""
    sid = signer["sid"]
    for entry in signed["certificates"] or ():
        if entry.name != "certificate":
            continue
        one = entry.chosen
        if sid.name == "issuer_and_serial_number":
            fits = one.issuer == sid.chosen["issuer"] and one.serial_number == sid.chosen["serial_number"].native
        else:
            fits = one.key_identifier == sid.chosen.native
        if fits:
            return x509.load_der_x509_certificate(one.dump())
    return None


def _attribute(signer: Any, name: str) -> Any:
    for attribute in signer["signed_attrs"] or ():
        if attribute["type"].native == name and len(attribute["values"]):
            return attribute["values"][0].native
    return None


def _claimed(signer: Any) -> datetime | None:
    written = _attribute(signer, "signing_time")
    return written.astimezone(UTC) if isinstance(written, datetime) else None


def _named(name: str, beside: Sequence[Beside]) -> str:
    """The file that the signature's name points at: x.pdf for x.pdf.p7s, or the only x.* for x.p7s."""
    stem = name.rsplit(".", 1)[0].casefold()
    exact = [b.name for b in beside if b.name.casefold() == stem]
    alike = [b.name for b in beside if b.name.casefold().rsplit(".", 1)[0] == stem and b.name != name]
    return exact[0] if exact else alike[0] if len(alike) == 1 else ""
