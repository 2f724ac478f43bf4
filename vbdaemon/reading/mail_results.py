"""Authentication-Results (RFC 8601): what a server found out about a sender, and which of it can be believed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vbdaemon.reading.charset import guessed

if TYPE_CHECKING:
    from vbdaemon.reading.mail_head import MailHead

_MOST = 100
"""Results of one field that are looked at."""
_LONGEST = 50_000
"""Characters of a field that are looked at."""
_RESULT = re.compile(r"([a-z][a-z0-9-]{0,40})(?:\s*/\s*\d+)?\s*=\s*([a-z0-9-]{1,40})", re.IGNORECASE)
_PROPERTY = re.compile(
    r"([a-z][a-z0-9-]{0,40}(?:\s*\.\s*[a-z][a-z0-9_-]{0,60})?)\s*=\s*(\"[^\"]{0,900}\"|[^\s;\"]{1,900})", re.IGNORECASE
)
_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]{1,255})", re.IGNORECASE)
_AUTH = "auth"


@dataclass(frozen=True, slots=True)
class AuthenticationResult:
    """One method's result."""

    authserv_id: str
    """Who says so, in small letters; "" where the field does not say."""
    method: str
    """In small letters: spf, dkim, dmarc, auth, iprev, ..."""
    result: str
    """In small letters: pass, fail, none, ..."""
    properties: tuple[tuple[str, str], ...] = ()
    """("smtp.mailfrom", "a@b.example"), ("header.d", "b.example"), ("smtp.auth", "a"), ...; names in small letters."""
    position: int = 0
    """Place of its field among all fields of the head, from 0 at the top."""

    def property(self, name: str) -> str:
        """Value of the first property of this name, or ""."""
        return next((value for key, value in self.properties if key == name), "")


@dataclass(frozen=True, slots=True)
class TraceField:
    """A field that a server added."""

    name: str
    """In small letters."""
    host: str = ""
    """Of a Received: the server that wrote it; of Authentication-Results: its authserv-id. In small letters."""


def trace_field(name: str, value: str) -> TraceField:
    """What a field above the author's own says of the server that added it."""
    if name == "received":
        found = _BY.search(_uncommented(value))
        return TraceField(name, found[1].lower().rstrip(".") if found else "")
    if name == "authentication-results":
        return TraceField(name, _authserv(_uncommented(value))[0])
    return TraceField(name)


def results_of(value: str, position: int) -> Iterator[AuthenticationResult]:
    """The results of one Authentication-Results field."""
    plain = _uncommented(value)
    server, rest = _authserv(plain)
    for count, statement in enumerate(_statements(rest)):
        found = _RESULT.match(statement.strip())
        if count > _MOST:
            return
        if found:
            behind = statement.strip()[found.end() :]
            properties = tuple(
                ("".join(each[1].split()).lower(), guessed(each[2].strip('"').encode("latin-1", "replace")))
                for each in _PROPERTY.finditer(behind)
            )
            yield AuthenticationResult(server, found[1].lower(), found[2].lower(), properties, position)


def trusted_results(head: "MailHead", authservers: Sequence[str]) -> tuple[AuthenticationResult, ...]:
    """The results that our own servers wrote; every other one can be forged by whoever sent the mail.

    RFC 8601 §5: a server that adds this field removes those that carry its own name from mail that comes in;
    that is its operator's duty, but not everything is left to it. Servers add fields at the top, so what came
    with the mail stands below what they added. From the top, only the unbroken block of trace fields is read:

    - a Received of a server of ours belongs to the block once; the same server's second one, and any Received
      of another server, were in the mail when it came to us: the block ends before it;
    - the block ends at the first field that an author writes (From, Subject, DKIM-Signature, ...);
    - without a Received of ours in the block nobody of us has handled the mail: nothing is trusted;
    - a server that writes its results above its own Received is not believed below it as well, and of a
      method only the topmost field that states it counts: a forged one stands below the true one;
    - `auth` (a login) counts only in the topmost field of its server: a server that states other methods only
      leaves room for a forged one below.

    `authservers` are names as they stand after "by" in Received and at the start of Authentication-Results.
    A caller must ask only for mail that came through those servers: out of our mailbox there, or from their
    network address. The block of a mail that its sender gave to us directly is all his own writing.
    """
    ours = {name.lower().rstrip(".") for name in authservers if name}
    block = _block(head.trace, ours)
    passed = {place: field.host for place, field in enumerate(block) if field.name == "received"}
    if not passed:
        return ()
    chosen: list[AuthenticationResult] = []
    for server in sorted(ours):
        own = [result for result in head.results if result.authserv_id == server and result.position < len(block)]
        receipt = next((place for place, host in passed.items() if host == server), max(passed))
        above = [result for result in own if result.position < receipt]
        chosen += _topmost(above or own)
    return tuple(sorted(chosen, key=lambda result: result.position))


def _block(trace: Sequence[TraceField], ours: set[str]) -> Sequence[TraceField]:
    seen: set[str] = set()
    for place, field in enumerate(trace):
        if field.name == "received":
            if field.host not in ours or field.host in seen:
                return trace[:place]
            seen.add(field.host)
    return trace


def _topmost(results: Sequence[AuthenticationResult]) -> Iterator[AuthenticationResult]:
    first: dict[str, int] = {}
    top = min((result.position for result in results), default=0)
    for result in results:
        if first.setdefault(result.method, result.position) == result.position and (
            result.method != _AUTH or result.position == top
        ):
            yield result


def _authserv(plain: str) -> tuple[str, str]:
    """Authserv-id and what follows; some servers begin with a result at once."""
    name, _, rest = plain.partition(";")
    words = name.split()
    if not words or "=" in words[0]:
        return "", plain
    return words[0].strip('"').lower().rstrip("."), rest


def _statements(rest: str) -> Iterator[str]:
    begin, quoted = 0, False
    for at, sign in enumerate(rest):
        if sign == '"':
            quoted = not quoted
        elif sign == ";" and not quoted:
            yield rest[begin:at]
            begin = at + 1
    yield rest[begin:]


def _uncommented(value: str) -> str:
    """Without comments in round brackets; what stands in quotes is no comment."""
    made: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in value[:_LONGEST]:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
            continue
        elif sign == '"' and not depth:
            quoted = not quoted
        elif sign == "(" and not quoted:
            depth += 1
        elif sign == ")" and not quoted and depth:
            depth -= 1
            made.append(" ")
            continue
        if not depth:
            made.append(sign)
    return "".join(made)
