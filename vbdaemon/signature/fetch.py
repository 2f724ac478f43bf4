"""Fetches CA certificates, CRLs and OCSP answers over HTTP: listed hosts only, bounded, never from workers."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from vbdaemon.errors import TrustError
from vbdaemon.signature.trust_file import LARGEST_FILE

PUBLISHERS = ("ca.gov.vn", "pub.ca.gov.vn", "ocsp.ca.gov.vn", "rootca.gov.vn", "public.rootca.gov.vn")
"""Hosts of the government's and the national authority; an office adds those of its public CAs."""
TIMEOUT = 20.0
"""Seconds without a byte."""
LONGEST = 180.0
"""Seconds for a whole answer."""
CHUNK = 1 << 16
MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class FetchRules:
    """Who may be asked, and how."""

    hosts: tuple[str, ...] = PUBLISHERS
    """Exact host names, with `:port` where it is not the usual one; everything else is refused."""
    proxy: str = ""
    """Address of an HTTP proxy, e.g. "http://proxy.example:3128"; empty = none. The environment is not asked."""
    largest: int = LARGEST_FILE
    """Bytes."""
    timeout: float = TIMEOUT
    longest: float = LONGEST

    def allows(self, url: str) -> bool:
        """True for an HTTP address of a listed host."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or "@" in parts.netloc:
            return False
        usual = port is None or (parts.scheme, port) in {("http", 80), ("https", 443)}
        return (host if usual else f"{host}:{port}") in {listed.lower() for listed in self.hosts}


def fetched(
    url: str,
    rules: FetchRules,
    monotonic: Callable[[], float],
    question: bytes | None = None,
    kind: str = "application/ocsp-request",
) -> bytes:
    """The bytes behind an address; TrustError says why there are none. A redirect must stay on listed hosts.

    With `question` (DER) an OCSP responder (RFC 6960, A.1) is asked by POST, or who takes a question of that `kind`.
    """
    if not rules.allows(url):
        raise TrustError(f"{url}: this host is not listed in [trust] hosts")
    proxies = {"http": rules.proxy, "https": rules.proxy} if rules.proxy else {}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _Redirects(rules))
    headers = {"User-Agent": "vbdaemon", "Accept": "*/*"}
    if question is not None:
        headers["Content-Type"] = kind
    request = urllib.request.Request(url, data=question, headers=headers)  # noqa: S310 - checked
    end = monotonic() + rules.longest
    try:
        with opener.open(request, timeout=rules.timeout) as answer:
            return _body(answer, url, rules, lambda: monotonic() > end)
    except urllib.error.HTTPError as error:
        with error:
            raise TrustError(f"{url}: the server answered {error.code}") from error
    except urllib.error.URLError as error:
        raise TrustError(f"{url}: {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise TrustError(f"{url}: {error or type(error).__name__}") from error


def _body(answer: IO[bytes], url: str, rules: FetchRules, late: Callable[[], bool]) -> bytes:
    body = bytearray()
    while chunk := answer.read(CHUNK):
        body += chunk
        if len(body) > rules.largest:
            raise TrustError(f"{url}: larger than {rules.largest} bytes")
        if late():
            raise TrustError(f"{url}: took longer than {rules.longest:g} seconds")
    return bytes(body)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects, to listed hosts only."""

    max_redirections = MOST_REDIRECTS
    max_repeats = 1

    def __init__(self, rules: FetchRules) -> None:
        self._rules = rules

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """None of the others: an address off the list is an error."""
        if not self._rules.allows(newurl):
            raise TrustError(f"{req.full_url}: redirects to a host that is not listed in [trust] hosts")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
