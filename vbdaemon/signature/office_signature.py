"""Signatures inside docx and xlsx (XML-DSig under _xmlsignatures/, ECMA-376-2 clause 13): who signed, what differs."""

import base64
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384, SHA512, HashAlgorithm
from lxml import etree

from vbdaemon.signature.attempt import Undecidable, attempt
from vbdaemon.signature.detached_fact import SideKind, SideSignature
from vbdaemon.signature.evidence_signature import verifies
from vbdaemon.signature.leniency import lenient

FOLDER = "_xmlsignatures/"
LARGEST_XML = 2_000_000
LARGEST_PART = 100_000_000
MOST = 20
"""Signatures that are looked at."""
MAINS = ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml")
"""Where the words of a document begin."""
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
HASHES: dict[str, type[HashAlgorithm]] = {"sha1": SHA1, "sha256": SHA256, "sha384": SHA384, "sha512": SHA512}


@lenient()
def read_office_signatures(path: Path, name: str) -> tuple[SideSignature, ...]:
    """One fact for every signature in the package at `path`; () for none or for no package. Never raises for it.

    `intact` is False when the signature value or a signed part's digest does not fit, True when every reference was
    compared and the main part is among them, None otherwise (relationship transforms are not followed).
    """
    found = attempt(lambda: list(_signatures(path, name)))
    return () if isinstance(found, Undecidable) else tuple(found)


def _signatures(path: Path, name: str) -> Iterator[SideSignature]:
    with zipfile.ZipFile(path) as package:
        parts = [i for i in package.infolist() if i.filename.startswith(FOLDER) and i.filename.endswith(".xml")]
        for part in parts[:MOST]:
            blank = SideSignature(SideKind.OFFICE, name, part.filename)
            fact = attempt(lambda part=part, blank=blank: _fact(package, part, blank))  # type: ignore[misc]  # as usual
            yield replace(blank, cause=fact.cause) if isinstance(fact, Undecidable) else fact


def _fact(package: zipfile.ZipFile, part: zipfile.ZipInfo, blank: SideSignature) -> SideSignature:
    root = _parsed(_read(package, part.filename, LARGEST_XML))
    signature = root if root.tag == f"{DSIG}Signature" else root.find(f".//{DSIG}Signature")
    if signature is None:
        raise ValueError
    method = _algorithm(signature, "SignedInfo/SignatureMethod")
    digest = next((known for known in HASHES if method.endswith(known)), None)
    fact = replace(blank, digest=digest, signed_at=_time(root))
    der = _text(signature, "KeyInfo/X509Data/X509Certificate")
    if not der:
        return fact
    certificate = x509.load_der_x509_certificate(base64.b64decode(der))
    return replace(fact.signed_with(certificate), intact=_intact(package, signature, certificate, digest))


def _intact(package: zipfile.ZipFile, signature: Any, certificate: x509.Certificate, digest: str | None) -> bool | None:
    """False as soon as anything differs; the signature value stands for the list of references."""
    info = signature.find(f"{DSIG}SignedInfo")
    value = base64.b64decode(_text(signature, "SignatureValue"))
    if digest is None or info is None:
        return None
    signed = _canonical(info, _algorithm(info, "CanonicalizationMethod"))
    if not verifies(certificate.public_key(), value, signed, HASHES[digest]()):
        return None if "ecdsa" in _algorithm(info, "SignatureMethod") else False
    references = list(signature.iter(f"{DSIG}Reference"))
    answers = [_reference(package, signature, reference) for reference in references]
    if False in answers:
        return False
    return None if None in answers or not _covers_main(package, [r.get("URI", "") for r in references]) else True


def _covers_main(package: zipfile.ZipFile, targets: list[str]) -> bool:
    """A signature of unimportant parts alone says nothing of what people read."""
    named = {_part(target) for target in targets}
    mains = [name for name in MAINS if name in package.namelist()]
    return bool(mains) and named.issuperset(mains)


def _reference(package: zipfile.ZipFile, signature: Any, reference: Any) -> bool | None:
    """Whether what a reference names still has its digest; None when this cannot be told here."""
    method = _algorithm(reference, "DigestMethod")
    digest = next((known for known in HASHES if method.endswith(known)), None)
    transforms = [t.get("Algorithm", "") for t in reference.iter(f"{DSIG}Transform")]
    target = reference.get("URI", "")
    if digest is None:
        return None
    if target.startswith("#"):
        named = [e for e in signature.iter() if isinstance(e.tag, str) and e.get("Id") == target[1:]]
        if len(named) != 1 or not all("c14n" in t for t in transforms):
            return None
        body = _canonical(named[0], transforms[0] if transforms else "")
    elif transforms:
        return None
    else:
        body = _read(package, _part(target), LARGEST_PART)
    return hashlib.new(digest, body).digest() == base64.b64decode(_text(reference, "DigestValue"))


def _part(target: str) -> str:
    return unquote(urlsplit(target).path).lstrip("/")


def _read(package: zipfile.ZipFile, name: str, most: int) -> bytes:
    """At most `most` bytes of an entry: what a package says of its sizes proves nothing."""
    with package.open(name) as entry:
        body = entry.read(most + 1)
    if len(body) > most:
        raise ValueError
    return body


def _parsed(body: bytes) -> Any:
    """Without DTD, entities or network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(body, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError
    return root


def _canonical(element: Any, method: str) -> bytes:
    comments = method.endswith("#WithComments")
    return bytes(etree.tostring(element, method="c14n", exclusive=method.startswith(EXCLUSIVE), with_comments=comments))


def _algorithm(element: Any, path: str) -> str:
    found = element.find("/".join(f"{DSIG}{step}" for step in path.split("/")))
    return found.get("Algorithm", "") if found is not None else ""


def _text(element: Any, path: str) -> str:
    return str(element.findtext("/".join(f"{DSIG}{step}" for step in path.split("/"))) or "")


def _time(root: Any) -> datetime | None:
    """XAdES SigningTime, or the Value of Office's SignatureTime."""
    for element in root.iter():
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if tag == "SigningTime" or (tag == "Value" and etree.QName(element.getparent()).localname == "SignatureTime"):
            written = (element.text or "").strip().replace("Z", "+00:00")
            try:
                moment = datetime.fromisoformat(written)
            except ValueError:
                continue
            return moment.astimezone(UTC) if moment.tzinfo else None
    return None
