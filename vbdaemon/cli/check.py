"""`vbdaemon check`: settings, plugins, trust, folders; each problem with its remedy."""

import json
import os
from dataclasses import asdict
from itertools import chain
from typing import Annotated

import typer

from vbdaemon.cli.site import Site
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import PluginError
from vbdaemon.operation import checkup, checkup_duty, checkup_notices
from vbdaemon.operation.checkup import Problem, Weight
from vbdaemon.operation.trust_review import review
from vbdaemon.registry import load_registry
from vbdaemon.snapshot import build_snapshot


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Look at everything before the daemon does; exit 1 when something keeps it from its job."""
    from vbdaemon.signature.trust import TrustStore  # noqa: PLC0415 - pyHanko takes its time to load

    site: Site = context.obj
    settings = site.settings()
    snapshot = build_snapshot(settings)
    problems = list(
        chain(
            _plugins(settings),
            checkup_notices.check_office(settings),
            checkup.check_units(snapshot),
            checkup_notices.check_templates(snapshot),
            checkup_notices.check_seal(snapshot, system_clock(), os.environ),
            checkup.check_folders(settings, snapshot),
            checkup.check_listener(settings, snapshot),
            checkup.check_mail_out(settings, snapshot),
            checkup.check_mailboxes(settings, os.environ),
            checkup.check_state(settings),
            checkup_duty.check_holidays(settings, snapshot, system_clock().astimezone(VIETNAM).date()),
            checkup_duty.check_alarms(settings, snapshot),
            review(TrustStore.load(settings.path(settings.trust.folder)), system_clock()),
            checkup.check_tools(),
        )
    )
    if as_json:
        typer.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False))
    else:
        for problem in problems:
            typer.echo(f"{problem.weight}: {problem.what}\n    remedy: {problem.remedy}")
        wrong = sum(problem.weight is not Weight.NOTE for problem in problems)
        typer.echo(f"{site.path()}: {wrong} problems" if wrong else f"{site.path()}: all is well")
    if any(problem.weight is Weight.ERROR for problem in problems):
        raise typer.Exit(1)


def _plugins(settings: Settings) -> list[Problem]:
    folder = settings.path(settings.plugins.folder)
    try:
        load_registry(folder, settings.plugins.enabled, settings.plugins.tables)
    except PluginError as error:
        return [Problem(Weight.ERROR, str(error), "see plugins/README.md")]
    return []
