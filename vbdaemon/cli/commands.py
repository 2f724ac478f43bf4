"""The commands by name; each module is imported when its command is called: a listing need not load typesetting."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

ALONE: Mapping[str, str] = MappingProxyType(
    {
        "init": "init",
        "demo": "demo",
        "run": "run",
        "reload": "reload",
        "check": "check",
        "inspect": "inspect",
        "list": "listing",
        "show": "show",
        "hold": "act",
        "release": "act",
        "reject": "act",
        "retry": "act",
        "quarantine": "act",
        "correct": "correct",
        "assign": "assign",
        "recall": "recall",
        "resend": "resend",
        "print": "print_copy",
        "format": "format",
        "status": "status",
        "backup": "backup",
        "restore": "backup",
        "migrate": "migrate",
        "fsck": "fsck",
        "accuracy": "accuracy",
        "replay": "replay",
    }
)
"""Module of each command; it has `register(app)`."""
GROUPS = ("alarms", "notice", "paper", "plugin", "register", "report", "retention", "trust", "units")
"""Commands with commands of their own; the module has `app`."""


class Commands(TyperGroup):
    """All commands, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, as `--help` lists them."""
        del ctx
        return [*ALONE, *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, or None."""
        del ctx
        return _load(cmd_name)


@cache
def _load(name: str) -> Any:
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(_nothing)  # a single command is a command of a group all the same
    if name in GROUPS:
        app.add_typer(import_module(f"vbdaemon.cli.{name}").app, name=name)
    elif name in ALONE:
        import_module(f"vbdaemon.cli.{ALONE[name]}").register(app)
    return get_group(app).commands.get(name)


def _nothing() -> None:
    """Nothing stands before a command of a group."""
