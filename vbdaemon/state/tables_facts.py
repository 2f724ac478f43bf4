"""What statistics count of each document."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text

from vbdaemon.state.tables import Moment, metadata

document_facts = Table(
    "document_facts",
    metadata,
    Column("submission_id", String(20), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("received_at", Moment, nullable=False),  # of the submission
    Column("received_on", Date, nullable=False),  # the same day in Vietnam
    Column("decided_at", Moment, nullable=False),  # of the decision that stands
    Column("receipt_seconds", Integer),  # from handing in to ACCEPT or REJECT; empty while held
    Column("verdict", String(12), nullable=False),
    Column("reasons", Text, nullable=False),  # codes between spaces, with one before and one after
    Column("unit", String(35)),  # who handed in
    Column("account", String(120)),
    Column("issuer_unit", String(35)),
    Column("form", String(40)),
    Column("channel", String(24)),
    Column("draft", Boolean, nullable=False),  # or the Tờ trình that carries it
    Column("returned", Boolean, nullable=False),
    Column("duplicate", Boolean, nullable=False),  # or filed with another: not counted again
    Column("restricted", Boolean, nullable=False),
    Column("signable", Boolean, nullable=False),  # counts in the rates of 607/UBND-VP
    Column("signed_by_organisation", Boolean, nullable=False),
    Column("signed_by_person", Boolean, nullable=False),
    Column("signed_by_leader", Boolean, nullable=False),
    Column("editable_missing", Boolean, nullable=False),
    Column("paper_due", Boolean, nullable=False),
    Column("format_findings", Integer, nullable=False),
    Column("book", String(40)),
    Column("year", Integer),
    Column("arrival_number", Integer),
    Index(  # holds all that figures are counted from: a year of a million documents is counted without its table
        "document_facts_day",
        "received_on",
        "unit",
        "form",
        "issuer_unit",
        "verdict",
        "channel",
        "draft",
        "duplicate",
        "returned",
        "signable",
        "signed_by_organisation",
        "signed_by_person",
        "signed_by_leader",
        "editable_missing",
        "paper_due",
        "format_findings",
        "receipt_seconds",
        "reasons",
    ),
)
