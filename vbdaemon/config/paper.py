"""`[paper]`: papers that must also come (Phụ lục II), and how their senders are reminded."""

from pydantic import Field

from vbdaemon.config.section import Section


class PaperSection(Section):
    """`[paper]`."""

    due_working_days: int = Field(default=5, ge=1, le=60)
    remind_every_working_days: int = Field(default=5, ge=1, le=60)
    reminders: int = Field(default=3, ge=0, le=20)
