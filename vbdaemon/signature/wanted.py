"""What is missing to conclude about signatures, as addresses: CA certificates, CRLs, OCSP answers."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote, urlsplit, urlunsplit

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ObjectIdentifier

from vbdaemon.signature.evidence_ocsp import ocsp_request
from vbdaemon.signature.extension import readable_extension
from vbdaemon.signature.naming import common_name
from vbdaemon.signature.trust import TrustStore

ALIASES: Mapping[str, str] = {"ocsp.ca.ptc": "ocsp.ca.gov.vn"}
"""Internal host names in some government certificates, and the public ones behind them."""


LONGEST_ASKED = 255
"""Letters of a question in an address; a longer one is put by POST (RFC 6960, A.1)."""


class WantedKind(StrEnum):
    """What an address answers with."""

    CERTIFICATE = "certificate"
    """The certificate of an issuer (DER, PEM or P7B)."""
    CRL = "crl"
    """A certificate revocation list."""
    OCSP = "ocsp"
    """The state of one certificate (RFC 6960, A.1)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One missing thing; any one of its addresses will do."""

    kind: WantedKind
    name: str
    """Common name: of the missing issuer, of the list's issuer, or of the certificate asked about."""
    urls: tuple[str, ...]
    """The question about one certificate stands in the address, unless it is too long for that."""
    why: str
    responders: tuple[str, ...] = ()
    """OCSP only: where `question` can be put by POST."""
    question: bytes = b""
    """OCSP only: DER."""

    @property
    def title(self) -> str:
        """In a line."""
        return f"{self.kind}: {self.name} ({self.why})"


def wanted_evidence(
    store: TrustStore,
    missing: Mapping[str, Iterable[str]],
    leaves: Iterable[x509.Certificate],
    now: datetime,
    lists: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> tuple[Wanted, ...]:
    """Everything wanted now, each once.

    `missing` are issuers that held submissions wait for, with their addresses; `leaves` the signers' certificates
    in use, `lists` the addresses of CRLs by issuer that reports on further ones name. A CRL is wanted when none of
    its issuer is at hand or the newest has passed its nextUpdate, also that of an issuer who is missing himself, so
    that one way to another PC suffices; OCSP only for certificates that name no CRL; and none of a certificate that
    no CRL of today speaks of any more.
    """
    found: dict[tuple[WantedKind, str], Wanted] = {}
    for name, given in missing.items():
        urls = usable(given)
        if urls:
            found[WantedKind.CERTIFICATE, name] = Wanted(WantedKind.CERTIFICATE, name, urls, "issuer not at hand")
    links = [c for c in store.certificates.values() if c.subject != c.issuer]
    for certificate in (*links, *leaves):
        for each in _of_certificate(store, certificate, now):
            found.setdefault((each.kind, each.name), each)
    for name, given in lists.items():
        urls, why = usable(given), _stale(_lists_of(store, name), now)
        if urls and why:
            found.setdefault((WantedKind.CRL, name), Wanted(WantedKind.CRL, name, urls, why))
    return tuple(sorted(found.values(), key=lambda each: (each.kind, each.name)))


def crl_urls(certificate: x509.Certificate) -> tuple[str, ...]:
    """Where the CRL that speaks of this certificate is published (RFC 5280, 4.2.1.13)."""
    points = readable_extension(certificate, x509.CRLDistributionPoints) or ()
    return usable(str(name.value) for point in points for name in point.full_name or () if _is_url(name))


def issuer_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """Where the issuer's certificate is published (RFC 5280, 4.2.2.1)."""
    return usable(_access(certificate, AuthorityInformationAccessOID.CA_ISSUERS))


def responder_urls(certificate: x509.Certificate) -> tuple[str, ...]:
    """Who answers about this certificate by OCSP."""
    return usable(_access(certificate, AuthorityInformationAccessOID.OCSP))


def usable(urls: Iterable[str]) -> tuple[str, ...]:
    """HTTP addresses only, each once, internal host names replaced by public ones."""
    mapped = (_mapped(url.strip()) for url in urls)
    return tuple(dict.fromkeys(url for url in mapped if url))


def _of_certificate(store: TrustStore, certificate: x509.Certificate, now: datetime) -> list[Wanted]:
    found = []
    issuer, name = next(iter(store.issuers_of(certificate)), None), common_name(certificate.issuer)
    if issuer is None:
        addresses = issuer_addresses(certificate)
        if not addresses or name in {common_name(known.subject) for known in store.certificates.values()}:
            return []
        found.append(Wanted(WantedKind.CERTIFICATE, name, addresses, "issuer not at hand"))
    if certificate.not_valid_after_utc < now:
        return found
    urls = crl_urls(certificate)
    if urls:
        why = _stale(store.revocation.by_issuer.get(certificate.issuer.public_bytes(), []), now)
        return [*found, Wanted(WantedKind.CRL, name, urls, why)] if why else found
    return found if issuer is None else _question(store, certificate, issuer, now)


def _lists_of(store: TrustStore, name: str) -> list[x509.CertificateRevocationList]:
    """Those of the issuer with this common name, newest first."""
    found = (lists for lists in store.revocation.by_issuer.values() if common_name(lists[0].issuer) == name)
    return next(found, [])


def _stale(lists: list[x509.CertificateRevocationList], now: datetime) -> str:
    """Why a fresh CRL is wanted; empty when the newest at hand is current."""
    if not lists:
        return "no CRL at hand"
    ends = lists[0].next_update_utc
    return f"the newest CRL ended {ends:%Y-%m-%d}" if ends is not None and ends < now else ""


def _question(
    store: TrustStore, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime
) -> list[Wanted]:
    known = store.revocation.by_serial.get(certificate.serial_number, [])
    if any(answer.ends is not None and answer.ends >= now for answer in known):
        return []
    responders = responder_urls(certificate)
    if not responders:
        return []
    question = ocsp_request(certificate, issuer)
    asked = quote(base64.b64encode(question).decode("ascii"), safe="")
    urls = tuple(f"{url.rstrip('/')}/{asked}" for url in responders) if len(asked) <= LONGEST_ASKED else ()
    name = common_name(certificate.subject)
    return [Wanted(WantedKind.OCSP, name, urls, "names no CRL", responders, question)]


def _access(certificate: x509.Certificate, method: ObjectIdentifier) -> list[str]:
    access = readable_extension(certificate, x509.AuthorityInformationAccess) or ()
    return [str(e.access_location.value) for e in access if e.access_method == method and _is_url(e.access_location)]


def _is_url(name: x509.GeneralName) -> bool:
    return isinstance(name, x509.UniformResourceIdentifier)


def _mapped(url: str) -> str:
    """The address with a public host; empty when it is none that can be fetched by HTTP."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or not _printable(url):
        return ""
    public = ALIASES.get(host.lower(), host.lower())
    place = f"{public}:{port}" if port else public
    return urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))


def _printable(url: str) -> bool:
    return url.isascii() and url.isprintable() and not any(c in url for c in " \"'<>\\^`{|}")
