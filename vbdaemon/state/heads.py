"""What waits at the head of each lane: found quickly, however much waits behind it for a dead destination.

Both questions are answered by the index `deliveries_lanes` alone.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, bindparam, func, select

from vbdaemon.state.deliveries import to_row
from vbdaemon.state.records import DeliveryRow, DeliveryState
from vbdaemon.state.tables import deliveries


@dataclass(frozen=True, slots=True)
class Head:
    """The delivery of one urgency and address that is due first."""

    urgency: int
    scheme: str
    address: str
    due_at: datetime
    """May lie in the future."""


def heads(connection: Connection) -> list[Head]:
    """The heads of all that waits."""
    return [Head(row.urgency, row.scheme, row.address, row.due_at) for row in connection.execute(_HEADS)]


def behind(
    connection: Connection, head: Head, at: datetime, limit: int, besides: Collection[str] = ()
) -> list[DeliveryRow]:
    """What is due behind a head, the oldest first; `besides` is known to be under way there."""
    places = {
        "urgency_": head.urgency,
        "scheme_": head.scheme,
        "address_": head.address,
        "at_": at,
        "limit_": limit + len(besides),
    }
    rows = (row for row in connection.execute(_BEHIND, places) if row.id not in besides)
    return [to_row(row) for row in islice(rows, limit)]


def delivered_since(connection: Connection, since: datetime) -> list[tuple[str, str]]:
    """Scheme and address of what was delivered since then."""
    rows = connection.execute(
        select(deliveries.c.scheme, deliveries.c.address)
        .where(deliveries.c.state == DeliveryState.DELIVERED, deliveries.c.due_at > since)
        .distinct()
    )
    return [(row.scheme, row.address) for row in rows]


def _heads() -> Select[Any]:
    """Goes from head to head through the index; what waits behind each is never looked at."""
    here = deliveries.alias("here")
    found = select(_first().label("id")).cte("heads", recursive=True)
    # A comparison of rows would say the same in one step, but SQLite does not look it up in an index.
    further = func.coalesce(
        _first(lambda c: (c.urgency == here.c.urgency, c.scheme == here.c.scheme, c.address > here.c.address)),
        _first(lambda c: (c.urgency == here.c.urgency, c.scheme > here.c.scheme)),
        _first(lambda c: (c.urgency > here.c.urgency,)),
    )
    found = found.union_all(select(further).select_from(found.join(here, here.c.id == found.c.id)))
    lane = (deliveries.c.urgency, deliveries.c.scheme, deliveries.c.address)
    return select(*lane, deliveries.c.due_at).join(found, found.c.id == deliveries.c.id)


def _first(
    beyond: Callable[[Any], tuple[ColumnElement[bool], ...]] = lambda _: (),
) -> ScalarSelect[str]:
    c = deliveries.alias().c
    query = select(c.id).where(c.state == DeliveryState.DUE, *beyond(c))
    return query.order_by(c.urgency, c.scheme, c.address, c.due_at).limit(1).scalar_subquery()


_HEADS = _heads()
_BEHIND = (
    select(deliveries)
    .where(
        deliveries.c.state == DeliveryState.DUE,
        deliveries.c.urgency == bindparam("urgency_"),
        deliveries.c.scheme == bindparam("scheme_"),
        deliveries.c.address == bindparam("address_"),
        deliveries.c.due_at <= bindparam("at_"),
    )
    .order_by(deliveries.c.due_at, deliveries.c.id)
    .limit(bindparam("limit_"))
)
