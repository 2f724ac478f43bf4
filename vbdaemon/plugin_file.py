"""Finds a plugin: one file in the site's folder, or an installed package; nothing is imported by accident."""

import hashlib
import importlib
import importlib.util
import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from pydantic import BaseModel, ValidationError

from vbdaemon.errors import PluginError

ENTRY_POINTS = "vbdaemon"


@dataclass(frozen=True, slots=True)
class SitePlugin:
    """A plugin of the site: the object whose functions are hooks, and its version."""

    implementation: object
    version: str


def import_builtin(dotted: str) -> ModuleType:
    """A built-in module; it ships with us, so a failure is ours."""
    return importlib.import_module(dotted)


class _Read(SourceFileLoader):
    """Loads bytes that were read before, whatever lies at the path now, and never a compiled copy of former ones."""

    def __init__(self, name: str, file: Path, body: bytes) -> None:
        super().__init__(name, str(file))
        self._body = body

    def get_code(self, fullname: str) -> CodeType:
        """Compiled anew."""
        del fullname
        code: CodeType = self.source_to_code(self._body, self.path)
        return code


def load_site_plugin(folder: Path | None, name: str, table: Mapping[str, Any], body: bytes | None = None) -> SitePlugin:
    """The plugin of that name with its settings table applied; PluginError names file and remedy.

    `body` is its file as it was read before (`bodies_in`); None = as it is now.
    """
    module = _import(folder, name, body)
    version = str(getattr(module, "__version__", "0"))
    factory = getattr(module, "plugin", None)
    if factory is None:
        if table and not hasattr(module, "startup"):
            raise PluginError(f"plugin {name!r} takes no settings, but [plugins.{name}] is there; take it out")
        return SitePlugin(module, version)
    settings = _settings(module, name, table)
    try:
        return SitePlugin(factory(settings), version)
    except (Exception, SystemExit) as error:  # the plugin's own code
        raise PluginError(f"plugin {name!r}: plugin(settings) raised {_in_one_line(error)}") from error


def found_in(folder: Path | None) -> tuple[str, ...]:
    """Names of the plugin files in the folder, whether enabled or not."""
    if folder is None or not folder.is_dir():
        return ()
    return tuple(sorted(p.stem for p in folder.glob("*.py") if not p.name.startswith(("_", "test_"))))


def bodies_in(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The files of these plugins, to be loaded later however they change; what cannot be read is told at loading."""
    found = {}
    for name in names:
        with suppress(OSError):
            found[name] = (folder / f"{name}.py").read_bytes()
    return found


def _import(folder: Path | None, name: str, body: bytes | None) -> ModuleType:
    file = folder / f"{name}.py" if folder is not None and name.isidentifier() else None
    try:
        if file is not None and (body is not None or file.is_file()):
            return _import_file(file, name, file.read_bytes() if body is None else body)
        return _import_entry_point(folder, name)
    except PluginError:
        raise
    except (Exception, SystemExit) as error:  # the plugin's own code runs when it is imported
        where = file if file is not None and file.is_file() else "its package"
        raise PluginError(
            f"plugin {name!r}: {where} cannot be imported: {_in_one_line(error)}; "
            "mend it or take it out of [plugins] enabled"
        ) from error


def _in_one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _import_file(file: Path, name: str, body: bytes) -> ModuleType:
    qualified = f"vbdaemon_site_plugin_{name}"
    spec = importlib.util.spec_from_file_location(qualified, file, loader=_Read(qualified, file, body))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[qualified] = module  # so that its classes can be pickled and its dataclasses resolved
    spec.loader.exec_module(module)
    return module


def _import_entry_point(folder: Path | None, name: str) -> ModuleType:
    matching: list[EntryPoint] = [e for e in entry_points(group=ENTRY_POINTS) if e.name == name]
    if not matching:
        raise PluginError(
            f"plugin {name!r} is enabled, but {folder or 'the plugin folder'} has no {name}.py and no installed "
            "package offers it; put the file there or take the name out of [plugins] enabled"
        )
    module = matching[0].load()
    assert isinstance(module, ModuleType)
    return module


def _settings(module: ModuleType, name: str, table: Mapping[str, Any]) -> object:
    model = getattr(module, "Settings", None)
    if model is None:
        return dict(table)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise PluginError(f"plugin {name!r}: Settings must be a pydantic model")
    try:
        return model.model_validate(dict(table))
    except ValidationError as error:
        lines = "; ".join(
            f"plugins.{name}.{'.'.join(str(part) for part in mistake['loc'])}: {mistake['msg']}"
            for mistake in error.errors(include_url=False, include_context=False)
        )
        raise PluginError(f"plugin {name!r}: {lines}") from error


def mark_of(name: str, body: bytes | None, table: Mapping[str, Any]) -> str:
    """SHA-256 of a plugin's code (of a package: its version) and settings; nothing of it is run. Empty: not there."""
    code = _package(name) if body is None else body
    settings = json.dumps(table, sort_keys=True, default=str)
    return hashlib.sha256(code + b"\0" + settings.encode()).hexdigest() if code else ""


def _package(name: str) -> bytes:
    """What tells one version of an installed plugin from another."""
    found = next((point for point in entry_points(group=ENTRY_POINTS) if point.name == name), None)
    if found is None:
        return b""
    version = found.dist.version if found.dist is not None else ""
    return f"{found.value} {version}".encode()
