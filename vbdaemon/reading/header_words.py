"""Header fields as people wrote them: encoded words (RFC 2047), parameters (RFC 2231), raw 8-bit text, and mixtures.

Field values are handled as Latin-1 text, one character a byte, until they are decoded. Nothing here raises.
"""

import re
import unicodedata
from urllib.parse import unquote_to_bytes

from vbdaemon.reading.charset import decoded_as, guessed, mended, strictly_decoded
from vbdaemon.reading.transfer import from_base64, from_header_q

_ENCODED = re.compile(r"=\?([\w.:+*-]{1,60})\?([bBqQ])\?(.*?)(?:\?=|\Z)", re.DOTALL)
_SPACE = re.compile(r"\s+")
_NAME = re.compile(r"[;\s]*([^=;\s\"]{1,80})\s*(=?)\s*")
_NEXT = re.compile(r"\s*(?:;|\Z|[\w*-]{1,40}\s*=)")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_UNMARKED = re.compile(r"(?:utf-8|us-ascii|(?:windows|iso)-[\w-]{1,20})'[\w-]{0,20}'", re.IGNORECASE)
"""The beginning of an extended value whose name lacks the star."""
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_LONGEST = 1_000
_COMMENT = re.compile(r"\s+\(.*\Z", re.DOTALL)


def header_text(value: str) -> str:
    """A field's words, decoded, NFC, in one line."""
    return _SPACE.sub(" ", _words(value)).strip()


def main_value(value: str) -> str:
    """What stands before the parameters, in small letters: "text/plain", "attachment"."""
    return value.partition(";")[0].strip().partition(" ")[0].lower()


def parameters(value: str) -> dict[str, str]:
    """Parameters as written, names in small letters, with their RFC 2231 marks; the first of a name counts."""
    found: dict[str, str] = {}
    at = value.find(";")
    while 0 <= at < len(value):
        name = _NAME.match(value, at)
        at = at if name is None else name.end()
        if name is None or not name[2]:  # no name, or a word without a value
            at = value.find(";", at + 1)
            continue
        written, at = _value(value, at)
        found.setdefault(name[1].lower(), written)
    return found


def plain_parameter(value: str, name: str) -> str:
    """A parameter that is ASCII by definition, such as charset, without a comment behind it."""
    written = parameters(value)
    chosen = written.get(name) or written.get(f"{name}*") or written.get(f"{name}*0") or ""
    if name + "*" in written and not written.get(name):
        chosen = chosen.rpartition("'")[2]
    return _COMMENT.sub("", chosen[:_LONGEST]).strip()


def text_parameter(value: str, name: str) -> str:
    """A parameter for people, such as filename: RFC 2231 before plain, unless that is broken; NFC, one line."""
    sections: dict[int, tuple[str, bool]] = {}
    whole = plain = ""
    for key, written in parameters(value).items():
        section = _SECTION.fullmatch(key)
        if section is None or section[1] != name:
            continue
        if section[2]:
            sections[int(section[2])] = (written, bool(section[3]))
        elif section[3]:
            whole = _extended(written)
        else:
            plain = _plain(written)
    joined = _joined(sections) if sections else ""
    made = [_SPACE.sub(" ", text).strip() for text in (whole, joined, plain)]
    if whole and plain and not _is_sound(parameters(value).get(f"{name}*", "")):
        made = [made[2]]
    sound = [text for text in made if text and "\ufffd" not in text]
    return next(iter((*sound, *(text for text in made if text))), "")


def _is_sound(written: str) -> bool:
    """True when an extended value is text in the character set that it names."""
    charset, _, rest = written.partition("'")
    raw = unquote_to_bytes(_bytes(rest.partition("'")[2]))
    return strictly_decoded(raw, charset.strip().lower()) is not None


def _value(value: str, at: int) -> tuple[str, int]:
    """A parameter's value from `at`, and where it ends."""
    if value[at : at + 1] != '"':
        end = value.find(";", at)
        end = len(value) if end < 0 else end
        return value[at:end].strip(), end
    end = value.find('"', at + 1)
    while end >= 0 and (_escaped(value, end) or not _NEXT.match(value, end + 1)):
        end = value.find('"', end + 1)  # quotes inside names are often not escaped
    inside = value[at + 1 :] if end < 0 else value[at + 1 : end]
    return inside.replace('\\"', '"').replace("\\\\", "\\"), len(value) if end < 0 else end + 1


def _escaped(value: str, at: int) -> bool:
    backslashes = 0
    while backslashes < at and value[at - 1 - backslashes] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _joined(sections: dict[int, tuple[str, bool]]) -> str:
    """Continuations in order of their numbers; only some of them may be percent-encoded."""
    charset, raw = "", b""
    for number in sorted(sections):
        written, encoded = sections[number]
        if encoded and number == min(sections) and written.count("'") >= 2:  # noqa: PLR2004 - charset'language'text
            charset, _, written = (written.split("'", 2)[0], "", written.split("'", 2)[2])
        raw += unquote_to_bytes(_bytes(written)) if encoded else _bytes(written)
    if any(encoded for _, encoded in sections.values()) and charset:
        return _mended_as(raw, charset)
    return _plain(raw.decode("latin-1"))


def _extended(written: str) -> str:
    charset, quote, rest = written.partition("'")
    language, second, text = rest.partition("'")
    if not quote or not second or len(charset) > 40 or len(language) > 40:  # noqa: PLR2004 - no such names exist
        return _plain(written)
    return _mended_as(unquote_to_bytes(_bytes(text)), charset)


def _mended_as(raw: bytes, charset: str) -> str:
    text = decoded_as(raw, charset)
    return mended(_words(text) if "=?" in text and text.isascii() else text)


def _plain(written: str) -> str:
    """A value without marks: encoded words, percent-encoded UTF-8 of some web mailers, or bytes as they come."""
    if "=?" in written:
        return _words(written)
    if _UNMARKED.match(written):
        return _extended(written)
    if _PERCENT.search(written):
        raw = unquote_to_bytes(_bytes(written))
        if not raw.isascii():
            return _mended_as(raw, "")
    return mended(guessed(_bytes(written)))


def _words(value: str) -> str:
    """Encoded words between plain text; neighbours of one charset are joined first: some programs split letters."""
    made: list[str] = []
    waiting, charset, at = b"", "", 0
    for word in _ENCODED.finditer(value):
        between = value[at : word.start()]
        named = word[1].lower()
        if waiting and (between.strip() or named != charset):
            made.append(decoded_as(waiting, charset))
            waiting = b""
        if between.strip() or at == 0:
            made.append(guessed(_bytes(between)))
        waiting += from_base64(_bytes(word[3])) if word[2] in "bB" else from_header_q(_bytes(word[3]))
        charset, at = named, word.end()
    if waiting:
        made.append(decoded_as(waiting, charset))
    made.append(guessed(_bytes(value[at:])))
    return unicodedata.normalize("NFC", mended("".join(made)))


def _bytes(text: str) -> bytes:
    return text.encode("latin-1") if max(text, default="") <= "\u00ff" else text.encode("utf-8", "replace")
