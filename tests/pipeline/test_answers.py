"""What a worker sends can make values and nothing else, however hostile the one is who wrote it."""

import importlib
import inspect
import os
import pickle
import pkgutil
import struct
import threading
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from multiprocessing import Pipe
from pathlib import Path, PosixPath
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import pytest

import vbdaemon
from vbdaemon.model import Finding, Outcome, OutcomeKind, Severity, Verdict, VerdictKind
from vbdaemon.pipeline import answers, opcodes
from vbdaemon.pipeline.answers import AnswerRefused, Gone, loads, receive, send
from vbdaemon.pipeline.soundness import is_sound, most_bytes
from vbdaemon.pipeline.worker import Broken, Done, Ready
from vbdaemon.registry import Plugin
from vbdaemon.state.records import Decision
from vbdaemon.testing import NOON

LEFT_OUT = ("vbdaemon.__main__", "vbdaemon.state.migrations")


def tasks() -> list[type]:
    """Every class of the program that a worker can run: a value with `run(place)`."""
    found = []
    for each in pkgutil.walk_packages(vbdaemon.__path__, "vbdaemon."):
        if each.name.startswith(LEFT_OUT):
            continue
        for _, kind in inspect.getmembers(importlib.import_module(each.name), inspect.isclass):
            run = vars(kind).get("run")
            if kind.__module__ == each.name and is_dataclass(kind) and inspect.isfunction(run):
                found += [kind] if list(inspect.signature(run).parameters) == ["self", "place"] else []
    return found


TASKS = tasks()


def example(kind: Any) -> Any:
    """A value of this type in which every field has one."""
    origin, words = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return example(next(each for each in words if each is not NoneType))
    if origin is tuple:
        return (example(words[0]),) if words[-1] is Ellipsis else tuple(example(each) for each in words)
    if origin in (frozenset, set, list):
        return origin((example(words[0]),))
    if origin in (Mapping, dict):
        return {example(words[0]): example(words[1])}
    kind = origin or kind
    if isinstance(kind, TypeVar) or kind in (Any, object):
        return "x"
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{each.name: example(hints[each.name]) for each in fields(kind) if each.init})
    if issubclass(kind, Enum):
        return list(kind)[-1]
    plain = {str: "đ", int: 7, float: 0.5, bool: True, bytes: b"\x85\xff", NoneType: None, Path: Path("/a/b")}
    return {**plain, datetime: NOON, date: NOON.date(), timedelta: timedelta(1)}[kind]


def test_there_are_tasks_to_look_at():
    assert {each.__name__ for each in TASKS} >= {"DecideTask", "DeliverTask", "ShadowTask", "FormatTask", "TrackTask"}


@pytest.mark.parametrize("task", TASKS, ids=lambda each: each.__name__)
def test_the_answer_of_every_task_arrives_as_it_was_sent(task):
    value = example(get_type_hints(task.run)["return"])
    answer = Done(value, ((0, 1, 0.5, 0, 0),))
    assert loads(pickle.dumps(answer, 4)) == answer
    assert is_sound(answer, task.__new__(task))


@pytest.mark.parametrize(
    "value",
    [
        Ready((Plugin("a", "1", False, ("judge",)),), (("a", "judge"),), {"judge": ("a",)}),
        Broken("words", "a", "judge"),
        Done(Decision(())),
        (None, True, False, 2**70, -1, 1.5, "x" * 300, b"y" * 300, [1, [2]], {"a": {1}}, frozenset({1}), ()),
        (NOON, date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=7))), timedelta(1), UTC),
        datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
        (PosixPath("/a/b"), tuple(VerdictKind)),
    ],
)
def test_plain_values_arrive_as_they_were_sent(value):
    assert loads(pickle.dumps(value, 4)) == value


class Evil:
    """Pickles as a call."""

    def __init__(self, *call: Any) -> None:
        self.call = call

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call[0], self.call[1:]


def frozen(body: bytes) -> bytes:
    """A pickle of protocol 4 with these opcodes."""
    return b"\x80\x04" + body + b"."


def named(module: str, name: str) -> bytes:
    words = b"".join(b"\x8c" + bytes([len(each)]) + each.encode() for each in (module, name))
    return words + b"\x93"


VERDICT = named("vbdaemon.model.finding", "VerdictKind")
POISON = b"}\x8c\x07_value_\x8c\x06ACCEPTs"
"""A state that would make every member a member that accepts."""
ON_CLASS = b"N}\x8c\x04rankK\x00s\x86"
"""A state that would set an attribute on a class."""
HOSTILE = {
    "a system call": pickle.dumps(Evil(os.system, "touch {}"), 4),
    "eval": pickle.dumps(Evil(eval, "1"), 4),
    "getattr": pickle.dumps(Evil(getattr, "x", "upper"), 4),
    "getattr of what is no member": pickle.dumps(Evil(getattr, VerdictKind, "mro"), 4),
    "getattr of a value": pickle.dumps(Evil(getattr, Verdict, "accept"), 4),
    "a function of ours": pickle.dumps(Evil(example, str), 4),
    "a function of the program": frozen(named("vbdaemon.pipeline.answers", "loads") + b"C\x00\x85R"),
    "a function of the model": frozen(named("vbdaemon.model.finding", "strictest") + b")\x85R"),
    "a class by its package": frozen(named("vbdaemon.model", "Verdict") + b")R"),
    "a name with a dot": frozen(named("vbdaemon.model.finding", "Verdict.accept") + b")R"),
    "an exception": pickle.dumps(ValueError("x"), 4),
    "a task of ours": frozen(named("vbdaemon.delivery.tracking", "TrackTask") + b")\x85R"),
    "a class of the library": frozen(named("pathlib", "Path") + b")R"),
    "a module that is not loaded": frozen(named("vbdaemon.model.nothing", "Nothing") + b")R"),
    "a member that is changed": frozen(VERDICT + b"\x8c\x0aQUARANTINE\x85R" + POISON + b"b"),
    "an enum that is changed": frozen(VERDICT + ON_CLASS + b"b"),
    "a path class that is changed": frozen(named("pathlib", "PosixPath") + ON_CLASS + b"b"),
    "a moment class that is changed": frozen(named("datetime", "datetime") + ON_CLASS + b"b"),
    "a value class that is changed": frozen(named("vbdaemon.model.finding", "Verdict") + ON_CLASS + b"b"),
    "a named function that is changed": frozen(named("builtins", "getattr") + ON_CLASS + b"b"),
    "a memory of gigabytes": frozen(b"Nr\xff\xff\xff\x7f"),
    "an old opcode": b"cos\nsystem\n(S'true'\ntR.",
    "an instance of old": b"(ios\nsystem\n.",
    "an extension": frozen(b"\x82\x01"),
    "a buffer of gigabytes": frozen(b"\x96\xff\xff\xff\xff\x00\x00\x00\x00"),
    "a persistent id": frozen(b"NQ"),
    "a length beyond its end": frozen(b"\x8e\xff\xff\xff\xff\xff\xff\xff\xffx"),
    "nothing": b"",
    "half a pickle": pickle.dumps(Verdict.accept(), 4)[:-9],
    "something behind its end": pickle.dumps(1, 4) + b"cos\nsystem\n",
    "a tower of tuples": frozen(b")" + b"\x85" * (opcodes.MOST_NESTED + 1)),
    "a tower of frozen sets": frozen(b"(" * 70_000 + b"\x91" * 70_000),
    "a zone by its path": frozen(named("zoneinfo", "ZoneInfo") + b"\x8c\x0b/etc/passwd\x85R"),
}


def test_members_come_by_their_name_as_older_pythons_write_them():
    body = pickle.dumps(Evil(getattr, VerdictKind, "ACCEPT"), 4)
    assert loads(body) is VerdictKind.ACCEPT


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_no_answer_is_refused(body):
    before = [(each, each.value, each.rank) for each in VerdictKind]
    with pytest.raises(AnswerRefused, match="cannot be read"):
        loads(body)
    assert [(each, each.value, each.rank) for each in VerdictKind] == before
    assert PosixPath("/a") / "b" == Path("/a/b")


def test_a_system_call_is_not_made(tmp_path):
    made = tmp_path / "made"
    with pytest.raises(AnswerRefused, match=r"posix\.system is in no answer"):
        loads(pickle.dumps(Done(Evil(os.system, f"touch {made}")), 4))
    assert not made.exists()


def test_the_deepest_answer_that_is_read_can_be_hashed():
    value = loads(frozen(b")" + b"\x85" * (opcodes.MOST_NESTED - 1)))
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(hash(value)))
    thread.start()
    thread.join()
    assert found


def test_a_member_can_still_be_copied_and_pickled_by_us():
    loads(pickle.dumps(VerdictKind.HOLD, 4))
    assert pickle.loads(pickle.dumps(VerdictKind.HOLD)) is VerdictKind.HOLD


@pytest.fixture
def line():
    ours, theirs = Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_a_message_arrives_over_the_line(line):
    ours, theirs = line
    assert receive(ours, 0.0) is None
    answer = Done(b"x" * 3_000_000)
    writer = threading.Thread(target=send, args=(theirs, answer))
    writer.start()
    assert receive(ours, 5.0) == answer
    writer.join()


def test_a_worker_that_ended_is_gone(line):
    ours, theirs = line
    theirs.close()
    assert receive(ours, 1.0) == Gone()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (struct.pack("!Q", answers.MOST_BYTES + 1), "are the most"),
        (struct.pack("!Q", 4) + b"\x80\x04N", "did not finish"),
        (b"\x00\x00", "did not finish"),
        (struct.pack("!Q", 4) + b"cos\n", "cannot be read"),
    ],
)
def test_a_message_that_is_too_long_or_never_ends_or_is_hostile_is_refused(line, monkeypatch, body, words):
    monkeypatch.setattr(answers, "READ_SECONDS", 0.05)
    ours, theirs = line
    os.write(theirs.fileno(), body)
    assert words in receive(ours, 1.0).refused


SENT = next(each for each in TASKS if each.__name__ == "DeliverTask")
TRACKED = next(each for each in TASKS if each.__name__ == "TrackTask")


@pytest.mark.parametrize(
    ("answer", "task"),
    [
        ("words", SENT),
        (Done("words"), SENT),
        (Done(None), SENT),
        (Done(Outcome(OutcomeKind.FAILED)), SENT),
        (Done(example(get_type_hints(SENT.run)["return"]), ((0, 1, "x", 0, 0),)), SENT),
        (Done((), ((-1, 1, 0.5, 0, 0),)), TRACKED),
        (Done((), ((0, 1, float("nan"), 0, 0),)), TRACKED),
        (Done((), ((0, 1),)), TRACKED),
        (Done((), "calls"), TRACKED),
        (Done((), (), "spoiled"), TRACKED),
        (Done([]), TRACKED),
        (Broken(7), TRACKED),
        (Broken("words", plugin=7), TRACKED),
    ],
)
def test_an_answer_to_another_question_is_not_sound(answer, task):
    assert not is_sound(answer, task.__new__(task))


def test_only_an_answer_that_is_a_file_may_be_long():
    long = {each.__name__ for each in TASKS if most_bytes(each.__new__(each)) == answers.MOST_FILE_BYTES}
    assert long == {"CommentTask", "CopyTask", "DrawTask", "PictureTask", "SignersTask"}


def test_an_outcome_of_another_class_is_not_sound():
    sent = example(get_type_hints(SENT.run)["return"])
    bent = type(sent)(Finding("x", Severity.NOTE, "x"))
    assert is_sound(Done(sent), SENT.__new__(SENT))
    assert not is_sound(Done(bent), SENT.__new__(SENT))
