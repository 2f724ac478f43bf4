"""Messages of mailboxes that we read: which were taken, and whether the mailbox was told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from vbdaemon.state.tables import mailbox_messages as rows


class MessageState(StrEnum):
    """How far we are with a message of a mailbox."""

    TAKEN = "TAKEN"
    """Admitted; the mailbox was not told yet (flag, move, removal)."""
    TOLD = "TOLD"
    """Admitted, and the mailbox shows it; also where it is not to be told anything."""
    TOO_LARGE = "TOO_LARGE"
    """Over the size limit: never fetched, left in the mailbox."""
    VANISHED = "VANISHED"
    """Not in the folder any more when it was to be fetched or told."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """What UIDs belong to: they mean something only in this folder and under this UIDVALIDITY (RFC 9051 §2.3.1.1)."""

    mailbox: str
    """account/folder."""
    uidvalidity: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a mailbox, as it is remembered."""

    uid: int
    state: MessageState
    sha256: str = ""
    """Of its bytes; empty when it was never fetched."""
    submission: str | None = None


def known(connection: Connection, numbering: Numbering, first_uid: int) -> dict[int, MessageState]:
    """What is remembered from this UID on."""
    query = select(rows.c.uid, rows.c.state).where(_under(numbering), rows.c.uid >= first_uid)
    return {row.uid: MessageState(row.state) for row in connection.execute(query)}


def untold(connection: Connection, numbering: Numbering, first_uid: int) -> tuple[Message, ...]:
    """What was taken, from this UID on, and the mailbox does not show it yet; the lowest UID first."""
    open_ones = and_(_under(numbering), rows.c.uid >= first_uid, rows.c.state == MessageState.TAKEN)
    query = select(rows).where(open_ones).order_by(rows.c.uid)
    return tuple(
        Message(row.uid, MessageState(row.state), row.content_sha256, row.submission_id)
        for row in connection.execute(query)
    )


def contents(connection: Connection, mailbox: str, digests: Collection[str]) -> frozenset[str]:
    """Those of the hashes that a message of this mailbox had before, under whatever UID and UIDVALIDITY."""
    query = select(rows.c.content_sha256).where(rows.c.mailbox == mailbox, rows.c.content_sha256.in_(digests))
    return frozenset(connection.scalars(query))


def numberings(connection: Connection, mailbox: str) -> frozenset[int]:
    """Every UIDVALIDITY under which messages of this mailbox are remembered."""
    return frozenset(connection.scalars(select(rows.c.uidvalidity).distinct().where(rows.c.mailbox == mailbox)))


def remember(connection: Connection, numbering: Numbering, messages: Sequence[Message], at: datetime) -> None:
    """These messages are remembered so from now on; what was remembered of the same UIDs is replaced."""
    if not messages:
        return
    uids = [message.uid for message in messages]
    connection.execute(delete(rows).where(_under(numbering), rows.c.uid.in_(uids)))
    connection.execute(
        insert(rows),
        [
            {
                "mailbox": numbering.mailbox,
                "uidvalidity": numbering.uidvalidity,
                "uid": message.uid,
                "content_sha256": message.sha256,
                "submission_id": message.submission,
                "state": message.state,
                "at": at,
            }
            for message in messages
        ],
    )


def settle(
    connection: Connection, numbering: Numbering, uids: Collection[int], state: MessageState, at: datetime
) -> None:
    """These messages are in this state from now on."""
    changed = update(rows).where(_under(numbering), rows.c.uid.in_(uids)).values(state=state, at=at)
    connection.execute(changed)


def give_up(connection: Connection, numbering: Numbering, at: datetime) -> int:
    """What other numberings of the mailbox left untold cannot be told any more: their UIDs mean nothing now."""
    stale = and_(
        rows.c.mailbox == numbering.mailbox,
        rows.c.uidvalidity != numbering.uidvalidity,
        rows.c.state == MessageState.TAKEN,
    )
    return connection.execute(update(rows).where(stale).values(state=MessageState.VANISHED, at=at)).rowcount


def _under(numbering: Numbering) -> ColumnElement[bool]:
    return and_(rows.c.mailbox == numbering.mailbox, rows.c.uidvalidity == numbering.uidvalidity)
