"""Whether an answer is one to what was asked: values of the right classes where the parent looks first."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from vbdaemon.pipeline.answers import MOST_BYTES, MOST_FILE_BYTES
from vbdaemon.pipeline.worker import Broken, Done, Task

_COUNTS = (int, int, float, int, int)
"""As calls are told."""


def is_sound(answer: object, task: Task[Any]) -> bool:
    """True for a failure in words, or an answer of the class that the task promises."""
    if not isinstance(answer, Done | Broken) or not isinstance(answer.spoiled, bool):
        return False
    if not isinstance(answer.calls, tuple) or not all(map(_is_told, answer.calls)):
        return False
    if isinstance(answer, Broken):
        named = (answer.plugin, answer.hook)
        return isinstance(answer.words, str) and all(each is None or isinstance(each, str) for each in named)
    return _fits(answer.value, _promised(type(task)))


def most_bytes(task: Task[Any]) -> int:
    """Of its answer: a file may be long, a value may not."""
    kind = _promised(type(task))
    return MOST_FILE_BYTES if bytes in (kind, *get_args(kind)) else MOST_BYTES


def _is_told(call: object) -> bool:
    if not isinstance(call, tuple) or len(call) != len(_COUNTS):
        return False
    counts = (isinstance(each, int if kind is int else int | float) for each, kind in zip(call, _COUNTS, strict=True))
    return all(counts) and all(each >= 0 for each in call)


def _fits(value: object, kind: Any) -> bool:
    """Values of ours are looked at field by field; what is in a collection, and plain words, are taken as they are."""
    origin = get_origin(kind)
    if origin in (UnionType, Union):
        return any(_fits(value, each) for each in get_args(kind))
    plain = kind if origin is None else origin
    if not isinstance(plain, type) or plain in (object, str, int, float, bool):
        return True
    if not isinstance(value, plain):
        return not (is_dataclass(plain) or issubclass(plain, (Enum, tuple, bytes, Mapping)))
    return not is_dataclass(plain) or all(_fits(getattr(value, name), of) for name, of in _fields(plain))


@lru_cache(maxsize=256)
def _promised(kind: type) -> Any:
    """What `run` of such a task is said to answer."""
    try:
        return get_type_hints(kind.run).get("return", object)  # type: ignore[attr-defined]  # every task has it
    except (AttributeError, NameError, TypeError):
        return object


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    try:
        hints = get_type_hints(kind)
    except NameError:
        return ()
    return tuple((each.name, hints[each.name]) for each in fields(kind) if each.name in hints)
