"""Answers of plugins that only watch, plugins that were switched off, and the time that plugins took.

Codes, slugs and unit codes only: never a name, a subject or words of a document.
"""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from vbdaemon.state.tables import Moment, metadata

shadow_runs = Table(
    "shadow_runs",
    metadata,
    Column("plugin", String(120), primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("decided_version", Integer, nullable=False),
    Column("version", String(60), nullable=False),  # of the plugin
    Column("documents", Integer, nullable=False),  # compared; 0 where it failed
    Column("words", Text, nullable=False),  # how it failed; empty where it did not
    Column("at", Moment, nullable=False),
)
Index("shadow_runs_at", shadow_runs.c.plugin, shadow_runs.c.at)

shadow_answers = Table(
    "shadow_answers",
    metadata,
    Column("plugin", String(120), primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("document", Integer, primary_key=True),
    Column("field", String(10), primary_key=True),
    Column("decided_version", Integer, nullable=False),
    Column("version", String(60), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

switched_off = Table(
    "switched_off",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("version", String(60), nullable=False),
    Column("mark", String(64), nullable=False),  # SHA-256 of its code and settings
    Column("hooks", Text, nullable=False),  # between spaces
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

plugin_calls = Table(
    "plugin_calls",
    metadata,
    Column("plugin", String(120), primary_key=True),
    Column("version", String(60), primary_key=True),
    Column("calls", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("failures", BigInteger, nullable=False),
    Column("since", Moment, nullable=False),
)
