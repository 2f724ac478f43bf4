# ruff: noqa: D103 - a test's name is its sentence
"""verify_x.py, loaded as the daemon loads it.

`vbdaemon plugin test verify_x` runs these tests as well; so does `python -m pytest`.
"""

from pathlib import Path
from typing import Any

from vbdaemon.model import SignatureStatus
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import make_classification, make_document, make_file, make_snapshot

FOLDER = Path(__file__).parents[1]
NAME = "verify_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def test_a_signature_that_nobody_can_verify_is_indeterminate() -> None:
    document = make_document(annexes=(make_file("a.pdf.sig", b"sig"), make_file("b.pdf", b"b")))
    given: dict[str, Any] = {"document": document, "classification": make_classification(), "snapshot": make_snapshot()}
    reports = ask("verify", {"signature_suffixes": [".sig"]}, **given)

    assert [(each.file_name, each.status) for each in reports] == [("a.pdf.sig", SignatureStatus.INDETERMINATE)]
    assert ask("verify", **given) == ()
