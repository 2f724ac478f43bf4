"""What follows an accepted document: who deals with it, letters about it, its recall."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from vbdaemon.state.tables import Moment, metadata

presentations = Table(  # documents that wait for a person to say who deals with them
    "presentations",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("assigned_at", Moment),
)
Index("presentations_waiting", presentations.c.assigned_at, presentations.c.at)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("main_sha256", String(64), nullable=False),
    Column("first_page", Integer, nullable=False),
    Column("lead", Text, nullable=False),
    Column("support", Text, nullable=False),  # JSON array
    Column("due_on", Date),
    Column("note", Text),  # ý kiến chỉ đạo; removed by quarantine
    Column("who", String(120), nullable=False),
    Column("title", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("assignments_submission", assignments.c.submission_id)

letters = Table(  # what a delivery tells besides, or instead of, the decision
    "letters",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("details", Text, nullable=False),  # JSON object
)

recalls = Table(
    "recalls",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("kind", String(8), nullable=False),  # recall | update | replace
    Column("replaced_by", Text, nullable=False),
    Column("who", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("recalls_submission", recalls.c.submission_id)
