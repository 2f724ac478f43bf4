"""The guides for operators name commands and folders that there are."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from vbdaemon.claim import Ownership
from vbdaemon.cli.main import app
from vbdaemon.config import Settings
from vbdaemon.spool.store import Spool

ROOT = Path(__file__).parents[2]
GUIDES = ("plugins", "config", "spool", "systemd")
SPAN = re.compile(r"`(vbdaemon [^`\n]+)`")
FENCE = re.compile(r"^```(?:sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"[A-Z]+(?:/[A-Z]+)?|…")


def text_of(guide: str) -> str:
    return (ROOT / guide / "README.md").read_text(encoding="utf-8")


def told(guide: str) -> list[str]:
    """Every command line that begins with the program's name."""
    text = text_of(guide)
    blocks = "\n".join(FENCE.findall(text)).replace("\\\n", " ")
    lines = [line.removeprefix("$ ") for line in blocks.splitlines()]
    return SPAN.findall(text) + [line for line in lines if line.startswith("vbdaemon ")]


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_that_a_guide_names_is_there_with_its_options(guide: str):
    wrong = [line for line in told(guide) if not known(line)]

    assert told(guide)
    assert wrong == []


def known(line: str) -> bool:
    """True when the program has that command, and every option that the line gives."""
    words = shlex.split(line.replace("…", '""'), comments=True)[1:]
    command = get_command(app)
    options = set(command_options(command))
    while words:
        word = words.pop(0)
        find = getattr(command, "get_command", None)
        if word.startswith("--"):
            if word not in options:
                return False
            if word == "--config":
                words.pop(0)
        elif find is not None:
            command = find(None, word)
            if command is None:
                return False
            options |= set(command_options(command))
        elif PLACES.fullmatch(word):
            continue
    return True


def command_options(command: "typer.core.TyperCommand | typer.core.TyperGroup") -> list[str]:
    return [name for parameter in command.params for name in parameter.opts] + ["--help"]


def test_a_command_or_an_option_that_is_not_there_is_found():
    assert known("vbdaemon --config x.toml list --state HELD")
    assert not known("vbdaemon lists")
    assert not known("vbdaemon plugin enables x")
    assert not known("vbdaemon list --colour x")


def test_the_spools_guide_names_everything_that_the_spool_holds(tmp_path):
    spool = Spool(tmp_path)
    spool.prepare()
    owner = Ownership(tmp_path)
    owner.take()
    owner.release()
    table = re.findall(r"^\| `([\w.]+)", text_of("spool"), re.MULTILINE)

    assert sorted(table) == sorted([*(path.name for path in tmp_path.iterdir()), Path(Settings().state.url).name])
