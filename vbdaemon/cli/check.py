"""`vbdaemon check`: settings, plugins, trust, folders, people, clock, network; each problem with its remedy."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import chain
from typing import Annotated

import typer

from vbdaemon.claim import is_running
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site
from vbdaemon.clock import VIETNAM, system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError, StateError, TrustError
from vbdaemon.folders import mount_table
from vbdaemon.model import Snapshot
from vbdaemon.operation import (
    checkup,
    checkup_access,
    checkup_clock,
    checkup_disk,
    checkup_duty,
    checkup_network,
    checkup_notices,
    checkup_reports,
)
from vbdaemon.operation.checkup import Problem, Weight
from vbdaemon.operation.plugin_survey import check_plugins
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state import queue_views


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(context: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Look at everything before the daemon does; exit 1 when something keeps it from its job."""
    site: Site = context.obj
    settings = site.settings()
    problems = list(chain(_of_the_site(settings), _of_the_machine(settings)))
    if as_json:
        typer.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False))
    else:
        for problem in problems:
            typer.echo(f"{problem.weight}: {problem.what}\n    remedy: {problem.remedy}")
        wrong = sum(problem.weight is not Weight.NOTE for problem in problems)
        typer.echo(f"{site.path()}: {wrong} problems" if wrong else f"{site.path()}: all is well")
    if any(problem.weight is Weight.ERROR for problem in problems):
        raise typer.Exit(1)


def _of_the_site(settings: Settings) -> Iterator[Problem]:
    """What its files say; one that cannot be used is a problem, and the others are looked at all the same."""
    yield from check_plugins(settings)
    yield from checkup_notices.check_office(settings)
    try:
        snapshot = build_snapshot(settings)
    except ConfigurationError as error:
        for line in str(error).splitlines():
            yield Problem(Weight.ERROR, line, "mend the file; config/README.md says what stands in it")
        return
    yield from chain.from_iterable(_of_the_snapshot(settings, snapshot, system_clock()))


def _of_the_snapshot(settings: Settings, snapshot: Snapshot, now: datetime) -> Iterator[Iterable[Problem]]:
    from vbdaemon.builtin.deliver_smtp_dialogue import knock  # noqa: PLC0415 - needed by this command alone

    yield checkup.check_units(snapshot)
    yield checkup_notices.check_templates(snapshot)
    yield checkup_notices.check_seal(snapshot, now, os.environ)
    yield checkup.check_folders(settings, snapshot)
    yield checkup_access.check_access(settings, snapshot)
    yield checkup_disk.check_mounts(settings, snapshot, mount_table())
    yield checkup_disk.check_moves(settings, snapshot)
    yield checkup.check_listener(settings, snapshot)
    yield checkup_network.check_certificate(settings, now)
    yield checkup.check_mail_out(settings, snapshot)
    yield checkup_network.check_smarthost(settings, snapshot, os.environ, knock)
    yield checkup.check_mailboxes(settings, os.environ)
    yield checkup_duty.check_holidays(settings, snapshot, now.astimezone(VIETNAM).date())
    yield checkup_duty.check_alarms(settings, snapshot)
    yield checkup_reports.check_reports(settings, snapshot)


def _of_the_machine(settings: Settings) -> Iterator[Problem]:
    from vbdaemon.operation.trust_review import review  # noqa: PLC0415 - pyHanko takes its time to load
    from vbdaemon.signature.trust import TrustStore  # noqa: PLC0415 - as above

    spool = settings.path(settings.spool.path)
    try:
        yield from review(TrustStore.load(settings.path(settings.trust.folder)), system_clock())
    except TrustError as error:
        yield Problem(Weight.ERROR, str(error), "take the file out of the trust folder, or mend it")
    if not is_running(spool):
        yield from checkup_network.check_ports(settings, checkup_network.can_listen)
    yield from checkup_clock.check_clock(checkup_clock.Clocks.read(spool), _newest(settings))
    yield from checkup.check_tools()


def _newest(settings: Settings) -> datetime | None:
    """When the last submission came; None when none ever did."""
    try:
        return max(open_reader(settings).read(queue_views.last_received).values(), default=None)
    except StateError:
        return None
