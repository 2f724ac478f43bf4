"""Every command is there under its name, and is loaded only when it is called."""

import subprocess
import sys

import pytest
import typer

from vbdaemon.cli.commands import ALONE, GROUPS, Commands
from vbdaemon.cli.main import app

HEAVY = ("typst", "pypdf", "pypdfium2", "pyhanko", "openpyxl", "sqlalchemy")


@pytest.mark.parametrize("name", [*ALONE, *GROUPS])
def test_a_command_has_the_name_by_which_it_is_called(name):
    group = typer.main.get_command(app)
    assert isinstance(group, Commands)
    command = group.get_command(None, name)
    assert command.name == name
    assert command.get_short_help_str()


def test_a_word_that_is_no_command_is_none():
    assert typer.main.get_command(app).get_command(None, "nosuch") is None


def test_the_program_itself_loads_nothing_heavy():
    code = f"import vbdaemon.cli.main, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"
