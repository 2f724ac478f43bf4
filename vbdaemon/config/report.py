"""`[reports]`: targets, and which reports are sent to whom when a day, month, quarter or year has turned."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from vbdaemon.config.section import Section


class SendSection(Section):
    """`[[reports.send]]`: one report, sent when its period has ended."""

    report: Literal["daily", "monthly", "signing", "paper"]
    every: Literal["day", "month", "quarter", "year"] = "month"
    to: tuple[str, ...] = Field(min_length=1)
    formats: tuple[Literal["pdf", "xlsx", "html", "csv"], ...] = Field(default=("pdf", "xlsx"), min_length=1)
    documents: bool = False

    @field_validator("to")
    @classmethod
    def _addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            local, at, domain = address.rpartition("@")
            if not (local and at and domain) or any(sign.isspace() for sign in address):
                raise ValueError(f"{address!r} is no mail address")
        return addresses

    @model_validator(mode="after")
    def _days(self) -> "SendSection":
        if self.report == "daily" and self.every != "day":
            raise ValueError('a daily report is sent every = "day"; of longer periods "monthly" tells the same')
        return self


class ReportsSection(Section):
    """`[reports]`."""

    organisation_target: float = Field(default=1.0, ge=0, le=1)
    person_target: float = Field(default=0.3, ge=0, le=1)
    nearly: float = Field(default=0.8, ge=0, le=1)
    send: tuple[SendSection, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> "ReportsSection":
        timers = [(each.report, each.every) for each in self.send]
        for report, every in timers:
            if timers.count((report, every)) > 1:
                raise ValueError(f"send: {report} every {every} stands twice; name all addresses in one `to`")
        return self
