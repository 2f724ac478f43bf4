# ruff: noqa: D103 - a test's name is its sentence
"""deliver_x.py, loaded as the daemon loads it.

`vbdaemon plugin test deliver_x` runs these tests as well; so does `python -m pytest`.
"""

import tempfile
from pathlib import Path
from typing import Any

from vbdaemon.model import Delivery, DeliveryKind, Destination, OutcomeKind, OutgoingFile
from vbdaemon.registry import Registry, load_registry
from vbdaemon.testing import NOON, make_snapshot

FOLDER = Path(__file__).parents[1]
NAME = "deliver_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def ask(hook: str, table: dict[str, object] | None = None, /, **arguments: Any) -> Any:
    """What it answers; None = it leaves the answer to others."""
    answer = load(**(table or {})).first(hook, **arguments)
    return None if answer is None else answer.value


def test_a_delivery_is_whole_and_the_second_time_harmless() -> None:
    place = Destination("deliver-x", "x")
    delivery = Delivery("id-1", "id", DeliveryKind.FORWARD, place, "0001_15-PNV", NOON)
    given: dict[str, Any] = {"delivery": delivery, "files": (OutgoingFile("a.pdf", "0" * 64, body=b"%PDF"),)}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            outcome = ask("deliver", {"target": folder}, **given, snapshot=make_snapshot())
            assert outcome.kind is OutcomeKind.DELIVERED
        lying = [path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file()]

    assert lying == ["0001_15-PNV_id-1/01.pdf"]
