"""`[plugins] enabled` in the text of vbdaemon.toml: a name more or less; all else stays to the letter.

The table of a plugin that is switched off is put into comments (`#: `), and comes back when it is switched on: a
table of a plugin that does not run would be a mistake. Every change is read again and compared before it counts.
"""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from vbdaemon.errors import ConfigurationError

MARK = "#: "
_HEADER = re.compile(r"^[ \t]*\[")
_SECTION = re.compile(r"^[ \t]*\[[ \t]*plugins[ \t]*\][ \t]*(#.*)?$")
_ENABLED = re.compile(r"^[ \t]*enabled[ \t]*=[ \t]*(?=\[)")
_TOKEN = re.compile(r"#[^\n]*|\"[^\"\\\n]*\"|'[^'\n]*'|[\[\],]|\s+")
"""What a plain list of names is made of."""
_BY_HAND = "change [plugins] enabled by hand"


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the list, by its place in the text."""

    text: str
    start: int
    end: int


def with_enabled(text: str, name: str) -> str:
    """The text with the plugin at the end of `enabled`, and its table out of comments."""
    table = tomllib.loads(text)
    names = _names(table)
    if name in names:
        return text
    changed = _uncommented(_with_list(text, _added, name), name)
    _require(changed, table, [*names, name], ignoring=name)
    return changed


def with_disabled(text: str, name: str) -> str:
    """The text without the plugin in `enabled`, its table in comments."""
    table = tomllib.loads(text)
    names = [each for each in _names(table) if each != name]
    changed = text
    if name in _names(table):
        changed = _with_list(changed, _removed, name)
    changed = _commented(changed, name)
    _require(changed, table, names, ignoring=name)
    if name in tomllib.loads(changed).get("plugins", {}):
        raise ConfigurationError(f"the settings of {name!r} stand in an unusual form; {_BY_HAND}")
    return changed


def _names(table: dict[str, Any]) -> list[str]:
    return list(table.get("plugins", {}).get("enabled", ()))


def _require(changed: str, before: dict[str, Any], names: list[str], ignoring: str) -> None:
    """The text says what it said, but for `enabled` and the plugin's own table."""
    try:
        after = tomllib.loads(changed)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"the settings stand in an unusual form; {_BY_HAND}") from error
    if _names(after) != names or _rest(after, ignoring) != _rest(before, ignoring):
        raise ConfigurationError(f"the settings stand in an unusual form; {_BY_HAND}")


def _rest(table: dict[str, Any], name: str) -> dict[str, Any]:
    plugins = {key: value for key, value in table.get("plugins", {}).items() if key not in ("enabled", name)}
    return {**table, "plugins": plugins}


def _with_list(text: str, change: Any, name: str) -> str:
    """The text with `change(text, tokens, name)` done to the list; the list is written where there is none."""
    lines = text.splitlines(keepends=True)
    section = next((n for n, line in enumerate(lines) if _SECTION.match(line.rstrip("\r\n"))), None)
    if section is None:
        gap = "" if not text or text.endswith("\n") else "\n"
        return f'{text}{gap}\n[plugins]\nenabled = ["{name}"]\n'
    offset = sum(len(line) for line in lines[: section + 1])
    for line in lines[section + 1 :]:
        if _HEADER.match(line):
            break
        if found := _ENABLED.match(line):
            return str(change(text, _tokens(text, offset + found.end()), name))
        offset += len(line)
    head = "".join(lines[: section + 1])
    gap = "" if head.endswith("\n") else "\n"
    return f'{head}{gap}enabled = ["{name}"]\n{"".join(lines[section + 1 :])}'


def _tokens(text: str, start: int) -> list[_Token]:
    """The list from its opening to its closing bracket."""
    found: list[_Token] = []
    place = start
    while match := _TOKEN.match(text, place):
        found.append(_Token(match[0], match.start(), match.end()))
        place = match.end()
        if match[0] == "]":
            return found
    raise ConfigurationError(f"the list stands in an unusual form; {_BY_HAND}")


def _is_name(token: _Token) -> bool:
    return token.text[0] in "\"'"


def _added(text: str, tokens: list[_Token], name: str) -> str:
    last = next((n for n in reversed(range(len(tokens))) if _is_name(tokens[n])), None)
    if last is None:
        place = tokens[0].end
        return f'{text[:place]}"{name}"{text[place:]}'
    place = tokens[last].end
    line = text.rfind("\n", 0, tokens[last].start) + 1
    indent = text[line : tokens[last].start]
    if indent.strip():  # several names on a line
        return f'{text[:place]}, "{name}"{text[place:]}'
    comma = next((token for token in tokens[last:] if token.text == ","), None)
    after = place if comma is None else comma.end
    end = text.find("\n", after)
    closing = tokens[-1].start
    if end == -1 or end > closing:  # the bracket stands on the line of the last name
        return f'{text[:place]},\n{indent}"{name}"{text[place:]}'
    told = text[place:end] if comma is not None else f",{text[place:end]}"
    return f'{text[:place]}{told}\n{indent}"{name}",{text[end:]}'


def _removed(text: str, tokens: list[_Token], name: str) -> str:
    at = next(n for n, token in enumerate(tokens) if _is_name(token) and token.text[1:-1] == name)
    start, end = tokens[at].start, tokens[at].end
    following = next((token for token in tokens[at + 1 :] if token.text == "," or _is_name(token)), None)
    if following is not None and following.text == ",":
        end = following.end
    else:
        before = next((token for token in reversed(tokens[:at]) if token.text.strip()), None)
        if before is not None and before.text == "," and "\n" not in text[before.end : start]:
            start = before.start
    line, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    alone = not text[line:start].strip() and stop != -1 and text[end:stop].strip()[:1] in ("", "#")
    if alone:  # its line goes, with the comment that told about it
        return text[:line] + text[stop + 1 :]
    while text[end] == " " and text[start - 1] in "[ ":
        end += 1
    return text[:start] + text[end:]


def _commented(text: str, name: str) -> str:
    header = re.compile(rf"^[ \t]*\[[ \t]*plugins[ \t]*\.[ \t]*{re.escape(name)}[ \t]*[.\]]")
    inside = False
    lines = []
    for line in text.splitlines(keepends=True):
        if _HEADER.match(line):
            inside = bool(header.match(line))
        lines.append(f"{MARK}{line}" if inside and line.strip() and not line.lstrip().startswith("#") else line)
    return "".join(lines)


def _uncommented(text: str, name: str) -> str:
    header = re.compile(rf"^{MARK}[ \t]*\[[ \t]*plugins[ \t]*\.[ \t]*{re.escape(name)}[ \t]*[.\]]")
    inside = False
    lines = []
    for line in text.splitlines(keepends=True):
        if _HEADER.match(line.removeprefix(MARK)):
            inside = bool(header.match(line))
        lines.append(line.removeprefix(MARK) if inside else line)
    return "".join(lines)
