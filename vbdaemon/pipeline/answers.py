"""Reads what a worker sends as if the worker were hostile: it parses hostile files, and one of them may own it.

A pickle is a program. Here it can make values of the classes named below and nothing else: no function is called, no
class or member is changed, and neither its size nor its depth can hurt the reader.
"""

import io
import os
import pickle
import select
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime, timedelta, timezone
from datetime import time as clock_time
from enum import Enum
from multiprocessing.connection import Connection
from pathlib import PosixPath, PurePosixPath
from typing import Any, Final
from zoneinfo import ZoneInfo

from vbdaemon.errors import VbdaemonError
from vbdaemon.pipeline.opcodes import check
from vbdaemon.spool.durable import write_all

MOST_BYTES = 64 << 20
"""Of one answer."""
MOST_FILE_BYTES = 512 << 20
"""Of one that is a file: a printed copy of the largest that is taken in fits."""
READ_SECONDS = 60.0
"""In which a message that has begun must be whole."""
MODEL = "vbdaemon.model."
NAMED: Final = frozenset({
    "vbdaemon.builtin.format.examination.Examination",
    "vbdaemon.delivery.notice.Composed",
    "vbdaemon.delivery.task.Sent",
    "vbdaemon.operation.plugin_sample.Sample",
    "vbdaemon.operation.plugin_trial.Answered",
    "vbdaemon.pipeline.codes.Codes",
    "vbdaemon.pipeline.shadow.Judged",
    "vbdaemon.pipeline.worker.Broken",
    "vbdaemon.pipeline.worker.Done",
    "vbdaemon.pipeline.worker.Ready",
    "vbdaemon.registry.Plugin",
    "vbdaemon.state.records.Decision",
})  # fmt: skip
"""Values outside the model that answers are made of. A new task's answer is named here; a contract test says so."""
_ACTING = ("__call__", "__setitem__", "__post_init__", "append", "extend", "add")
_LONGEST = 120
"""Letters of a reason: what it names is a class."""
_LENGTH = struct.Struct("!Q")
_BROKEN = (
    pickle.UnpicklingError, ArithmeticError, AttributeError, EOFError, ImportError, LookupError, MemoryError,
    RecursionError, TypeError, ValueError, struct.error,
)  # fmt: skip


class AnswerRefused(VbdaemonError):
    """A worker sent what no worker sends: it is broken, or something in it is in command."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Nothing more is to be had from a worker."""

    refused: str = ""
    """Why what it sent was not taken; empty where it ended."""


def send(line: Connection, answer: object) -> None:
    """One message to the parent; PicklingError, TypeError or AttributeError when it holds what cannot leave."""
    body = pickle.dumps(answer, protocol=4)
    for part in (_LENGTH.pack(len(body)), body):
        write_all(line.fileno(), part)


def unfit(value: object) -> str:
    """Why a value can be in no answer; "" when it can. To be asked in the worker, of what each plugin answers."""
    try:
        loads(pickle.dumps(value, protocol=4))
    except AnswerRefused as refusal:
        return str(refusal).partition(": ")[2]
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        return f"it cannot leave its worker ({type(error).__name__})"
    return ""


def receive(line: Connection, seconds: float, most: int = MOST_BYTES) -> object | None:
    """The next message, None when none began in time, Gone when none is to come."""
    try:
        fd = line.fileno()
        if not _readable(fd, seconds):
            return None
        ends = time.monotonic() + READ_SECONDS
        (length,) = _LENGTH.unpack(_read(fd, _LENGTH.size, ends))
        if length > most:
            return Gone(f"a worker's answer has {length} bytes; {most} are the most")
        return loads(_read(fd, length, ends))
    except (EOFError, OSError):
        return Gone()
    except AnswerRefused as refusal:
        return Gone(str(refusal))


def loads(body: bytes) -> object:
    """The value in a pickle, if it is made of values that answers are made of; AnswerRefused otherwise."""
    try:
        check(body)
        return _Reader(io.BytesIO(body)).load()
    except _BROKEN as error:  # its own words may be the sender's: they go into no log
        why = str(error) if type(error) is pickle.UnpicklingError and len(str(error)) < _LONGEST else ""
        raise AnswerRefused(f"a worker's answer cannot be read: {why or type(error).__name__}") from error


class _Reader(pickle.Unpickler):
    """Knows classes only, and of them only values."""

    def find_class(self, module: str, name: str) -> Any:
        """What the pickle may call by this name."""
        known = _PLAIN.get((module, name))
        if known is not None:
            return known
        whole = f"{module}.{name}"
        if "." in name or not (whole.startswith(MODEL) or whole in NAMED):
            raise pickle.UnpicklingError(f"{whole} is in no answer")
        found = getattr(sys.modules.get(module), name, None)
        if not isinstance(found, type) or (found.__module__, found.__qualname__) != (module, name):
            raise pickle.UnpicklingError(f"{whole} is no class here")
        if issubclass(found, Enum):
            return _sealed(found)
        if not _is_value(found):
            raise pickle.UnpicklingError(f"{whole} is no value")
        return found


class _Maker:
    """Stands for a class that the pickle could change if it got hold of it."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[..., object]) -> None:
        self._make = make

    def __call__(self, *words: object) -> object:
        """One value of the class."""
        return self._make(*words)

    def __setstate__(self, state: object) -> None:
        """Nothing to set."""
        raise pickle.UnpicklingError("a class cannot be changed")


def _is_value(found: type) -> bool:
    """A frozen dataclass with slots: it has no state but its fields, and no method that a pickle would call."""
    own = is_dataclass(found) and "__slots__" in vars(found) and "__setstate__" in vars(found)  # frozen ones have it
    return own and not any(name in vars(base) for base in found.__mro__ for name in _ACTING)


def _sealed(found: type[Enum]) -> type[Enum]:
    """Members are shared by the whole process: from now on no pickle sets a state on one, or on their class."""
    if "__setstate__" not in vars(found):
        type.__setattr__(found, "__setstate__", _refuse_state)
    return found


def _refuse_state(*words: object) -> None:
    del words
    raise pickle.UnpicklingError("a member cannot be changed")


_PATHS: Final = ("pathlib", "pathlib._local")
"""Python 3.13 names the second."""


def _zone(key: str, from_cache: bool = True) -> ZoneInfo:
    del from_cache
    return ZoneInfo(key)


_ZONES = _Maker(_zone)


def _attribute(owner: object, name: str) -> object:
    """Zones name the method that reads them, and Python up to 3.11.3 the members of enumerations; nothing else may."""
    if owner is _ZONES and name == "_unpickle":
        return _ZONES
    if isinstance(owner, type) and issubclass(owner, Enum) and name in owner.__members__:
        return owner.__members__[name]
    raise pickle.UnpicklingError(f"getattr of {name!r} is in no answer")


_PLAIN: Final[dict[tuple[str, str], object]] = {
    ("datetime", "date"): date,
    ("datetime", "datetime"): datetime,
    ("datetime", "time"): clock_time,
    ("datetime", "timedelta"): timedelta,
    ("datetime", "timezone"): timezone,
    **{(module, "PosixPath"): _Maker(PosixPath) for module in _PATHS},
    **{(module, "PurePosixPath"): _Maker(PurePosixPath) for module in _PATHS},
    ("zoneinfo", "ZoneInfo"): _ZONES,
    ("builtins", "getattr"): _Maker(_attribute),
}


def _readable(fd: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(max(0.0, seconds) * 1000))


def _read(fd: int, length: int, ends: float) -> bytes:
    """So many bytes; a worker that begins a message and does not end it is no more than one that hangs."""
    parts: list[bytes] = []
    while length:
        if not _readable(fd, ends - time.monotonic()):
            raise AnswerRefused(f"a worker did not finish its answer within {READ_SECONDS:g} s")
        part = os.read(fd, min(length, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
