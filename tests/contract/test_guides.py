"""plugins/README.md says what hookspecs.py says, and its examples are loaded and run."""

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vbdaemon import hookspecs
from vbdaemon.model import (
    Delivery,
    DeliveryKind,
    Destination,
    DocumentVerdict,
    Event,
    OutgoingFile,
    Verdict,
)
from vbdaemon.registry import ANSWERS, Registry
from vbdaemon.testing import (
    NOON,
    make_classification,
    make_content,
    make_document,
    make_file,
    make_signature,
    make_snapshot,
    make_submission,
)

HEADING = re.compile(r"^### `(\w+)\((.*)\) -> (.*)`$", re.MULTILINE)
BULLETS = ("- **When**", "- **Gets**", "- **Answers**", "- **An error**")


def specified() -> dict[str, tuple[list[str], str]]:
    """Argument names and result type of every hook, in the order of hookspecs.py."""
    tree = ast.parse(inspect.getsource(hookspecs))
    return {
        node.name: ([argument.arg for argument in node.args.args], ast.unparse(node.returns))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.returns is not None
    }


@pytest.fixture
def arguments(tmp_path: Path) -> dict[str, Any]:
    """One of everything that hooks are given."""
    file = make_file(folder=tmp_path)
    content = make_content(file, "ỦY BAN NHÂN DÂN", "Số: 15/PNV-TCCC")
    document = make_document(file, contents=(content,))
    classification, signature = make_classification(), make_signature(file)
    verdict = DocumentVerdict(
        file.name, file.sha256, (file.sha256,), classification, (signature,), (), Verdict.accept()
    )
    return {
        "file": file,
        "submission": make_submission(file),
        "contents": (content,),
        "document": document,
        "classification": classification,
        "signatures": (signature,),
        "findings": (),
        "verdict": Verdict.accept(),
        "verdicts": (verdict,),
        "delivery": Delivery(
            "20260302-0001-1", "20260302-0001", DeliveryKind.FORWARD, Destination("folder", "a/nhan"), "0001_a", NOON
        ),
        "files": (OutgoingFile(file.name, file.sha256, path=str(file.path)),),
        "event": Event(1, NOON, "decided", "20260302-0001", "ACCEPT"),
        "snapshot": make_snapshot(),
    }


def test_the_guide_has_every_hook_with_its_arguments_and_result_in_the_order_of_the_specs(plugin_guide):
    told = {name: (words.split(", "), result) for name, words, result in HEADING.findall(plugin_guide.text)}

    assert told == specified()
    assert list(told) == list(specified())


def test_every_hook_is_told_when_it_is_called_what_it_gets_and_answers_and_what_an_error_does(plugin_guide):
    sections = HEADING.split(plugin_guide.text)[1:]
    bodies = {sections[at]: sections[at + 3] for at in range(0, len(sections), 4)}
    incomplete = {name: [b for b in BULLETS if f"\n{b}" not in body] for name, body in bodies.items()}

    assert {name: missing for name, missing in incomplete.items() if missing} == {}


def test_the_guide_says_which_hooks_nothing_calls_yet(plugin_guide):
    sections = HEADING.split(plugin_guide.text)[1:]
    put_off = {sections[at] for at in range(0, len(sections), 4) if "**Not called yet**" in sections[at + 3]}
    package = Path(hookspecs.__file__).parent
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in package.rglob("*.py")
        if path.name not in {"hookspecs.py", "registry.py"} and path.parent.name != "builtin"
    )
    loader = (package / "registry.py").read_text(encoding="utf-8")

    assert put_off == {hook for hook in specified() if f'"{hook}"' not in source and f"hook.{hook}." not in loader}


def test_every_hook_has_an_example_that_implements_it(plugin_guide, example: Callable[..., Registry]):
    shown = {block.heading: block.name for block in plugin_guide.of("python")}
    for heading, (hook, _, _) in zip(
        HEADING.finditer(plugin_guide.text), HEADING.findall(plugin_guide.text), strict=True
    ):
        name = shown.get(heading[0])
        assert name, f"{hook} has no example"
        assert hook in example(name).plugins[0].hooks, f"the example {name} does not implement {hook}"


def test_every_example_answers_what_its_hooks_may_answer(plugin_guide, example, arguments):
    for name in plugin_guide.plugins():
        registry = example(name)
        for hook in registry.plugins[0].hooks:
            given = {key: arguments[key] for key in specified()[hook][0] if key != "settings"}
            if hook in ANSWERS:
                registry.all(hook, **given)
            elif hook == "track_event":
                assert list(registry.each(hook, **given)) == [None]


def test_the_test_that_the_guide_shows_passes(plugin_guide, example, tmp_path):
    (block,) = (block for block in plugin_guide.of("python") if block.name.startswith("test_"))
    example(block.name.removeprefix("test_"))
    namespace: dict[str, Any] = {"__file__": str(tmp_path / "plugins" / f"{block.name}.py")}
    exec(compile(block.body, "guide", "exec"), namespace)
    tests = [name for name in namespace if name.startswith("test_")]
    for name in tests:
        namespace[name]()

    assert len(tests) == 2


def test_every_ready_plugin_is_in_the_guide_and_has_a_test(plugin_guide):
    root = Path(__file__).parents[2]
    ready = {path.stem for path in (root / "plugins").glob("*.py")}
    section = plugin_guide.text.partition("## Ready plugins")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)\.py`", section, re.MULTILINE)) == ready
    assert ready == {path.stem.removeprefix("test_") for path in (root / "tests" / "plugins").glob("test_*.py")}


def test_the_links_inside_the_guide_lead_somewhere(plugin_guide):
    headings = re.findall(r"^## (.+)$", plugin_guide.text, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-").replace(",", "") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", plugin_guide.text)) <= anchors


def test_from_a_new_plugin_to_a_changed_verdict_it_takes_less_than_ten_commands(plugin_guide):
    """The walkthrough is followed to the letter by a test of its own."""
    shown = plugin_guide.text.partition("## From an empty file to a changed verdict")[2]
    from_new = shown[shown.index("$ vbdaemon plugin new") :]
    until_held = from_new[: from_new.index(": HOLD")]

    assert until_held.count("\n$ ") + 1 < 10
    assert "accepted" in shown[: shown.index("$ vbdaemon plugin new")]
