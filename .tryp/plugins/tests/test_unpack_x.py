# ruff: noqa: D103 - a test's name is its sentence
"""unpack_x.py, loaded as the daemon loads it.

`vbdaemon plugin test unpack_x` runs these tests as well; so does `python -m pytest`.
"""

import gzip
import tempfile
from pathlib import Path
from typing import Any

from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_file, make_snapshot, make_submission

FOLDER = Path(__file__).parents[1]
NAME = "unpack_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def test_the_file_inside_a_container_comes_out() -> None:
    with tempfile.TemporaryDirectory() as folder:
        body = gzip.compress(b"%PDF-1.7")
        packed = make_file("a.pdf.gz", body, folder=Path(folder), media_type="application/gzip")
        answer = ask("unpack", file=packed, submission=make_submission(packed), snapshot=make_snapshot())

    assert [(part.name, part.body) for part in answer] == [("a.pdf", b"%PDF-1.7")]


def test_any_other_file_is_left_to_others() -> None:
    assert ask("unpack", file=make_file(), submission=make_submission(), snapshot=make_snapshot()) is None
