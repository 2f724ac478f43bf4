# ruff: noqa: D103 - a test's name is its sentence
"""classify_x.py, loaded as the daemon loads it.

`vbdaemon plugin test classify_x` runs these tests as well; so does `python -m pytest`.
"""

from pathlib import Path
from typing import Any

from vbdaemon.model import Document
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_content, make_document, make_file, make_snapshot, make_submission

FOLDER = Path(__file__).parents[1]
NAME = "classify_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def written(*lines: str) -> Document:
    """A document with these lines on its first page."""
    file = make_file()
    return make_document(file, contents=(make_content(file, *lines),))


def test_the_form_of_the_site_is_told_by_its_name() -> None:
    given: dict[str, Any] = {"submission": make_submission(), "snapshot": make_snapshot()}
    document = written("ỦY BAN NHÂN DÂN HUYỆN SÔNG LAM", "PHIẾU TRÌNH", "Kính gửi: Phòng Nội vụ")
    answer = ask("classify", {"form_name": "Phiếu trình"}, document=document, **given)

    assert answer.form_name == "Phiếu trình"
    assert ask("classify", {"form_name": "Phiếu trình"}, document=written("CÔNG VĂN"), **given) is None
