# ruff: noqa: D103 - a test's name is its sentence
"""startup_x.py, loaded as the daemon loads it.

`vbdaemon plugin test startup_x` runs these tests as well; so does `python -m pytest`.
"""

from pathlib import Path

from vbdaemon.errors import PluginError
from vbdaemon.registry import Registry, load_registry

FOLDER = Path(__file__).parents[1]
NAME = "startup_x"


def load(**table: object) -> Registry:
    """The plugin alone, with this settings table."""
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=())


def test_the_daemon_starts_only_when_every_required_folder_is_there() -> None:
    assert load(required=[str(FOLDER)]).order("startup") == (NAME,)
    refusal = ""
    try:
        load(required=[str(FOLDER / "missing")])
    except PluginError as error:
        refusal = str(error)
    assert NAME in refusal
