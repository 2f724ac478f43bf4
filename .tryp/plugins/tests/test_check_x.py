# ruff: noqa: D103 - a test's name is its sentence
"""check_x.py, loaded as the daemon loads it.

`vbdaemon plugin test check_x` runs these tests as well; so does `python -m pytest`.
"""

from pathlib import Path
from typing import Any

from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_classification, make_document, make_snapshot, make_submission

FOLDER = Path(__file__).parents[1]
NAME = "check_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def codes(subject: str) -> list[str]:
    """Codes of what is found in a document with this subject."""
    answer = ask(
        "check",
        {"words": ["điều động"]},
        submission=make_submission(),
        document=make_document(),
        classification=make_classification(subject=subject),
        signatures=(),
        snapshot=make_snapshot(),
    )
    return [finding.code for finding in answer]


def test_a_subject_with_a_listed_word_is_found() -> None:
    assert codes("Điều động cán bộ") == ["check-x"]


def test_other_subjects_are_not() -> None:
    assert codes("rà soát đội ngũ cán bộ") == []
