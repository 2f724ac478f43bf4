"""Every hook is typed, documented, answered by a built-in or not for a stated reason, and called by the core."""

import ast
import inspect
import typing
from pathlib import Path

import pytest

from vbdaemon import hookspecs
from vbdaemon.registry import ANSWERS, BUILTINS, load_registry

PACKAGE = Path(hookspecs.__file__).parent
HOOKS = {name: each for name, each in vars(hookspecs).items() if hasattr(each, f"{hookspecs.PROJECT}_spec")}
NO_BUILTIN = {
    "startup": "built-ins have no settings of their own",
    "track_event": "made for sites: what happens is in the events and the log already",
}
CORE = ("pipeline", "delivery", "registry.py")


def test_the_hooks_are_those_of_the_design():
    assert list(HOOKS) == [
        "startup", "unpack", "read", "group", "classify", "verify", "check", "judge", "route", "compose_notice",
        "deliver", "track_event",
    ]  # fmt: skip


@pytest.mark.parametrize("name", HOOKS)
def test_every_argument_and_every_answer_is_typed(name):
    hook = HOOKS[name]
    hints = typing.get_type_hints(hook)
    assert set(inspect.signature(hook).parameters) | {"return"} == set(hints)
    answer = hints["return"]
    if name not in ANSWERS:
        assert answer is type(None)
        return
    kind, many = ANSWERS[name]
    expected = tuple[kind, ...] if many else kind
    assert answer == expected | None


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_says_when_it_is_called_whose_answer_counts_and_what_an_exception_does(name):
    words = inspect.getdoc(HOOKS[name])
    assert "alled" in words
    assert "exception" in words.lower() or name == "startup"
    first_wins = HOOKS[name].vbdaemon_spec["firstresult"]
    assert ("First answer wins" in words) == bool(first_wins)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_has_a_builtin_or_a_reason(name):
    registry = load_registry(None, (), {})
    assert bool(registry.order(name)) != (name in NO_BUILTIN)


def test_every_builtin_that_is_shipped_is_loaded():
    shipped = {path.stem for path in (PACKAGE / "builtin").glob("*.py") if "@hookimpl" in path.read_text("utf-8")}
    assert shipped == {dotted.rpartition(".")[2] for dotted in BUILTINS}


@pytest.mark.parametrize("name", list(HOOKS))
def test_every_hook_is_called_by_the_core(name):
    files = [path for root in CORE for path in (PACKAGE / root, *(PACKAGE / root).rglob("*.py")) if path.is_file()]
    called = {
        node.value
        for path in files
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for node in call.args
        if isinstance(node, ast.Constant)
    }
    assert name in called
