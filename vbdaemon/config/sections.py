"""The tables of the settings, but for mail."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from vbdaemon.config.section import Section


class OfficeSection(Section):
    """`[office]`: how notices name this document office."""

    name: str = ""
    parent: str = ""
    unit: str = ""
    address: str = ""
    telephone: str = ""
    email: str = ""
    contact: str = ""
    contact_title: str = ""


class SpoolSection(Section):
    """`[spool]`."""

    path: Path = Path("../spool")


class StateSection(Section):
    """`[state]`."""

    url: str = "sqlite:///../spool/state.sqlite3"


class DirectorySection(Section):
    """`[directory]`: files with units, confirmed certificates, routes and holidays."""

    units: Path = Path("units.toml")
    certificates: Path = Path("certificates.toml")
    routes: Path = Path("routes.toml")
    holidays: Path = Path("holidays.toml")


class TrustSection(Section):
    """`[trust]`: folder with CA certificates and CRLs, and whether missing ones are fetched."""

    folder: Path = Path("trust")
    fetch: bool = False
    hosts: tuple[str, ...] = ()
    proxy: str = ""
    every_hours: float = Field(default=12.0, gt=0)


class RulesSection(Section):
    """`[rules]`: site files instead of the shipped lists, and a policy on top of the shipped one."""

    forms: Path | None = None
    transmission: Path | None = None
    policy: Path | None = None
    signatures: Path | None = None
    refusals: Literal["auto", "confirm"] = "auto"
    format: Literal["by-date", "nd30-2020", "tt01-2011", "off"] = "by-date"
    format_file: Path | None = None
    recipients: Path | None = None


class ExchangeSection(Section):
    """`[exchange]`: the units' folders and how they are watched. Durations in seconds."""

    root: Path = Path("../exchange")
    inbox: str = "nhan"
    results: str = "ket-qua"
    preflight: str = "kiem-tra"
    signature_sheet_pdf: bool = False
    quiet_seconds: float = Field(default=2.0, ge=0)
    settle_seconds: float = Field(default=10.0, ge=0)
    sweep_seconds: float = Field(default=5.0, gt=0)
    give_up_after_seconds: float = Field(default=3600.0, gt=0)


class ForwardingSection(Section):
    """`[forwarding]`: whether accepted documents wait for a person, and how the route table is read."""

    route: Literal["direct", "present-first"] = "direct"
    table: Literal["all", "first"] = "all"


class FolderSection(Section):
    """`[[folder]]`: one more drop folder, bound to a unit and account or to nobody."""

    name: str = Field(min_length=1, max_length=120)
    path: Path
    results: Path | None = None
    unit: str | None = None
    account: str | None = None
    sweep_seconds: float | None = Field(default=None, gt=0)


class DiskSection(Section):
    """`[disk]`: below the low-water mark nothing more is taken in."""

    low_water_megabytes: int = Field(default=1000, ge=0, description="0 = never pause")


class MetricsSection(Section):
    """`[metrics]`: measurements and health over HTTP, on this machine alone; empty = off."""

    listen: str = ""


class WorkersSection(Section):
    """`[workers]`: processes that read hostile files and run plugins."""

    decisions: int = Field(default=0, ge=0, description="0 = one for each processor")
    deliveries: int = Field(default=2, ge=1)
    memory_megabytes: int = Field(default=2048, ge=256)
    call_seconds: float = Field(default=10.0, gt=0)
    read_seconds: float = Field(default=60.0, gt=0)
    attempts: int = Field(default=3, ge=1)
    fast_signatures: bool = True


class LogSection(Section):
    """`[log]`."""

    format: Literal["console", "json"] = "console"
    level: Literal["debug", "info", "warning", "error"] = "info"


class LimitsSection(Section):
    """`[limits]`: bounds on hostile or huge input."""

    file_megabytes: int = Field(default=100, ge=1)
    pages: int = Field(default=2000, ge=1)
    ocr_pages: int = Field(default=6, ge=0)
