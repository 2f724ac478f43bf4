# ruff: noqa: D103 - a test's name is its sentence
"""judge_x.py, loaded as the daemon loads it.

`vbdaemon plugin test judge_x` runs these tests as well; so does `python -m pytest`.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from vbdaemon.model import VerdictKind, Waiver
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_classification, make_document, make_snapshot, make_submission

FOLDER = Path(__file__).parents[1]
NAME = "judge_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def test_a_listed_form_is_held_until_a_person_releases_it() -> None:
    document, submission = make_document(), make_submission()
    waiver = Waiver("judge-x", document.main.sha256, "Trần Thị Hoài Thu", "đã xem")
    table = {"held_forms": ["cong-van"]}
    given: dict[str, Any] = {
        "document": document,
        "classification": make_classification(),
        "signatures": (),
        "findings": (),
        "snapshot": make_snapshot(),
    }

    assert ask("judge", table, submission=submission, **given).kind is VerdictKind.HOLD
    assert ask("judge", table, submission=replace(submission, waivers=(waiver,)), **given) is None
    assert ask("judge", submission=submission, **given) is None
