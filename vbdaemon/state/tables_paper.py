"""Papers that are due after an electronic document, and alarms that were raised."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from vbdaemon.state.tables import Moment, metadata

papers = Table(
    "papers",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("main_sha256", String(64), primary_key=True),
    Column("first_page", Integer, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("unit", String(35)),  # who handed in
    Column("expected_at", Moment, nullable=False),
    Column("due_on", Date, nullable=False),  # in Vietnam
    Column("state", String(10), nullable=False),
    Column("received_at", Moment),  # or when it was waived
    Column("received_by", String(120)),
    Column("note", Text),
    Column("remind_on", Date),  # empty: no reminder is to be sent any more
    Column("reminders", Integer, nullable=False),
    Column("reminded_at", Moment),
)
Index("papers_state", papers.c.state, papers.c.due_on)
Index("papers_remind", papers.c.remind_on)

alarms = Table(
    "alarms",
    metadata,
    Column("kind", String(12), primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("about", String(40), primary_key=True),  # a delivery's id, or empty
    Column("at", Moment, nullable=False),
    Column("words", Text, nullable=False),
    Column("cleared_at", Moment),
    Column("told_at", Moment),  # by mail
)
Index("alarms_open", alarms.c.cleared_at, alarms.c.kind, alarms.c.at)
