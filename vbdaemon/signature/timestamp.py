"""A timestamp authority over HTTP (RFC 3161 §3.4): bounded in time and size, asked when we sign."""

from collections.abc import Callable
from urllib.parse import urlsplit

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from vbdaemon.signature.fetch import FetchRules, fetched

QUERY = "application/timestamp-query"
LARGEST = 100_000
"""Bytes of an answer."""
TIMEOUT = 5.0
LONGEST = 10.0
"""Seconds: a notice does not wait longer for its timestamp."""


class HttpAuthority(TimeStamper):
    """Asks the authority at `url`; TrustError when it does not answer, ValueError when it answers something else."""

    def __init__(self, url: str, proxy: str, monotonic: Callable[[], float]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko is typed in part only
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2].lower()
        self._url = url
        self._rules = FetchRules((host, parts.hostname or ""), proxy, LARGEST, TIMEOUT, LONGEST)
        self._monotonic = monotonic

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer."""
        body = fetched(self._url, self._rules, self._monotonic, req.dump(), QUERY)
        return tsp.TimeStampResp.load(body, strict=True)
