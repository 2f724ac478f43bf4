"""`[promise]` and `[alarms]`: how soon a document is with its recipients, and who is told when it is not."""

from pydantic import Field

from vbdaemon.config.section import Section


class PromiseSection(Section):
    """`[promise]`: minutes from handing in until every recipient has it, by mark of urgency; 0 = no promise."""

    hoa_toc: int = Field(default=15, ge=0)
    thuong_khan: int = Field(default=30, ge=0)
    khan: int = Field(default=60, ge=0)
    thuong: int = Field(default=0, ge=0)


class AlarmsSection(Section):
    """`[alarms]`: who is written to, and how often at most."""

    mail: tuple[str, ...] = ()
    gather_minutes: int = Field(default=10, ge=1)
