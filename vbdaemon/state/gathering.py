"""Notices beyond what one mail address gets in an hour: gathered, and told in one digest when the hour is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection, bindparam, func, select, update

from vbdaemon.model import DeliveryKind
from vbdaemon.state import decisions, deliveries
from vbdaemon.state.events import record
from vbdaemon.state.letters import LETTER
from vbdaemon.state.records import DeliveryRow, DeliveryState, NewDelivery
from vbdaemon.state.tables import deliveries as table
from vbdaemon.state.undelivered import Undelivered, undelivered

HOUR = timedelta(hours=1)
MAIL = "smtp"
"""Only mail is capped: files in a folder disturb nobody, and nothing answers them."""


@dataclass(frozen=True, slots=True)
class Told:
    """One notice that a digest stands for."""

    submission: str
    created_at: datetime
    decision: str | None
    """The decision it tells, as it is kept; None once that was removed (quarantine)."""
    missed: Undelivered | None = None
    """The recipient who could not be reached, where it tells of that."""


def hold_back(connection: Connection, submission_id: str, cap: int, at: datetime) -> int:
    """Of the notices just written for a submission, those beyond the cap of their address wait for a digest.

    To be called in the transaction that writes them, right after `deliveries.write`. Answers how many wait.
    """
    held = 0
    for row in _not_yet_tried(connection, submission_id):
        places = {"scheme_": row.scheme, "address_": row.address, "since_": at - HOUR, "id_": row.id}
        if (connection.scalar(_SENT, places) or 0) < cap:
            continue
        connection.execute(update(table).where(table.c.id == row.id).values(state=DeliveryState.GATHERED))
        record(connection, at, "notice-gathered", submission_id, f"more than {cap} notices an hour to one address")
        held += 1
    return held


def close(connection: Connection, at: datetime) -> tuple[str, ...]:
    """One digest for each address whose oldest gathered notice is an hour old; ids of the digests."""
    query = select(table).where(table.c.state == DeliveryState.GATHERED)
    order = (table.c.scheme, table.c.address, table.c.created_at, table.c.id)
    rows = [deliveries.to_row(row) for row in connection.execute(query.order_by(*order))]
    made = []
    for _, each in groupby(rows, key=lambda row: (row.scheme, row.address)):
        gathered = list(each)
        if gathered[0].created_at <= at - HOUR:
            made.append(_digest(connection, gathered, at))
    return tuple(made)


def told_in(connection: Connection, digest: DeliveryRow) -> tuple[Told, ...]:
    """What a digest tells, the oldest first."""
    query = (
        select(table)
        .where(
            table.c.state == DeliveryState.DIGESTED,
            table.c.scheme == digest.scheme,
            table.c.address == digest.address,
            table.c.words == digest.id,
        )
        .order_by(table.c.created_at, table.c.id)
    )
    rows = [deliveries.to_row(row) for row in connection.execute(query)]
    return tuple(
        Told(
            row.submission,
            row.created_at,
            decisions.body_at(connection, row.submission, row.version),
            undelivered(connection, row),
        )
        for row in rows
    )


def _not_yet_tried(connection: Connection, submission_id: str) -> list[DeliveryRow]:
    return [
        row
        for row in deliveries.of_submission(connection, submission_id)
        if row.kind is DeliveryKind.NOTICE
        and not row.key.startswith(LETTER)  # a digest tells decisions, and letters are few
        and row.scheme == MAIL
        and row.state is DeliveryState.DUE
        and row.attempts == 0
    ]


def _digest(connection: Connection, gathered: list[DeliveryRow], at: datetime) -> str:
    """It hangs on the oldest submission that it tells of."""
    oldest = gathered[0]
    new = NewDelivery.to(oldest, DeliveryKind.DIGEST, f"digest:{oldest.id}", f"{oldest.submission}_tong-hop")
    deliveries.write(connection, oldest.submission, oldest.version, at, (new,))
    digest = next(row.id for row in deliveries.of_submission(connection, oldest.submission) if _is(row, new, at))
    connection.execute(
        update(table)
        .where(table.c.id.in_([row.id for row in gathered]))
        .values(state=DeliveryState.DIGESTED, words=digest)
    )
    record(connection, at, "digest", oldest.submission, f"{len(gathered)} notices in delivery {digest}")
    return digest


def _is(row: DeliveryRow, new: NewDelivery, at: datetime) -> bool:
    return (row.kind, row.address, row.created_at) == (new.kind, new.address, at)


_SENT = (
    select(func.count())
    .select_from(table)
    .where(
        table.c.state.in_((DeliveryState.DUE, DeliveryState.DELIVERED, DeliveryState.FAILED)),
        table.c.urgency == 0,  # so the index `deliveries_lanes` is used; notices have no urgency
        table.c.scheme == bindparam("scheme_"),
        table.c.address == bindparam("address_"),
        table.c.due_at > bindparam("since_"),  # likewise: never before the row was written
        table.c.created_at > bindparam("since_"),
        table.c.kind.in_((DeliveryKind.NOTICE, DeliveryKind.DIGEST)),
        table.c.id != bindparam("id_"),
    )
)
"""Notices and digests to an address within the hour."""
