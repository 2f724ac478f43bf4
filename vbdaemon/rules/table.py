"""A table of a rule file: typed reading of its keys; what is wrong is told to the file with its line."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_WORDS = {str: "text", bool: "true or false", list: "a list", date: "a date such as 2019-04-26"}


class Mistakes(Protocol):
    """Who is told of mistakes, and knows the lines."""

    def line_of(self, heading: str, index: int, key: str | None = None) -> int:
        """Line of a key, or of the table."""

    def mistake(self, words: str, line: int) -> None:
        """Remember a mistake."""


class Table:
    """One table; every key that is asked for counts as known, `close` names the others."""

    def __init__(self, source: Mistakes, heading: str, index: int, values: Mapping[str, Any]) -> None:
        self._source = source
        self._heading = heading
        self._index = index
        self._values = values
        self._known: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """The value of `key`. Missing without a default, or of the wrong kind, is a mistake; then an empty one."""
        self._known.add(key)
        value = self._values.get(key)
        if value is None:
            if default is None:
                self.mistake(f'"{key}" is missing')
            return kind() if default is None else default
        if not isinstance(value, kind):
            self.mistake(f'"{key}" must be {_WORDS[kind]}', key)
            return kind() if default is None else default
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text without spaces around it; an empty one where one is needed is a mistake."""
        value = self.take(key, str, default).strip()
        if not value and default is None and key in self:
            self.mistake(f'"{key}" must not be empty', key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when absent."""
        values = self.take(key, list, default=[])
        if not all(isinstance(v, str) and v.strip() for v in values):
            self.mistake(f'"{key}" must be a list of texts', key)
            return ()
        return tuple(v.strip() for v in values)

    def day(self, key: str) -> date | None:
        """A date, or None when absent."""
        self._known.add(key)
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.mistake(f'"{key}" must be {_WORDS[date]}', key)
            return None
        return value

    def choice(self, key: str, kind: type[E], default: E, also: tuple[str, ...] = ()) -> E | None:
        """A member of `kind`; None for one of the words in `also`; `default` when absent."""
        value = self.text(key, default.value)
        if value in also:
            return None
        try:
            return kind(value)
        except ValueError:
            allowed = ", ".join(f'"{word}"' for word in (*kind, *also))
            self.mistake(f'"{key}" must be one of {allowed}; found "{value}"', key)
            return default

    def mistake(self, words: str, key: str | None = None) -> None:
        """Tell a mistake at the line of `key`, or of the table."""
        self._source.mistake(words, self._source.line_of(self._heading, self._index, key))

    def close(self) -> None:
        """Name every key that nobody asked for: a misspelt key must not pass in silence."""
        for key in self._values:
            if key not in self._known:
                self.mistake(f'"{key}" is not known here', key)
