"""The one place where whatever a foreign parser raises becomes a value."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Undecidable:
    """The library could not answer: nothing is known, least of all that somebody forged something."""

    cause: str
    """Type of the exception; its words may quote the document and are not kept."""


def attempt(call: Callable[[], T]) -> T | Undecidable:
    """The call's answer, or Undecidable.

    On hostile input pyHanko raises, beside its own errors, KeyError, ValueError, AssertionError, AttributeError,
    OSError and RecursionError; a file that asks for more memory than the worker has ends in MemoryError.
    """
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - see above: the list is open-ended, and any of them is no answer
        return Undecidable(type(error).__name__)


def answer(work: Coroutine[Any, Any, T]) -> T:
    """The answer of asynchronous work that never waits, since nothing is fetched: no event loop is made for it."""
    try:
        work.send(None)
    except StopIteration as end:
        found: T = end.value
        return found
    work.close()
    raise RuntimeError
