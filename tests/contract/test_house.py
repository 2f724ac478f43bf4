"""What holds for every module of the house, and import-linter cannot say."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import vbdaemon
from vbdaemon.rules.loader import load_policy

ROOT = Path(__file__).parents[2]
PACKAGE = Path(vbdaemon.__file__).parent
MODULES = {str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}
MOST_LINES = 300
BROAD = {
    "registry.py:_call": "a plugin call",
    "plugin_file.py:load_site_plugin": "a plugin is built",
    "plugin_file.py:_import": "a plugin is imported",
    "pipeline/pool.py:_mind": "one attempt, in the parent",
    "pipeline/worker.py:_run": "one attempt, in the worker",
    "state/writer.py:_apply": "one change among those that share a commit",
    "intake/folder_lane.py:_guarded": "the intake loop",
    "intake/imap/account.py:_guarded": "the loop of a mailbox",
    "reading/edge.py:guarded": "parsers of hostile files",
    "signature/attempt.py:attempt": "parsers of hostile signatures",
}
"""Where anything at all may be caught: each records it, and the loop lives."""
ON_THE_MAIN_PATH = {
    "pluggy": "registry.py",
    "watchdog": "intake/folder_watch.py",
    "pyhanko": "signature/validation.py",
    "pypdf": "reading/pdf_structure.py",
    "structlog": "logs.py",
    "imapclient": "intake/imap/client.py",
    "aiosmtpd": "intake/smtp/session.py",
}
"""The libraries that the product was asked to stand on, and where each does its work."""
AT_IMPORT = {
    "__init__.py: try": "the version of the installed package",
    "__main__.py: ": "python -m vbdaemon",
    "pipeline/preload.py: ": "this is what it is for",
    "state/migrations/env.py: ": "Alembic runs it",
    ": Index(": "indexes are part of the tables",
    ".add_typer(": "commands are put together",
    ".register(app)": "commands are put together",
}
"""What may happen when a module is imported, and why."""
UNSAID = {
    "malware": "for a plugin that scans",
    "quarantined-by-person": "for a notice about a person's act",
    "held-by-person": "for a page about a person's act",
    "format-": "for the check of formats",
}
"""Codes of the policy, or their beginnings, that no module of ours emits, and why they are there."""


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def is_broad(handler: ast.ExceptHandler) -> bool:
    caught = [handler.type] if handler.type is None else ast.walk(handler.type)
    return any(
        node is None or (isinstance(node, ast.Name) and node.id in ("Exception", "BaseException")) for node in caught
    )


def test_anything_at_all_is_caught_only_at_the_edges():
    found = {
        f"{name}:{function.name}"
        for name, tree in TREES.items()
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler) and is_broad(node)
    }
    assert found == set(BROAD)


def test_every_module_can_be_read_in_one_sitting_and_is_finished():
    texts = {name: path.read_text("utf-8") for name, path in MODULES.items()}
    assert [name for name, text in texts.items() if len(text.splitlines()) > MOST_LINES] == []
    assert [name for name, text in texts.items() if "TODO" in text or "FIXME" in text] == []


def test_every_module_says_what_it_is_for():
    assert [name for name, tree in TREES.items() if tree.body and not ast.get_docstring(tree)] == []


def enums() -> Iterator[tuple[str, ast.ClassDef]]:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
                yield f"{name}:{node.name}", node


def silent(node: ast.ClassDef) -> Iterator[str]:
    """Members that no line of meaning follows."""
    for member, after in pairwise([*node.body, ast.Pass()]):
        said = (
            isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
        )
        if isinstance(member, ast.Assign) and not said:
            yield ast.unparse(member)


def test_every_member_of_an_enumeration_says_what_it_means():
    assert len(list(enums())) > 20
    assert [f"{name}: {member}" for name, node in enums() for member in silent(node)] == []


@pytest.mark.parametrize(("library", "module"), ON_THE_MAIN_PATH.items())
def test_a_library_that_was_asked_for_does_its_work(library, module):
    assert any(name.split(".")[0] == library for name in imports(TREES[module]))


def test_no_module_starts_work_when_it_is_imported():
    """Assignments, definitions, imports; statements that do something are the exceptions below."""
    doing = (ast.For, ast.While, ast.With, ast.Try)
    busy = [
        f"{name}: {ast.unparse(node)}"
        for name, tree in TREES.items()
        for node in tree.body
        if isinstance(node, doing) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    ]
    assert [each for each in busy if not any(allowed in each for allowed in AT_IMPORT)] == []


def test_the_site_that_init_writes_is_the_one_in_the_checkout():
    shipped = {path.name: path.read_bytes() for path in (PACKAGE / "site").glob("*.toml")}
    assert shipped
    assert shipped == {path.name: path.read_bytes() for path in (ROOT / "config").glob("*.toml")}


def codes_in(node: ast.expr) -> Iterator[str]:
    """Constants that an argument can be: itself, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from codes_in(node.body)
        yield from codes_in(node.orelse)


def emitted() -> set[str]:
    found: set[str] = set()
    for tree in TREES.values():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and call.args:
                called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                if called in ("finding", "Doubt"):
                    found.update(codes_in(call.args[0]))
    return found


def test_every_finding_that_the_code_makes_is_in_the_policy():
    assert emitted()
    assert emitted() - set(load_policy().by_code) == set()


def test_every_code_of_the_policy_is_made_by_the_code_or_waits_for_a_stated_reason():
    words = {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    silent = {code for code in load_policy().by_code if code not in words}
    assert [code for code in silent if not code.startswith(tuple(UNSAID))] == []
    assert [code for code in UNSAID if not any(each.startswith(code) for each in silent)] == []


def test_nothing_is_printed_past_the_log():
    printing = [
        f"{name}: {ast.unparse(call)}"
        for name, tree in TREES.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert [each for each in printing if not each.startswith(("cli/", "demo/"))] == []
