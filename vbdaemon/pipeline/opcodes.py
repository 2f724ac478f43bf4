"""Looks a pickle over before it is read: only what our own writer writes, and not so deep that a stack would end.

The reader in C trusts some opcodes more than it should: one of five bytes makes it reserve gigabytes, and the hash of
a tuple in a tuple in a tuple has no limit but the stack.
"""

import pickle
import struct
from typing import Final

MOST_NESTED = 60_000
"""Tuples and frozen sets of one answer: even all of them in each other are safe on a stack of 8 MiB (100 000 were)."""
_REFUSED, _ONE, _FOUR, _EIGHT = 255, 254, 253, 252
"""Kinds of opcodes beside those with so many bytes behind them: their argument's length stands in 1, 4 or 8 bytes."""
_STOP = pickle.STOP[0]
_BARE = (
    "STOP NONE NEWTRUE NEWFALSE EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST APPEND APPENDS EMPTY_DICT SETITEM "
    "SETITEMS EMPTY_SET ADDITEMS FROZENSET MARK MEMOIZE STACK_GLOBAL REDUCE NEWOBJ BUILD"
)
_WITH_BYTES = {"PROTO": 1, "FRAME": 8, "BININT": 4, "BININT1": 1, "BININT2": 2, "BINFLOAT": 8, "BINGET": 1}
_WITH_LENGTH = {
    "LONG1": _ONE, "SHORT_BINBYTES": _ONE, "SHORT_BINUNICODE": _ONE, "BINBYTES": _FOUR, "BINUNICODE": _FOUR,
    "BINBYTES8": _EIGHT, "BINUNICODE8": _EIGHT,
}  # fmt: skip
_NESTING = ("TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "FROZENSET")


def _table() -> bytes:
    kinds = {**dict.fromkeys(_BARE.split(), 0), **_WITH_BYTES, "LONG_BINGET": 4, **_WITH_LENGTH}
    by_code = {getattr(pickle, name)[0]: kind for name, kind in kinds.items()}
    return bytes(by_code.get(code, _REFUSED) for code in range(256))


_KINDS: Final = _table()
_NESTS: Final = frozenset(getattr(pickle, name)[0] for name in _NESTING)
_U32: Final = struct.Struct("<I")
_U64: Final = struct.Struct("<Q")


def check(body: bytes) -> None:
    """UnpicklingError for what our writer does not write, or nests too much; IndexError, struct.error when cut off."""
    at, nested, kinds, nests = 0, 0, _KINDS, _NESTS
    code = -1
    while code != _STOP:
        code = body[at]
        kind = kinds[code]
        at += 1
        if kind < _EIGHT:
            at += kind
            if code in nests:
                nested += 1
        elif kind == _ONE:
            at += 1 + body[at]
        elif kind == _FOUR:
            at += 4 + _U32.unpack_from(body, at)[0]
        elif kind == _EIGHT:
            at += 8 + _U64.unpack_from(body, at)[0]
        else:
            raise pickle.UnpicklingError(f"opcode {code:#x} is in no answer")
    if at != len(body):
        raise pickle.UnpicklingError("something stands behind its end")
    if nested > MOST_NESTED:
        raise pickle.UnpicklingError(f"it has {nested} tuples; {MOST_NESTED} are the most")
