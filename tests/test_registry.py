"""Plugins in order, called one by one; what is wrong is said in one line that names the culprit."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from vbdaemon import hookspecs
from vbdaemon.errors import PluginError, PluginFailed
from vbdaemon.model import Event, Finding, Severity, Verdict, VerdictKind, strictest
from vbdaemon.registry import ANSWERS, BUILTINS, Registry, Watch, load_registry
from vbdaemon.testing import NOON, make_classification, make_document, make_snapshot, make_submission

HEAD = "from vbdaemon.hookspecs import hookimpl\nfrom vbdaemon.model import *\n"
JUDGE = "@hookimpl\ndef judge(findings):\n    return {}\n"
CALL = {
    "submission": make_submission(),
    "document": make_document(),
    "classification": make_classification(),
    "signatures": (),
    "findings": (),
    "snapshot": None,
}

Load = Callable[..., Registry]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads site plugins, given as source by name, in this order; no built-ins unless asked for."""

    def load(tables: dict[str, dict] | None = None, watch=None, builtins=(), **sources: str) -> Registry:
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(HEAD + source, encoding="utf-8")
        return load_registry(tmp_path, tuple(sources), tables or {}, watch, builtins)

    yield load
    for name in [name for name in sys.modules if name.startswith("vbdaemon_site_plugin")]:
        del sys.modules[name]


def refused(load: Load, **words) -> str:
    """The words of a refusal; they are one line, and name the plugin."""
    with pytest.raises(PluginError) as raised:
        load(**words)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_the_order_is_that_of_the_settings_then_that_of_the_builtins(load):
    sources = {name: JUDGE.format("None") for name in ("zebra", "alpha", "mitte")}
    registry = load(builtins=("vbdaemon.builtin.judge",), **sources)
    assert registry.order("judge") == ("zebra", "alpha", "mitte", "judge")
    assert [p.builtin for p in registry.plugins] == [False, False, False, True]
    assert registry.order("classify") == ()


def test_every_builtin_loads_and_takes_part():
    registry = load_registry(None, (), {})
    assert tuple(p.name for p in registry.plugins) == tuple(dotted.rpartition(".")[2] for dotted in BUILTINS)
    assert all(p.hooks for p in registry.plugins)
    assert {p.version for p in registry.plugins} == {"built-in"}


def test_first_is_the_first_answer_that_is_not_none_and_later_ones_are_not_asked(load, tmp_path):
    asked = tmp_path / "asked"
    registry = load(
        silent="@hookimpl\ndef classify(document):\n    return None\n",
        speaker="@hookimpl\ndef classify(document):\n    return Classification(form_name='Công văn')\n",
        late=f"@hookimpl\ndef classify(document):\n    open({str(asked)!r}, 'w')\n",
    )
    answer = registry.first("classify", document=CALL["document"], submission=None, snapshot=None)
    assert (answer.plugin, answer.value.form_name) == ("speaker", "Công văn")
    assert not asked.exists()


def test_first_of_nobody_is_none(load):
    assert load(silent="@hookimpl\ndef read(file):\n    return None\n").first("read", file=None, snapshot=None) is None
    assert load().first("read", file=None, snapshot=None) is None


def test_all_are_asked_and_the_strictest_verdict_wins_wherever_it_stands(load):
    answers = ("Verdict.hold()", "Verdict.quarantine()", "Verdict.accept()", "None", "Verdict.reject()")
    registry = load(**{f"p{n}": JUDGE.format(words) for n, words in enumerate(answers)})
    given = registry.all("judge", **CALL)
    assert [a.plugin for a in given] == ["p0", "p1", "p2", "p4"]
    assert strictest(tuple(a.value for a in given)).kind is VerdictKind.QUARANTINE


def test_a_plugin_gets_only_the_arguments_that_it_names(load):
    registry = load(
        few="@hookimpl\ndef check(document):\n    return (Finding('x', Severity.NOTE, document.main.name),)\n"
    )
    (answer,) = registry.all("check", **CALL)
    assert answer.value == (Finding("x", Severity.NOTE, "cong-van.pdf"),)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("@hookimpl\ndef chek(document):\n    pass\n", "chek"),
        ("@hookimpl(optionalhook=True)\ndef chek(document):\n    pass\n", "chek"),
        ("@hookimpl\ndef check(document, database):\n    pass\n", "database"),
        ("@hookimpl(wrapper=True)\ndef check(document):\n    return (yield)\n", "wrappers"),
        ("@hookimpl(hookwrapper=True)\ndef check(document):\n    yield\n", "wrappers"),
        ("@hookimpl(tryfirst=True)\ndef check(document):\n    pass\n", "tryfirst"),
        ("@hookimpl(trylast=True)\ndef check(document):\n    pass\n", "trylast"),
        ("def check(document):\n    pass\n", "no hook"),
        ("def :\n", "SyntaxError"),
        ("raise RuntimeError('two\\nlines')\n", "RuntimeError"),
        ("import sys; sys.exit(3)\n", "SystemExit"),
        ("import no_such_module_at_all\n", "ModuleNotFoundError"),
        ("def plugin(settings):\n    raise RuntimeError('two\\nlines')\n", "RuntimeError"),
        ("def plugin(settings):\n    raise SystemExit(3)\n", "SystemExit"),
        ("class Settings:\n    pass\ndef plugin(settings):\n    return object()\n", "pydantic"),
    ],
    ids=[
        "unknown hook", "unknown optional hook", "unknown argument", "wrapper", "old wrapper", "tryfirst", "trylast",
        "unmarked", "syntax", "import raises", "import exits", "import misses", "factory raises", "factory exits",
        "settings are no model",
    ],
)  # fmt: skip
def test_what_does_not_fit_the_contract_is_refused_at_load(load, source, words):
    told = refused(load, odd=source)
    assert "'odd'" in told
    assert words in told


def test_a_listed_plugin_that_is_not_there_is_named_with_the_remedy(load, tmp_path):
    with pytest.raises(PluginError) as raised:
        load_registry(tmp_path, ("absent",), {}, builtins=())
    assert "'absent'" in str(raised.value)
    assert "take the name out of [plugins] enabled" in str(raised.value)


@pytest.mark.parametrize("name", ["../odd", "odd.py", "os.path", ""])
def test_a_name_that_is_no_name_is_never_a_path(load, tmp_path, name):
    (tmp_path / "odd.py").write_text("raise SystemExit\n")
    with pytest.raises(PluginError, match="is enabled, but"):
        load_registry(tmp_path / "plugins", (name,), {}, builtins=())


def test_a_plugin_is_enabled_once_and_takes_no_name_of_a_builtin(load, tmp_path):
    (tmp_path / "twice.py").write_text(HEAD + JUDGE.format("None"))
    with pytest.raises(PluginError, match="'twice'"):
        load_registry(tmp_path, ("twice", "twice"), {}, builtins=())
    assert "'judge'" in refused(load, builtins=("vbdaemon.builtin.judge",), judge=JUDGE.format("None"))


@pytest.mark.parametrize(
    ("hook", "answer"),
    [
        ("check", "[Finding('x', Severity.NOTE, '')]"),
        ("check", "Finding('x', Severity.NOTE, '')"),
        ("check", "('x',)"),
        ("judge", "'ACCEPT'"),
        ("judge", "True"),
        ("judge", "(Verdict.accept(),)"),
    ],
)
def test_an_answer_of_the_wrong_type_names_plugin_hook_and_type(load, hook, answer):
    registry = load(odd=f"@hookimpl\ndef {hook}(document):\n    return {answer}\n")
    with pytest.raises(PluginFailed, match=rf"'odd' failed in hook '{hook}': answered \w+") as raised:
        registry.all(hook, **CALL)
    assert (raised.value.plugin, raised.value.hook) == ("odd", hook)


def test_an_answer_of_a_class_of_the_plugins_own_names_the_plugin(load):
    """Nobody outside the worker could read it."""
    registry = load(
        odd="class Own(Finding):\n    pass\n@hookimpl\ndef check():\n    return (Own('x', Severity.NOTE, ''),)\n"
    )
    with pytest.raises(PluginFailed, match="'odd' failed in hook 'check': answered tuple"):
        registry.all("check", **CALL)


@pytest.mark.parametrize(
    "raising",
    [
        "raise ValueError('PHƯƠNG ÁN PHÒNG THỦ')",
        "raise SystemExit('PHƯƠNG ÁN PHÒNG THỦ')",
        "raise KeyboardInterrupt('PHƯƠNG ÁN PHÒNG THỦ')",
        "raise type('Odd', (BaseException,), {})('PHƯƠNG ÁN PHÒNG THỦ')",
        "return {}['PHƯƠNG ÁN PHÒNG THỦ']",
        "raise MemoryError('PHƯƠNG ÁN PHÒNG THỦ')",
    ],
    ids=["exception", "exit", "interrupt", "base exception", "lookup", "memory"],
)
def test_whatever_a_plugin_raises_names_it_and_never_quotes_its_words(load, raising):
    """An exception's words may hold a document's text."""
    registry = load(odd=f"@hookimpl\ndef check(document):\n    {raising}\n")
    with pytest.raises(PluginFailed) as raised:
        registry.all("check", **CALL)
    told = str(raised.value)
    assert told.startswith("plugin 'odd' failed in hook 'check': ")
    assert told.endswith("odd.py:5")
    assert "PHƯƠNG" not in told


def test_track_event_calls_everybody_even_when_one_breaks(load, tmp_path):
    told = tmp_path / "told"
    good = f"@hookimpl\ndef track_event(event):\n    with open({str(told)!r}, 'a') as f: f.write(event.kind)\n"
    registry = load(one=good, odd="@hookimpl\ndef track_event(event):\n    raise ValueError\n", two=good)
    failures = list(registry.each("track_event", event=Event(1, NOON, "decided;", None, "")))
    assert told.read_text() == "decided;decided;"
    assert [f.plugin for f in failures if f] == ["odd"]


def test_the_watch_sees_every_call_and_its_end_whatever_happens(load):
    seen: list[object] = []
    watch = SimpleNamespace(
        enter=lambda plugin, hook: seen.append((plugin, hook)),
        leave=lambda failed: seen.append("failed" if failed else "well"),
        alone=lambda: True,
        unfit=lambda _: "",
    )
    registry = load(watch=watch, good=JUDGE.format("None"), odd=JUDGE.format("1 / 0"))
    with pytest.raises(PluginFailed):
        registry.all("judge", **CALL)
    assert seen == [("good", "judge"), "well", ("odd", "judge"), "failed"]
    assert Watch().enter("a", "b") is Watch().leave() is None


def test_an_answer_of_the_wrong_type_is_a_failure_to_the_watch_too(load):
    seen: list[bool] = []
    watch = SimpleNamespace(
        enter=lambda plugin, hook: None, leave=lambda **told: seen.append(told["failed"]), alone=lambda: True
    )
    registry = load(watch=watch, odd=JUDGE.format("'ACCEPT'"))
    with pytest.raises(PluginFailed):
        registry.all("judge", **CALL)
    assert seen == [True]


def test_one_plugin_alone_can_be_asked(load):
    registry = load(
        one=JUDGE.format("Verdict.hold()"),
        two=JUDGE.format("Verdict.reject()"),
        three="@hookimpl\ndef read(file):\n    return None\n",
    )
    assert registry.ask("two", "judge", **CALL).kind is VerdictKind.REJECT
    with pytest.raises(LookupError, match="'three' does not implement hook 'judge'"):
        registry.ask("three", "judge", **CALL)


def test_startup_gets_its_own_table_only(load, tmp_path):
    source = (
        "import json, pathlib\n"
        "@hookimpl\ndef startup(settings):\n    pathlib.Path({!r}).write_text(json.dumps(settings))\n"
    )
    tables = {"one": {"limit": 1}, "two": {"password": "x"}, "three": {}}
    load(tables, **{name: source.format(str(tmp_path / name)) for name in tables})
    assert {name: (tmp_path / name).read_text() for name in tables} == {
        "one": '{"limit": 1}',
        "two": '{"password": "x"}',
        "three": "{}",
    }


def test_a_startup_that_breaks_stops_the_start_with_hook_and_remedy(load):
    told = refused(load, odd="@hookimpl\ndef startup(settings):\n    raise ValueError('two\\nlines')\n")
    assert "'odd'" in told
    assert "'startup'" in told
    assert "[plugins.odd]" in told


MODEL = (
    "from pydantic import BaseModel\n"
    "class Settings(BaseModel, extra='forbid'):\n    most: int\n    words: str = ''\n"
    "class Plugin:\n"
    "    def __init__(self, settings): self.settings = settings\n"
    "    @hookimpl\n    def check(self, document):\n"
    "        return (Finding('most', Severity.NOTE, str(self.settings.most)),)\n"
    "__version__ = '2.1'\n"
    "def plugin(settings): return Plugin(settings)\n"
)


def test_a_plugin_with_settings_is_an_object_that_has_them(load):
    registry = load({"sized": {"most": 7}}, sized=MODEL)
    (answer,) = registry.all("check", **CALL)
    assert answer.value[0].message == "7"
    assert registry.version("sized") == "2.1"


def test_mistakes_in_a_plugins_settings_are_all_named_by_their_keys(load):
    told = refused(load, tables={"sized": {"most": "seven", "wrods": "x"}}, sized=MODEL)
    assert "plugins.sized.most: " in told
    assert "plugins.sized.wrods: " in told
    assert "plugins.sized.most: " in refused(load, sized=MODEL)


def test_settings_for_a_plugin_that_takes_none_are_refused(load):
    assert "takes no settings" in refused(load, tables={"plain": {"most": 1}}, plain=JUDGE.format("None"))


def test_what_a_hook_may_answer_is_said_for_every_hook_that_may_answer():
    specified = {name for name, each in vars(hookspecs).items() if hasattr(each, "vbdaemon_spec")}
    assert specified - set(ANSWERS) == {"startup", "track_event"}


def test_a_builtin_answers_through_the_same_door():
    registry = load_registry(None, (), {}, builtins=("vbdaemon.builtin.judge",))
    (answer,) = registry.all("judge", **{**CALL, "snapshot": make_snapshot()})
    assert answer.value == Verdict.accept()
