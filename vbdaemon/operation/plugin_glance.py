"""A plugin's file at a glance: version and hooks read from its text, nothing of it run."""

import ast
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Glance:
    """What the text of a plugin says of itself."""

    version: str
    hooks: tuple[str, ...]
    mistake: str = ""
    """Why the file could not be read; empty when it could."""


def glance_at(file: Path) -> Glance:
    """Version and hooks; a file that is no Python has a mistake, with its line."""
    try:
        tree = ast.parse(file.read_bytes(), file.name)
    except SyntaxError as error:
        return Glance("?", (), f"SyntaxError at {file.name}:{error.lineno}")
    except (OSError, ValueError) as error:
        return Glance("?", (), f"{file.name}: {error}")
    hooks = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and any(_is_hookimpl(each) for each in node.decorator_list)
    }
    return Glance(_version(tree), tuple(sorted(hooks)))


def _is_hookimpl(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    return getattr(called, "id", getattr(called, "attr", "")) == "hookimpl"


def _version(tree: ast.Module) -> str:
    for node in tree.body:
        named = isinstance(node, ast.Assign) and any(ast.unparse(each) == "__version__" for each in node.targets)
        if named and isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            return str(node.value.value)
    return "0"
