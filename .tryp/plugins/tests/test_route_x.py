# ruff: noqa: D103 - a test's name is its sentence
"""route_x.py, loaded as the daemon loads it.

`vbdaemon plugin test route_x` runs these tests as well; so does `python -m pytest`.
"""

from pathlib import Path
from typing import Any

from vbdaemon.model import Destination, Verdict
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_classification, make_document, make_snapshot, make_submission, make_unit

FOLDER = Path(__file__).parents[1]
NAME = "route_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def test_a_listed_form_goes_to_the_unit_as_well() -> None:
    given: dict[str, Any] = {
        "submission": make_submission(),
        "document": make_document(),
        "classification": make_classification("bao-cao"),
        "verdict": Verdict.accept(),
        "snapshot": make_snapshot(make_unit("H99.01", folder="ubnd-huyen")),
    }

    places = ask("route", {"forms": ["bao-cao"], "unit": "H99.01"}, **given)
    assert places == (Destination("folder", "ubnd-huyen/nhan", "H99.01"),)
    assert ask("route", **given) == ()
