"""Acts are written down and applied: by the running daemon, or here when there is none; or only tried."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import typer

from vbdaemon.claim import Ownership
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.errors import ActRefused, StateLocked, VbdaemonError
from vbdaemon.model import Act
from vbdaemon.operation import acts as operation_acts
from vbdaemon.operation.acts import Bench
from vbdaemon.pipeline.settlement import Desk
from vbdaemon.snapshot import build_snapshot
from vbdaemon.spool.store import Spool
from vbdaemon.state import acts
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import ActRow, ActState
from vbdaemon.state.store import State

PATIENCE_SECONDS = 10.0
"""How long a command waits for the daemon; what is not applied by then stays queued."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an act, or would."""

    submission: str
    state: ActState
    words: str


class _Tried(VbdaemonError):
    """The act was tried and is taken back."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.words)
        self.answer = answer


def apply_all(settings: Settings, state: State, todo: Sequence[Act]) -> list[Answer]:
    """Write all acts down, then wait for the daemon; without a daemon, apply them here."""
    numbers = [state.write(partial(acts.queue, act=act)) for act in todo]
    owner = Ownership(settings.path(settings.spool.path))
    try:
        owner.take()
    except StateLocked:
        return _await(state, numbers)
    try:
        bench = _bench(settings)
        return [_answer(_apply_here(state, number, bench)) for number in numbers]
    finally:
        owner.release()


def tell(answers: Sequence[Answer], *, as_json: bool = False) -> None:
    """Say what became of acts; ActRefused afterwards when any was refused."""
    refused = [answer.words for answer in answers if answer.state is ActState.REFUSED]
    if as_json:
        rows = [{"id": each.submission, "state": each.state, "answer": each.words} for each in answers]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for each in answers:
            if each.state is not ActState.REFUSED:
                typer.echo(f"{each.submission}: {each.state.value.lower()}: {each.words}")
    if refused:
        raise ActRefused("; ".join(refused))


def would_become(settings: Settings, state: State, todo: Sequence[Act]) -> list[Answer]:
    """What would happen: each act is applied and taken back, so that the answer is the true one."""
    bench = _bench(settings)
    return [_would(state, act, bench) for act in todo]


def _would(state: State, act: Act, bench: Bench) -> Answer:
    try:
        state.write(partial(_try, act=act, bench=bench))
    except _Tried as tried:
        return tried.answer
    raise AssertionError("a tried act was not taken back")


def _try(connection: Connection, *, act: Act, bench: Bench) -> None:
    row = acts.get(connection, acts.queue(connection, act))
    operation_acts.apply(connection, row, bench, act.at)
    raise _Tried(_answer(acts.get(connection, row.id)))


def _await(state: State, numbers: list[int]) -> list[Answer]:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        rows = [state.read(partial(acts.get, act_id=number)) for number in numbers]
        if all(row.state is not ActState.QUEUED for row in rows) or time.monotonic() > until:
            return [_answer(row) for row in rows]
        time.sleep(0.1)


def _bench(settings: Settings) -> Bench:
    desk = Desk(build_snapshot(settings), settings.register_.value())
    return Bench(Spool(settings.path(settings.spool.path)), desk)


def _apply_here(state: State, number: int, bench: Bench) -> ActRow:
    act = state.read(partial(acts.get, act_id=number))
    outcome = state.write(partial(operation_acts.apply, act=act, bench=bench, at=system_clock()))
    if outcome is ActState.APPLIED:
        operation_acts.finish(act, bench.spool, state)
    return state.read(partial(acts.get, act_id=number))


def _answer(row: ActRow) -> Answer:
    return Answer(row.submission, row.state, row.answer or "waits for the daemon")
