"""Takes a plugin in: its name, its hooks and their arguments are checked; what does not fit is said in one line."""

from collections.abc import Mapping, Sequence
from typing import Any

import pluggy

from vbdaemon.errors import PluginError


def require_names(enabled: Sequence[str], tables: Mapping[str, Mapping[str, Any]], builtins: Sequence[str]) -> None:
    """Each name once, none of a built-in, and a table only where a plugin runs; else PluginError."""
    taken = {dotted.rpartition(".")[2] for dotted in builtins}
    for name in enabled:
        if name in taken:
            raise PluginError(f"plugin {name!r}: a built-in has this name; rename the file")
        if list(enabled).count(name) > 1:
            raise PluginError(f"plugin {name!r} stands twice in [plugins] enabled; take one out")
    for name in tables:
        if name not in enabled:
            raise PluginError(f"[plugins.{name}] has settings, but {name!r} is not in [plugins] enabled; add it there")


def register(manager: pluggy.PluginManager, name: str, implementation: object) -> tuple[str, ...]:
    """Take it in; its hooks, by name. PluginError for what the contract does not know."""
    try:
        manager.register(implementation, name=name)
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        words = " ".join(str(error).split())
        raise PluginError(f"plugin {name!r}: {words}; see plugins/README.md for the hooks there are") from error
    callers = manager.get_hookcallers(implementation) or []
    if not callers:
        raise PluginError(f"plugin {name!r}: no hook in it; mark its functions with @hookimpl, see plugins/README.md")
    for caller in callers:
        _require_plain(name, caller)
    return tuple(sorted(caller.name for caller in callers))


def _require_plain(name: str, caller: pluggy.HookCaller) -> None:
    if not caller.has_spec():  # pluggy passes over what is marked as optional
        raise PluginError(f"plugin {name!r}: there is no hook {caller.name!r}; see plugins/README.md for those")
    for found in caller.get_hookimpls():
        odd = found.hookwrapper or found.wrapper or found.tryfirst or found.trylast
        if found.plugin_name == name and odd:
            raise PluginError(
                f"plugin {name!r}, hook {caller.name!r}: wrappers, tryfirst and trylast are not taken; "
                "order is the order of [plugins] enabled"
            )
