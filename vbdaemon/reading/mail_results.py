"""Authentication-Results (RFC 8601): what servers say that they found out about a sender."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vbdaemon.reading.charset import guessed

_MOST = 100
"""Results of one field that are looked at."""
_LONGEST = 50_000
"""Characters of a field that are looked at."""
_RESULT = re.compile(r"([a-z][a-z0-9-]{0,40})(?:\s*/\s*\d+)?\s*=\s*([a-z0-9-]{1,40})", re.IGNORECASE)
_PROPERTY = re.compile(
    r"([a-z][a-z0-9-]{0,40}(?:\s*\.\s*[a-z][a-z0-9_-]{0,60})?)\s*=\s*(\"[^\"]{0,900}\"|[^\s;\"]{1,900})", re.IGNORECASE
)
_BY = re.compile(r"(?:^|\s)by\s+([^\s;()]{1,255})", re.IGNORECASE)


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
