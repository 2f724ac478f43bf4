"""Settings: TOML to frozen values; every mistake at once, each with its key. Paths are relative to the file."""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from vbdaemon.errors import ConfigurationError

SQLITE = "sqlite:///"


class Section(BaseModel):
    """A table of the settings: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
    """`[directory]`: files with units, confirmed certificates and routes."""

    units: Path = Path("units.toml")
    certificates: Path = Path("certificates.toml")
    routes: Path = Path("routes.toml")


class TrustSection(Section):
    """`[trust]`: folder with CA certificates and CRLs, and whether missing ones are fetched."""

    folder: Path = Path("trust")
    fetch: bool = False
    hosts: tuple[str, ...] = ()
    proxy: str = ""
    every_hours: float = Field(default=12.0, gt=0)


class RulesSection(Section):
    """`[rules]`: site files instead of the shipped lists, and a policy on top of the shipped one."""

    transmission: Path | None = None
    policy: Path | None = None
    signatures: Path | None = None
    refusals: Literal["auto", "confirm"] = "auto"


class ExchangeSection(Section):
    """`[exchange]`: the units' folders and how they are watched. Durations in seconds."""

    root: Path = Path("../exchange")
    inbox: str = "nhan"
    results: str = "ket-qua"
    signature_sheet_pdf: bool = False
    quiet_seconds: float = Field(default=2.0, ge=0)
    settle_seconds: float = Field(default=10.0, ge=0)
    sweep_seconds: float = Field(default=5.0, gt=0)
    give_up_after_seconds: float = Field(default=3600.0, gt=0)


class FolderSection(Section):
    """`[[folder]]`: one more drop folder, bound to a unit and account or to nobody."""

    name: str = Field(min_length=1, max_length=120)
    path: Path
    results: Path | None = None
    unit: str | None = None
    account: str | None = None
    sweep_seconds: float | None = Field(default=None, gt=0)


class WorkersSection(Section):
    """`[workers]`: processes that read hostile files and run plugins."""

    decisions: int = Field(default=0, ge=0, description="0 = one for each processor")
    deliveries: int = Field(default=2, ge=1)
    memory_megabytes: int = Field(default=2048, ge=256)
    call_seconds: float = Field(default=10.0, gt=0)
    read_seconds: float = Field(default=60.0, gt=0)
    attempts: int = Field(default=3, ge=1)
    fast_signatures: bool = True


class RegisterSection(Section):
    """`[register]`: the book of incoming documents (sổ đăng ký văn bản đến)."""

    book: str = Field(default="den", min_length=1, max_length=40)
    numbering: Literal["own", "off"] = "own"


class PluginsSection(BaseModel):
    """`[plugins]`: folder, the enabled ones in order, and a table for each, `[plugins.<name>]`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    folder: Path = Path("../plugins")
    enabled: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _only_tables(self) -> "PluginsSection":
        slips = [name for name, table in (self.model_extra or {}).items() if not isinstance(table, dict)]
        if slips:
            raise ValueError(f"{', '.join(slips)}: neither a key of this section nor a table of a plugin")
        return self

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Each plugin's own settings table."""
        return {name: table for name, table in (self.model_extra or {}).items() if isinstance(table, dict)}


class LogSection(Section):
    """`[log]`."""

    format: Literal["console", "json"] = "console"
    level: Literal["debug", "info", "warning", "error"] = "info"


class LimitsSection(Section):
    """`[limits]`: bounds on hostile or huge input."""

    file_megabytes: int = Field(default=100, ge=1)
    pages: int = Field(default=2000, ge=1)
    ocr_pages: int = Field(default=6, ge=0)


class Settings(Section):
    """All settings; `base` is the folder of the file they came from."""

    base: Path = Path()
    office: OfficeSection = OfficeSection()
    spool: SpoolSection = SpoolSection()
    state: StateSection = StateSection()
    directory: DirectorySection = DirectorySection()
    trust: TrustSection = TrustSection()
    rules: RulesSection = RulesSection()
    exchange: ExchangeSection = ExchangeSection()
    folder: tuple[FolderSection, ...] = ()
    workers: WorkersSection = WorkersSection()
    register_: RegisterSection = Field(default=RegisterSection(), alias="register")
    plugins: PluginsSection = PluginsSection()
    log: LogSection = LogSection()
    limits: LimitsSection = LimitsSection()

    def path(self, path: Path) -> Path:
        """A path of the settings, made absolute from the settings' folder."""
        return Path(self.base, path).resolve()

    @property
    def state_url(self) -> str:
        """The database URL, a relative SQLite path made absolute."""
        url = self.state.url
        if url.startswith(SQLITE) and url != SQLITE:
            return f"{SQLITE}{self.path(Path(url.removeprefix(SQLITE)))}"
        return url


def load_settings(path: Path) -> Settings:
    """The settings in a file; ConfigurationError lists every mistake with its key."""
    table = read_toml(path, "settings")
    return parse_settings(table, path)


def parse_settings(table: dict[str, Any], path: Path) -> Settings:
    """Settings from a table that stood in the file `path`."""
    try:
        return Settings.model_validate({**table, "base": path.resolve().parent})
    except ValidationError as error:
        raise ConfigurationError("\n".join(f"{path}: {line}" for line in mistakes(error))) from error


def mistakes(error: ValidationError) -> list[str]:
    """One line a mistake: key, what is wrong."""
    lines = []
    for mistake in error.errors(include_url=False, include_context=False):
        key = ".".join(str(part) for part in mistake["loc"])
        words = mistake["msg"]
        if mistake["type"] == "extra_forbidden":
            words = "unknown key; see config/README.md for the keys there are"
        lines.append(f"{key}: {words}")
    return lines


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """A TOML file's table; ConfigurationError says what file, what line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(f'{path}: no {what} here; "vbdaemon init DIR" writes a new site') from error
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not TOML: {error}") from error
