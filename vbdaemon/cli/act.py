"""`vbdaemon hold|release|reject|retry|quarantine ID … --reason WHY`: what people do, as commands."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer

from vbdaemon.claim import Ownership
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, person
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import StateLocked
from vbdaemon.model import Act, ActKind
from vbdaemon.operation import acts as operation_acts
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.snapshot import build_snapshot
from vbdaemon.spool.store import Spool
from vbdaemon.state import acts, submissions
from vbdaemon.state.records import ActRow, ActState
from vbdaemon.state.store import State

PATIENCE_SECONDS = 10.0
HELP = {
    ActKind.HOLD: "Stop submissions; only a person lets them go on.",
    ActKind.RELEASE: "Let held submissions go on, waiving exactly what they are held for.",
    ActKind.REJECT: "Refuse submissions; the reason goes to the sender.",
    ActKind.RETRY: "Judge submissions again from the start.",
    ActKind.QUARANTINE: "Lock submissions away and remove what was kept of their names and text.",
}


def register(app: typer.Typer) -> None:
    """Add one command for each kind of act."""
    for kind in ActKind:
        app.command(kind.value, help=HELP[kind])(_command(kind))


def _command(kind: ActKind) -> Callable[..., None]:
    def command(
        context: typer.Context,
        ids: Annotated[list[str], typer.Argument(metavar="ID", help='As "vbdaemon list" shows them.')],
        reason: Annotated[str, typer.Option("--reason", help="Why; it is recorded.")],
        by: Annotated[str | None, typer.Option("--by", help="Who, when not the one who types.")] = None,
        as_json: Annotated[bool, typer.Option("--json")] = False,
    ) -> None:
        site: Site = context.obj
        settings = site.settings()
        state = open_reader(settings)
        answers = [_do(settings, state, kind, id_, by or person(), reason) for id_ in ids]
        for id_, answer in zip(ids, answers, strict=True):
            if not as_json:
                typer.echo(f"{id_}: {answer.state.value.lower()}: {answer.answer or 'waits for the daemon'}")
        if as_json:
            table = [{"id": a.submission, "state": a.state, "answer": a.answer} for a in answers]
            typer.echo(json.dumps(table, ensure_ascii=False))
        if any(answer.state is not ActState.APPLIED for answer in answers):
            raise typer.Exit(1)

    return command


def _do(settings: Settings, state: State, kind: ActKind, id_: str, who: str, why: str) -> ActRow:
    """Write the act down, then wait for the daemon; without a daemon, apply it here."""
    row = state.read(lambda c: submissions.get(c, id_))
    act = Act(kind, id_, who, why, system_clock(), row.version)
    number = state.write(lambda c: acts.queue(c, act))
    owner = Ownership(settings.path(settings.spool.path))
    try:
        owner.take()
    except StateLocked:
        return _await(state, number)
    try:
        return _apply_here(settings, state, number)
    finally:
        owner.release()


def _await(state: State, number: int) -> ActRow:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        row = state.read(lambda c: acts.get(c, number))
        if row.state is not ActState.QUEUED or time.monotonic() > until:
            return row
        time.sleep(0.1)


def _apply_here(settings: Settings, state: State, number: int) -> ActRow:
    desk = Desk(build_snapshot(settings), settings.register_.book, settings.register_.numbering == "own")
    spool = Spool(settings.path(settings.spool.path))
    act = state.read(lambda c: acts.get(c, number))
    bench = operation_acts.Bench(spool, desk)
    outcome = state.write(partial(operation_acts.apply, act=act, bench=bench, at=system_clock()))
    if outcome is ActState.APPLIED:
        operation_acts.finish(act, spool, state)
    return state.read(lambda c: acts.get(c, number))
