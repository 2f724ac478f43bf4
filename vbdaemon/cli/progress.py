"""How far a long command has come, on a terminal; nothing elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self, TextIO

EVERY_SECONDS = 0.2


class Counting:
    """Called with what is being done and how many are done; shows one line on stderr, and wipes it at the end."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __call__(self, what: str, done: int) -> None:
        """Show it, now and then."""
        if self._shown and time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY_SECONDS
            self._stream.write(f"\r\x1b[K{what}: {done}")
            self._stream.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
