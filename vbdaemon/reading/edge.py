"""The one edge to foreign parsers: whatever they raise becomes a value."""

from collections.abc import Callable
from typing import TypeVar

from vbdaemon.model import Problem, ProblemKind

T = TypeVar("T")


def guarded(call: Callable[[], T], what: str, page: int | None = None) -> T | Problem:
    """What `call` answers, or a DAMAGED problem that names the exception's type, never its text.

    The text of a foreign exception can quote the document, so it stays out of the words.
    """
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - parsers of hostile files raise anything, MemoryError included
        return Problem(ProblemKind.DAMAGED, f"{what} ended with {type(error).__name__}", page)
