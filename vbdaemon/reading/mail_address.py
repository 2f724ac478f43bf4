"""Addresses and Message-IDs out of header fields, however they are written (RFC 5322 §3.4, §3.6.4)."""

import re
import unicodedata
from dataclasses import dataclass

from vbdaemon.reading.header_words import header_text

_MOST = 1_000
"""Addresses of one field that are looked at."""
_LONGEST = 50_000
"""Characters of a field that are looked at."""
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
_BARE_ID = re.compile(r"[^\s<>@,;\"]{1,400}@[^\s<>@,;\"]{1,400}")
_ADDRESS = re.compile(r"(?:\"[^\"]{1,200}\"|[^\s<>@,;:\"()\[\]\\]{1,200})@[^\s<>@,;:\"()\\]{1,255}")


@dataclass(frozen=True, slots=True)
class MailAddress:
    """One mailbox."""

    address: str
    """As written, without brackets; the domain in small letters. "" where only a name stands."""
    name: str = ""
    """Display name, decoded, NFC."""

    @property
    def domain(self) -> str:
        """What stands behind the last @, in small letters."""
        return self.address.rpartition("@")[2]

    @property
    def local(self) -> str:
        """What stands before the last @, in small letters."""
        return self.address.rpartition("@")[0].casefold()


def addresses(value: str) -> tuple[MailAddress, ...]:
    """The mailboxes of a field, groups opened. A name that looks like an address is never taken for one."""
    found = (_mailbox(each) for each in _split(value[:_LONGEST]))
    return tuple(each for each in found if each is not None)


def message_ids(value: str) -> tuple[str, ...]:
    """Message-IDs without brackets, in order; ones without brackets, as some programs write them, too."""
    bracketed = tuple(found[1] for found in _MESSAGE_ID.finditer(value[:_LONGEST]))
    return bracketed or tuple(found[0] for found in _BARE_ID.finditer(value[:_LONGEST]))


def _split(value: str) -> list[str]:
    """Between commas that stand in no quotes, brackets and comments."""
    made: list[str] = []
    begin = depth = 0
    quoted = angled = False
    at = 0
    while at < len(value) and len(made) < _MOST:
        sign = value[at]
        if sign == "\\":
            at += 1
        elif sign == '"' and not depth:
            quoted = not quoted
        elif not quoted and sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif not quoted and not depth and sign in "<>":
            angled = sign == "<"
        elif not quoted and not depth and not angled and sign in ",;:":
            if sign != ":":  # before a colon stands the name of a group
                made.append(value[begin:at])
            begin = at + 1
        at += 1
    return [each for each in (*made, value[begin:]) if each.strip()]


def _mailbox(written: str) -> MailAddress | None:
    name, bracket, rest = written.rpartition("<")
    if bracket:
        inside = rest.partition(">")[0]
        found = _ADDRESS.search(inside.rpartition(":")[2] if inside.startswith("@") else inside)
        if found is None:
            return MailAddress("", _named(name)) if name.strip() else None
        return MailAddress(_normal(found[0]), _named(name))
    found = _ADDRESS.search(re.sub(r"\([^()]*\)", " ", written))
    if found is None:
        return MailAddress("", _named(written)) if _named(written) else None
    comment = re.search(r"\(([^()]*)\)", written)
    return MailAddress(_normal(found[0]), _named(comment[1]) if comment else "")


def _normal(address: str) -> str:
    local, _, domain = address.rpartition("@")
    text = header_text(f"{local}@{domain.lower().rstrip('.')}")
    return unicodedata.normalize("NFC", text)


def _named(name: str) -> str:
    return header_text(header_text(name).strip().strip('"').replace('\\"', '"')).strip()
