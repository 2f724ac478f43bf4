"""What `plugin new` writes: a working plugin of one file for chosen hooks, and its test."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

WIDTH = 120


@dataclass(frozen=True, slots=True)
class HookDraft:
    """One hook's part of a new plugin and of its test, as `plugin_hooks.toml` has it."""

    hook: str
    settings: str
    """Fields of the Settings class, four spaces in."""
    method: str
    test: str
    model: tuple[str, ...] = ()
    """Names imported from vbdaemon.model."""
    std: tuple[str, ...] = ()
    """Import lines of the standard library."""
    lines: tuple[str, ...] = ()
    """Import lines of other modules."""
    test_model: tuple[str, ...] = ()
    test_testing: tuple[str, ...] = ()
    test_std: tuple[str, ...] = ()
    test_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PluginDraft:
    """The text of a new plugin and of its test; the same name and hooks give the same text."""

    name: str
    hooks: tuple[HookDraft, ...]
    _places: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = {"@NAME@": self.name, "@CODE@": self.name.strip("_").replace("_", "-").casefold()}
        object.__setattr__(self, "_places", places)

    @property
    def plugin(self) -> str:
        """The plugin's file."""
        settings = "\n".join(hook.settings.strip("\n") for hook in self.hooks)
        pydantic = ["BaseModel", "ConfigDict", *(["Field"] if "Field(" in settings else [])]
        imports = _imports(
            (line for hook in self.hooks for line in hook.std),
            (_from("pydantic", pydantic),),
            (
                "from vbdaemon.hookspecs import hookimpl",
                *(line for hook in self.hooks for line in hook.lines),
                *_model(name for hook in self.hooks for name in hook.model),
            ),
        )
        methods = "\n\n".join(hook.method.strip("\n") for hook in self.hooks)
        return self._filled(_PLUGIN, imports=imports, settings=settings, methods=methods, kind=self._class_name)

    @property
    def test(self) -> str:
        """The file of its test."""
        further = [line for hook in self.hooks for line in hook.test_lines]
        asks = any("ask(" in hook.test for hook in self.hooks)
        testing = sorted({name for hook in self.hooks for name in hook.test_testing}, key=_in_order)
        imports = _imports(
            (
                "from pathlib import Path",
                *(("from typing import Any",) if asks else ()),
                *(line for hook in self.hooks for line in hook.test_std),
            ),
            (line for line in further if "vbdaemon" not in line),
            (
                "from vbdaemon.registry import Registry, load_registry",
                *(line for line in further if "vbdaemon" in line),
                *_model(name for hook in self.hooks for name in hook.test_model),
                *((_from("vbdaemon.testing", testing),) if testing else ()),
            ),
        )
        tests = "\n\n\n".join(hook.test.strip("\n") for hook in self.hooks)
        return self._filled(_TEST, imports=imports, ask=_ASK if asks else "", tests=tests)

    @property
    def _class_name(self) -> str:
        return "".join(part[:1].upper() + part[1:] for part in self.name.split("_")) + "Hooks"

    def _filled(self, text: str, **parts: str) -> str:
        for place, words in {**{f"@{key}@": part for key, part in parts.items()}, **self._places}.items():
            text = text.replace(place, words)
        return text


def known_hooks() -> tuple[str, ...]:
    """Hooks for which a plugin can be written, in the order of the guide."""
    return tuple(_table())


def draft(name: str, hooks: Sequence[str]) -> PluginDraft:
    """A plugin of this name with these hooks; KeyError for a hook that there is none of."""
    table = _table()
    return PluginDraft(name, tuple(_hook(hook, table[hook]) for hook in table if hook in hooks))


def _hook(name: str, table: dict[str, Any]) -> HookDraft:
    parts: dict[str, Any] = {key: tuple(part) if isinstance(part, list) else part for key, part in table.items()}
    return HookDraft(name, **parts)


def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("plugin_hooks.toml").read_text(encoding="utf-8"))


def _imports(*sections: Iterable[str]) -> str:
    """Import lines in their usual order: plain ones first, each section by module."""
    shown = []
    for section in sections:
        lines = sorted(_merged(section), key=lambda line: (line.startswith("from"), line.split()[1]))
        if lines:
            shown.append("\n".join(lines))
    return "\n\n".join(shown)


def _merged(lines: Iterable[str]) -> Iterable[str]:
    """Each line once; names from one module on one line, those with a name of their own apart."""
    names: dict[str, set[str]] = {}
    for line in dict.fromkeys(lines):
        module, _, imported = line.removeprefix("from ").partition(" import ")
        if not imported or " as " in imported or "(" in imported:
            yield line
        else:
            names.setdefault(module, set()).update(imported.split(", "))
    for module, wanted in names.items():
        yield _from(module, sorted(wanted, key=_in_order))


def _model(names: Iterable[str]) -> tuple[str, ...]:
    wanted = sorted(set(names), key=_in_order)
    return (_from("vbdaemon.model", wanted),) if wanted else ()


def _in_order(name: str) -> tuple[bool, bool, str]:
    """Constants, classes, functions: the order that import sorters keep."""
    return (not name.isupper(), not name[0].isupper(), name)


def _from(module: str, names: Sequence[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


_PLUGIN = '''\
"""@NAME@: say here in one line what it is for.

    [plugins]
    enabled = ["@NAME@"]

    [plugins.@NAME@]
    # keys of its own

What the keys mean stands in the class Settings.
"""

@imports@

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.@NAME@]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

@settings@


class @kind@:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

@methods@


def plugin(settings: Settings) -> @kind@:
    """What vbdaemon calls with the settings from `[plugins.@NAME@]`."""
    return @kind@(settings)
'''

_TEST = '''\
# ruff: noqa: D103 - a test's name is its sentence
"""@NAME@.py, loaded as the daemon loads it.

`vbdaemon plugin test @NAME@` runs these tests as well; so does `python -m pytest`.
"""

@imports@

FOLDER = Path(__file__).parents[1]
NAME = "@NAME@"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())
@ask@

@tests@
'''

_ASK = '''

def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value
'''
