# ruff: noqa: D103 - a test's name is its sentence
"""group_x.py, loaded as the daemon loads it.

`vbdaemon plugin test group_x` runs these tests as well; so does `python -m pytest`.
"""

from pathlib import Path
from typing import Any

from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_file, make_snapshot, make_submission

FOLDER = Path(__file__).parents[1]
NAME = "group_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def test_every_pdf_of_a_named_source_is_a_document() -> None:
    submission = make_submission(make_file("1.pdf"), make_file("2.pdf", b"2"), source="scanner")
    answer = ask("group", {"sources": ["scanner"]}, submission=submission, contents=(), snapshot=make_snapshot())

    assert [document.main.name for document in answer] == ["1.pdf", "2.pdf"]


def test_other_sources_are_left_to_others() -> None:
    assert ask("group", submission=make_submission(), contents=(), snapshot=make_snapshot()) is None
