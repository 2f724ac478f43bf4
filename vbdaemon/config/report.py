"""`[reports]`: targets, and which reports are sent to whom when a day, month, quarter or year has turned."""

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from vbdaemon.config.section import Section

RESULTS = ("quarter", "staff")
"""Reports on the score of a quarter: they are sent once it is final, to `[scoring] results_to` unless `to` is given."""
TURNS = {"daily": "day", "quarter": "quarter", "staff": "quarter"}
"""Reports that are of one kind of period only."""
WITHOUT_DOCUMENTS = ("register", *RESULTS)
"""Reports that are lists of documents themselves."""


class SendSection(Section):
    """`[[reports.send]]`: one report, sent when its period has ended."""

    report: Literal["daily", "monthly", "signing", "paper", "register", "quarter", "staff"]
    every: Literal["day", "month", "quarter", "year"] = "month"
    to: tuple[str, ...] = ()
    formats: tuple[Literal["pdf", "xlsx", "html", "csv"], ...] = Field(default=("pdf", "xlsx"), min_length=1)
    documents: bool = False
    book: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _only_period(cls, table: Any) -> Any:
        """A report of one kind of period only need not say which."""
        if isinstance(table, dict) and "every" not in table and table.get("report") in TURNS:
            return {**table, "every": TURNS[table["report"]]}
        return table

    @field_validator("to")
    @classmethod
    def _addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            if not is_address(address):
                raise ValueError(f"{address!r} is no mail address")
        return addresses

    @model_validator(mode="after")
    def _periods(self) -> "SendSection":
        if self.report == "daily" and self.every != "day":
            raise ValueError('a daily report is sent every = "day"; of longer periods "monthly" tells the same')
        if self.report in RESULTS and self.every != "quarter":
            raise ValueError(f'{self.report} is about a quarter: write every = "quarter", or leave it out')
        return self

    @model_validator(mode="after")
    def _fits(self) -> "SendSection":
        if not self.to and self.report not in RESULTS:
            raise ValueError(f"{self.report} says not to whom: add mail addresses, to = [...]")
        if self.book is not None and self.report != "register":
            raise ValueError('book: only report = "register" is about a book')
        if self.documents and self.report in WITHOUT_DOCUMENTS:
            raise ValueError(f"documents: {self.report} lists documents without it; leave it out")
        return self


class ReportsSection(Section):
    """`[reports]`."""

    organisation_target: float = Field(default=1.0, ge=0, le=1)
    person_target: float = Field(default=0.3, ge=0, le=1)
    nearly: float = Field(default=0.8, ge=0, le=1)
    send: tuple[SendSection, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> "ReportsSection":
        timers = [(each.report, each.every, each.book) for each in self.send]
        for report, every, book in timers:
            if timers.count((report, every, book)) > 1:
                raise ValueError(f"send: {report} every {every} stands twice; name all addresses in one `to`")
        return self


def is_address(words: str) -> bool:
    """True for what has the form of a mail address."""
    local, at, domain = words.rpartition("@")
    return bool(local and at and domain) and not any(sign.isspace() for sign in words)
