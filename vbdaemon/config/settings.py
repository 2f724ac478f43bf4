"""Settings: TOML to frozen values; every mistake at once, each with its key. Paths are relative to the file."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from vbdaemon.config.mail import ImapSection, MailSection, SmarthostSection, SmtpSection
from vbdaemon.config.notices import NoticesSection
from vbdaemon.config.paper import PaperSection
from vbdaemon.config.plugins import PluginsSection
from vbdaemon.config.promise import AlarmsSection, PromiseSection
from vbdaemon.config.register import RegisterSection
from vbdaemon.config.report import ReportsSection
from vbdaemon.config.report_wiring import report_mistakes
from vbdaemon.config.scoring import ScoringSection
from vbdaemon.config.section import Section
from vbdaemon.config.sections import (
    DirectorySection,
    DiskSection,
    ExchangeSection,
    FolderSection,
    ForwardingSection,
    LimitsSection,
    LogSection,
    MetricsSection,
    OfficeSection,
    RulesSection,
    SpoolSection,
    StateSection,
    TrustSection,
    WorkersSection,
)
from vbdaemon.errors import ConfigurationError

SQLITE = "sqlite:///"


class Settings(Section):
    """All settings; `base` is the folder of the file they came from."""

    base: Path = Path()
    office: OfficeSection = OfficeSection()
    spool: SpoolSection = SpoolSection()
    state: StateSection = StateSection()
    directory: DirectorySection = DirectorySection()
    trust: TrustSection = TrustSection()
    rules: RulesSection = RulesSection()
    notices: NoticesSection = NoticesSection()
    exchange: ExchangeSection = ExchangeSection()
    folder: tuple[FolderSection, ...] = ()
    forwarding: ForwardingSection = ForwardingSection()
    paper: PaperSection = PaperSection()
    promise: PromiseSection = PromiseSection()
    alarms: AlarmsSection = AlarmsSection()
    scoring: ScoringSection = ScoringSection()
    reports: ReportsSection = ReportsSection()
    workers: WorkersSection = WorkersSection()
    register_: RegisterSection = Field(default=RegisterSection(), alias="register")
    plugins: PluginsSection = PluginsSection()
    log: LogSection = LogSection()
    limits: LimitsSection = LimitsSection()
    disk: DiskSection = DiskSection()
    metrics: MetricsSection = MetricsSection()
    mail: MailSection = MailSection()
    smtp: SmtpSection = SmtpSection()
    imap: tuple[ImapSection, ...] = ()
    smarthost: SmarthostSection | None = None

    @model_validator(mode="after")
    def _names_of_mailboxes(self) -> "Settings":
        if len({mailbox.name for mailbox in self.imap}) < len(self.imap):
            raise ValueError("imap: a name stands twice; each mailbox has its own")
        return self

    @model_validator(mode="after")
    def _reports_can_be_sent(self) -> "Settings":
        for mistake in report_mistakes(self.reports, self.scoring, self.register_, self.smarthost):
            raise ValueError(mistake)
        return self

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
        words = mistake["msg"].removeprefix("Value error, ")
        if mistake["type"] == "extra_forbidden":
            words = "unknown key; see config/README.md for the keys there are"
        lines.append(f"{key}: {words}" if key else words)
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
