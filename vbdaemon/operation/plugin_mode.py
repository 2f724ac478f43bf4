"""`mode = "shadow"` of a plugin in the text of vbdaemon.toml: put in or taken out; all else stays to the letter."""

import re
import tomllib
from typing import Any

from vbdaemon.config.plugins import MODE, PluginMode
from vbdaemon.errors import ConfigurationError

_LINE = re.compile(rf"^[ \t]*{MODE}[ \t]*=[ \t]*[\"']\w+[\"'][ \t]*(#.*)?$")
_HEADER = re.compile(r"^[ \t]*\[")
_BY_HAND = "change it by hand"


def with_shadow(text: str, name: str) -> str:
    """The text with the plugin set to watch only."""
    if _mode(tomllib.loads(text), name) == PluginMode.SHADOW:
        return text
    line = f'{MODE} = "{PluginMode.SHADOW}"\n'
    lines = without_mode(text, name).splitlines(keepends=True)
    header = _header(lines, name)
    if header is None:
        gap = "" if not lines or lines[-1].endswith("\n") else "\n"
        changed = f"{''.join(lines)}{gap}\n[plugins.{name}]\n{line}"
    else:
        gap = "" if lines[header].endswith("\n") else "\n"
        changed = f"{''.join(lines[: header + 1])}{gap}{line}{''.join(lines[header + 1 :])}"
    return _required(changed, text, name, PluginMode.SHADOW)


def without_mode(text: str, name: str) -> str:
    """The text in which the plugin's answers count; a table that had nothing else in it goes."""
    if _mode(tomllib.loads(text), name) is None:
        return text
    lines = text.splitlines(keepends=True)
    header = _header(lines, name)
    if header is None:
        raise ConfigurationError(f"the settings of {name!r} stand in an unusual form; {_BY_HAND}")
    end = next((n for n in range(header + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
    body = [line for line in lines[header + 1 : end] if not _LINE.match(line.rstrip("\r\n"))]
    kept, start = [lines[header], *body], header
    if not "".join(body).strip():  # nothing else was in it
        kept, start = [], header - 1 if header and not lines[header - 1].strip() else header
    return _required("".join([*lines[:start], *kept, *lines[end:]]), text, name, None)


def _header(lines: list[str], name: str) -> int | None:
    header = re.compile(rf"^[ \t]*\[[ \t]*plugins[ \t]*\.[ \t]*{re.escape(name)}[ \t]*\]")
    return next((n for n, line in enumerate(lines) if header.match(line)), None)


def _mode(table: dict[str, Any], name: str) -> str | None:
    own = table.get("plugins", {}).get(name)
    return own.get(MODE) if isinstance(own, dict) else None


def _required(changed: str, before: str, name: str, mode: str | None) -> str:
    """It says what it said, but for this plugin's mode."""
    try:
        after = tomllib.loads(changed)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"the settings of {name!r} stand in an unusual form; {_BY_HAND}") from error
    if _mode(after, name) != mode or _rest(after, name) != _rest(tomllib.loads(before), name):
        raise ConfigurationError(f"the settings of {name!r} stand in an unusual form; {_BY_HAND}")
    return changed


def _rest(table: dict[str, Any], name: str) -> dict[str, Any]:
    """Everything else; no table and an empty one are the same."""
    plugins = dict(table.get("plugins", {}))
    own = {key: value for key, value in plugins.pop(name, {}).items() if key != MODE}
    return {**table, "plugins": {**plugins, **({name: own} if own else {})}}
