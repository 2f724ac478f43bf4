"""Reads the arguments of MAIL and RCPT (RFC 5321 §4.1.2): an address in angle brackets, then parameters."""

import re
from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 320
_QUOTED = r'"(?:\\[ -~]|[^"\\\x00-\x1f\x7f])*"'
_ARGUMENT = re.compile(
    rf"(?P<word>FROM|TO):[ \t]*(?:<(?P<path>(?:{_QUOTED}|[^<>\"])*)>|(?P<bare>[^\s<>\"]+))"
    r"(?:[ \t]+(?P<parameters>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_ROUTE = re.compile(r"@[^:@<>\s]+(?:,@[^:@<>\s]+)*:")
_ADDRESS = re.compile(rf"(?:{_QUOTED}|[^\s\x00-\x1f\x7f\"<>@]+)@(?:\[[0-9A-Za-z.:]+\]|[^\s\x00-\x1f\x7f\"<>@\[\]]+)")
_PARAMETER = re.compile(r"(?P<key>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?P<value>[!-<>-~]+))?")


@dataclass(frozen=True, slots=True)
class Path:
    """What a command names."""

    address: str | None
    """None when it is not an address; "" is the null path."""
    parameters: dict[str, str] = field(default_factory=dict)
    """By name in capital letters; "" without a value."""
    readable: bool = True
    """False when a parameter is not well-formed."""


def read_path(word: str, argument: str | None) -> Path | None:
    """The argument of `MAIL FROM:` or `RCPT TO:`; None when it is not of this form at all."""
    found = _ARGUMENT.fullmatch(argument or "")
    if found is None or found["word"].upper() != word:
        return None
    parameters: dict[str, str] = {}
    for text in (found["parameters"] or "").split():
        parameter = _PARAMETER.fullmatch(text)
        if parameter is None or parameter["key"].upper() in parameters:
            return Path(None, readable=False)
        parameters[parameter["key"].upper()] = parameter["value"] or ""
    path = found["bare"] if found["path"] is None else found["path"]
    return Path(_address(path), parameters)


def _address(path: str) -> str | None:
    """The address without a source route, which RFC 5321 says to ignore."""
    address = _ROUTE.sub("", path, count=1) if path.startswith("@") else path
    if not address:
        return ""
    if len(address) > LONGEST or not _ADDRESS.fullmatch(address):
        return None
    try:
        address.encode()
    except UnicodeEncodeError:  # bytes that are not UTF-8
        return None
    return address
