"""Loads, orders, checks and calls plugins, and names the culprit when one breaks.

Plain pluggy drops the remaining plugins at the first exception and does not say whose it was, so the
implementations are walked here, one by one. Order is configuration: enabled site plugins first, top first,
then the built-ins in the order of `BUILTINS`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pluggy

from vbdaemon import hookspecs
from vbdaemon.errors import PluginError, PluginFailed
from vbdaemon.model import (
    Classification,
    Content,
    Destination,
    Document,
    Finding,
    Notice,
    Outcome,
    Part,
    SignatureReport,
    Verdict,
)
from vbdaemon.plugin_file import import_builtin, load_site_plugin
from vbdaemon.registration import register, require_names

BUILTINS = (
    "vbdaemon.builtin.unpack",
    "vbdaemon.builtin.read",
    "vbdaemon.builtin.group",
    "vbdaemon.builtin.classify",
    "vbdaemon.builtin.verify",
    "vbdaemon.builtin.contents",
    "vbdaemon.builtin.format_check",
    "vbdaemon.builtin.companion",
    "vbdaemon.builtin.validity",
    "vbdaemon.builtin.signature_policy",
    "vbdaemon.builtin.side_signatures",
    "vbdaemon.builtin.sender",
    "vbdaemon.builtin.recipient",
    "vbdaemon.builtin.absence",
    "vbdaemon.builtin.judge",
    "vbdaemon.builtin.route",
    "vbdaemon.builtin.notice",
    "vbdaemon.builtin.deliver_folder",
    "vbdaemon.builtin.deliver_smtp",
)

BUILT_IN = "built-in"
"""Version of what ships with us."""
ANSWERS: Mapping[str, tuple[type, bool]] = {
    "unpack": (Part, True),
    "read": (Content, False),
    "group": (Document, True),
    "classify": (Classification, False),
    "verify": (SignatureReport, True),
    "check": (Finding, True),
    "judge": (Verdict, False),
    "route": (Destination, True),
    "compose_notice": (Notice, False),
    "deliver": (Outcome, False),
}
"""What a hook may answer besides None: the type, and whether it is a tuple of them."""


class Watch:
    """Is told which plugin is at work; the worker's own shows it to the parent, which enforces the deadline."""

    def enter(self, plugin: str, hook: str) -> None:
        """A call begins."""

    def leave(self, *, failed: bool = False) -> None:
        """The call ended; `failed` when it raised, or answered what its hook does not take."""

    def alone(self) -> bool:
        """False when a process that was started meanwhile still runs."""
        return True

    def unfit(self, value: object) -> str:
        """Why what a plugin answered cannot be passed on; "" when it can."""
        del value
        return ""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A loaded plugin."""

    name: str
    version: str
    builtin: bool
    hooks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a plugin answered."""

    plugin: str
    value: Any


class Registry:
    """Plugins in order. Calls raise PluginFailed, which names plugin and hook."""

    def __init__(self, manager: pluggy.PluginManager, plugins: Sequence[Plugin], watch: Watch) -> None:
        self._manager = manager
        self.plugins = tuple(plugins)
        self._watch = watch
        self._versions = {plugin.name: plugin.version for plugin in plugins}

    def order(self, hook: str) -> tuple[str, ...]:
        """Names of the plugins that implement a hook, first called first."""
        return tuple(implementation.plugin_name for implementation in self._implementations(hook))

    def version(self, plugin: str) -> str:
        """The plugin's version as stored with its answers."""
        return self._versions[plugin]

    def first(self, hook: str, **arguments: Any) -> Answer | None:
        """The first answer that is not None."""
        return next(self._answers(hook, arguments), None)

    def all(self, hook: str, **arguments: Any) -> list[Answer]:
        """Every answer that is not None, in order."""
        return list(self._answers(hook, arguments))

    def each(self, hook: str, **arguments: Any) -> Iterator[PluginFailed | None]:
        """Calls each implementation, isolated: a failure is yielded, the others are still called."""
        for implementation in self._implementations(hook):
            try:
                self._call(implementation, hook, arguments)
            except PluginFailed as failure:
                yield failure
            else:
                yield None

    def ask(self, plugin: str, hook: str, **arguments: Any) -> Any:
        """The answer of this plugin alone, None included; LookupError when it does not implement the hook."""
        for implementation in self._implementations(hook):
            if implementation.plugin_name == plugin:
                return self._call(implementation, hook, arguments)
        raise LookupError(f"plugin {plugin!r} does not implement hook {hook!r}")

    def start(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        """Call `startup` of all, each with its own table; PluginError names the one that breaks."""
        for plugin in self.order("startup"):
            try:
                self.ask(plugin, "startup", settings=dict(tables.get(plugin, {})))
            except PluginFailed as failure:
                own = " ".join(str(failure.__cause__ or "").split())  # no document is near: its words may be told
                words = f"{failure}: {own}" if own else str(failure)
                raise PluginError(f"{words}; mend [plugins.{plugin}] or take it out of enabled") from failure

    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        return list(reversed(caller.get_hookimpls()))

    def _answers(self, hook: str, arguments: Mapping[str, Any]) -> Iterator[Answer]:
        for implementation in self._implementations(hook):
            value = self._call(implementation, hook, arguments)
            if value is not None:
                yield Answer(implementation.plugin_name, value)

    def _call(self, implementation: pluggy.HookImpl, hook: str, arguments: Mapping[str, Any]) -> Any:
        name = implementation.plugin_name
        self._watch.enter(name, hook)
        well, unfit = False, ""
        try:
            value = implementation.function(*(arguments[argument] for argument in implementation.argnames))
            # a built-in may have begun to read a page that nobody asks for any more
            ours = self._versions[name] == BUILT_IN
            alone = ours or self._watch.alone()
            fits = value is None or _fits(hook, value)
            unfit = self._watch.unfit(value) if fits and not ours else ""
            well = alone and fits and not unfit
        except BaseException as error:  # a plugin may raise anything: one attempt, a named culprit
            raise PluginFailed(name, hook, f"{type(error).__name__}{_place(error)}") from error
        finally:
            self._watch.leave(failed=not well)
        if not alone:
            raise PluginFailed(name, hook, "left a process running")
        if unfit:
            raise PluginFailed(name, hook, f"answered what cannot be passed on: {unfit}")
        if not well:
            raise PluginFailed(name, hook, f"answered {type(value).__name__}, which this hook does not take")
        return value


def load_registry(
    folder: Path | None,
    enabled: Sequence[str],
    tables: Mapping[str, Mapping[str, Any]],
    watch: Watch | None = None,
    builtins: Sequence[str] = BUILTINS,
    bodies: Mapping[str, bytes] | None = None,
) -> Registry:
    """Every enabled plugin and the built-ins, checked; PluginError names file, hook and remedy.

    `bodies` are plugin files as they were read before, by name; the others are loaded as they are now.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    loaded: list[tuple[str, str, bool, object]] = []
    require_names(enabled, tables, builtins)
    for name in enabled:
        site = load_site_plugin(folder, name, tables.get(name, {}), (bodies or {}).get(name))
        loaded.append((name, site.version, False, site.implementation))
    loaded += [(dotted.rpartition(".")[2], BUILT_IN, True, import_builtin(dotted)) for dotted in builtins]
    # pluggy calls the last registered first
    plugins = [
        Plugin(name, version, builtin, register(manager, name, implementation))
        for name, version, builtin, implementation in reversed(loaded)
    ]
    registry = Registry(manager, plugins[::-1], watch or Watch())
    registry.start(tables)
    return registry


def _fits(hook: str, value: object) -> bool:
    if hook not in ANSWERS:
        return False
    kind, many = ANSWERS[hook]
    # Exactly these types: a class of the plugin's own is unknown outside its worker.
    if many:
        return type(value) is tuple and all(type(element) is kind for element in value)
    return type(value) is kind


def _place(error: BaseException) -> str:
    """File and line where it was raised, for the plugin's author; never its words, which may quote a document."""
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
