"""The register of incoming and outgoing documents, and its history; `register_index` makes its search index."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from vbdaemon.state.tables import Moment, metadata

register_entries = Table(
    "register_entries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("direction", String(8), nullable=False),  # incoming | outgoing
    Column("book", String(40), nullable=False),
    Column("year", Integer, nullable=False),
    Column("arrival_number", Integer),  # số đến; empty: outgoing, or numbered elsewhere and not told yet
    Column("registered_on", Date, nullable=False),  # in Vietnam
    Column("arrived_at", Moment, nullable=False),
    Column("medium", String(12), nullable=False),  # electronic | paper
    Column("submission_id", String(20)),  # empty: paper, of which no electronic document came
    Column("ordinal", Integer),  # which document of the submission, from 0
    Column("main_sha256", String(64)),
    Column("first_page", Integer),
    Column("form", String(40)),
    Column("number", Text),
    Column("symbol", Text),
    Column("issued_on", Date),
    Column("issuer", Text),
    Column("issuer_unit", String(35)),
    Column("sender_unit", String(35)),
    Column("subject", Text),  # empty for a restricted document
    Column("signer", Text),
    Column("signer_title", Text),
    Column("pages", Integer),
    Column("copies", Integer),
    Column("language", String(30)),
    Column("urgency", String(12)),
    Column("due_on", Date),
    Column("receiver", Text),  # unit or person who received it
    Column("transferred_on", Date),
    Column("recipients", Text),  # outgoing: Nơi nhận
    Column("kept_by", Text),  # outgoing: unit or person that keeps the file copy
    Column("file_code", Text),  # số và ký hiệu hồ sơ
    Column("note", Text),
    Column("restricted", Boolean, nullable=False),
    Column("voided_at", Moment),
    Column("void_reason", Text),
    UniqueConstraint("book", "year", "arrival_number"),
    Index("register_entries_submission", "submission_id"),
    Index("register_entries_day", "book", "registered_on"),
    Index("register_entries_designation", "number", "symbol", "issued_on"),
)

register_changes = Table(
    "register_changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("entry_id", ForeignKey("register_entries.id"), nullable=False),
    Column("field", String(20), nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("who", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("register_changes_entry", "entry_id"),
    sqlite_autoincrement=True,
)
