# ruff: noqa: D103 - a test's name is its sentence
"""read_x.py, loaded as the daemon loads it.

`vbdaemon plugin test read_x` runs these tests as well; so does `python -m pytest`.
"""

import tempfile
from pathlib import Path
from typing import Any

from vbdaemon.model import ProblemKind
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_file, make_snapshot

FOLDER = Path(__file__).parents[1]
NAME = "read_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def test_its_lines_are_read_and_a_file_over_the_limit_is_a_problem() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = make_file("so.log", b"one\n\ntwo\n", folder=Path(folder))
        content = ask("read", file=file, snapshot=make_snapshot())
        refused = ask("read", {"limit_bytes": 4}, file=file, snapshot=make_snapshot())

    assert [line.text for line in content.pages[0].lines] == ["one", "two"]
    assert refused.has(ProblemKind.OVER_LIMIT)


def test_other_kinds_are_left_to_others() -> None:
    assert ask("read", file=make_file(), snapshot=make_snapshot()) is None
