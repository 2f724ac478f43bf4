# ruff: noqa: D103 - a test's name is its sentence
"""compose_notice_x.py, loaded as the daemon loads it.

`vbdaemon plugin test compose_notice_x` runs these tests as well; so does `python -m pytest`.
"""

from pathlib import Path
from typing import Any

from vbdaemon.model import DocumentVerdict, Verdict
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_classification, make_file, make_snapshot, make_submission

FOLDER = Path(__file__).parents[1]
NAME = "compose_notice_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def test_the_line_stands_below_the_notice() -> None:
    file = make_file()
    verdict = DocumentVerdict(file.name, file.sha256, (file.sha256,), make_classification(), (), (), Verdict.accept())
    given: dict[str, Any] = {"submission": make_submission(file), "verdicts": (verdict,), "snapshot": make_snapshot()}
    notice = ask("compose_notice", {"line": "Trực ban: 7 giờ 30 đến 17 giờ."}, **given)

    assert notice.text.rstrip().endswith("Trực ban: 7 giờ 30 đến 17 giờ.")
    assert "<p>Trực ban: 7 giờ 30 đến 17 giờ.</p>" in notice.html
    assert ask("compose_notice", **given) is None
