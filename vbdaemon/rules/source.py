"""A rule file: where it was read from, its tables, and every mistake in it with its line."""

import re
import tomllib
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Self

from vbdaemon.errors import RuleSetError
from vbdaemon.rules.table import Table

_WHERE = re.compile(r"line (\d+)")


class RuleFile:
    """One TOML file of rules. Mistakes are gathered, so that an admin sees all of them at once."""

    def __init__(self, name: str, text: str) -> None:
        """Raises RuleSetError naming file and line when `text` is no TOML."""
        self.name = name
        self._lines = tuple(text.splitlines())
        self._mistakes: list[tuple[int, str]] = []
        try:
            values = tomllib.loads(unicodedata.normalize("NFC", text))
        except tomllib.TOMLDecodeError as error:
            where = _WHERE.search(str(error))
            line = int(where[1]) if where else max(1, len(self._lines))
            raise RuleSetError(f"{name}:{line}: {error}") from error
        self.root = Table(self, "", 0, values)

    @classmethod
    def shipped(cls, name: str) -> Self:
        """The file of that name that comes with vbdaemon."""
        return cls(name, files("vbdaemon.rules").joinpath(name).read_text(encoding="utf-8"))

    @classmethod
    def at(cls, path: Path) -> Self:
        """The file at `path`. Raises RuleSetError when it cannot be read as UTF-8 text."""
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise RuleSetError(f"{path}: cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise RuleSetError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error
        return cls(str(path), text)

    def tables(self, heading: str) -> tuple[Table, ...]:
        """All `[[heading]]` tables in their order."""
        values = self.root.take(heading, list, default=[])
        tables = [v for v in values if isinstance(v, dict)]
        if len(tables) != len(values):
            self.mistake(f'"{heading}" must be written as [[{heading}]] tables', self.line_of("", 0, heading))
            return ()
        return tuple(Table(self, heading, i, v) for i, v in enumerate(tables))

    def line_of(self, heading: str, index: int, key: str | None = None) -> int:
        """Line of a key in the table `[[heading]]` number `index`, or of the table itself, or 1."""
        start = self._header(heading, index)
        if key is None:
            return max(start, 1)
        is_key = re.compile(rf'\s*(\[\[)?["\']?{re.escape(key)}\b')
        for number, line in enumerate(self._lines[start:], start + 1):
            if is_key.match(line):
                return number
            if line.lstrip().startswith("["):
                break
        return max(start, 1)

    def mistake(self, words: str, line: int) -> None:
        """Remember a mistake; `check` raises it."""
        self._mistakes.append((line, words))

    def check(self) -> None:
        """Raises RuleSetError with every mistake that was found, in the order of the lines."""
        if self._mistakes:
            found = dict.fromkeys(sorted(self._mistakes))
            raise RuleSetError("\n".join(f"{self.name}:{line}: {words}" for line, words in found))

    def _header(self, heading: str, index: int) -> int:
        """Line number of the table's heading; 0 for the top of the file."""
        if not heading:
            return 0
        is_header = re.compile(rf"\s*\[\[\s*{re.escape(heading)}\s*\]\]")
        found = [n for n, line in enumerate(self._lines, 1) if is_header.match(line)]
        return found[index] if index < len(found) else 0
