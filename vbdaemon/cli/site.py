"""What every command starts from: the settings file, the state, the person who types."""

import getpass
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vbdaemon.config import Settings, load_settings
from vbdaemon.errors import ConfigurationError

HERE = Path("config/vbdaemon.toml")
SYSTEM = Path("/etc/vbdaemon/vbdaemon.toml")


@dataclass(frozen=True, slots=True)
class Site:
    """The options that stand before any command."""

    config: Path | None

    def path(self, environment: Mapping[str, str] = os.environ) -> Path:
        """The settings file: --config, $VBDAEMON_CONFIG, config/vbdaemon.toml here, the system's."""
        if self.config is not None:
            return self.config.absolute()
        if named := environment.get("VBDAEMON_CONFIG"):
            return Path(named).absolute()
        for path in (HERE, SYSTEM):
            if path.exists():
                return path.absolute()
        raise ConfigurationError(
            f'no settings: neither {HERE} here nor {SYSTEM}; name them with --config, or "vbdaemon init DIR" '
            "writes a new site"
        )

    def exists(self) -> bool:
        """True when there is a settings file to be found."""
        try:
            return self.path().exists()
        except ConfigurationError:
            return False

    def settings(self, *, forever: bool = False) -> Settings:
        """The settings, complete and checked; from here on the process acts as the owner of the spool."""
        settings = load_settings(self.path())
        become_owner(settings.path(settings.spool.path), forever=forever)
        return settings


def become_owner(folder: Path, *, forever: bool = False) -> None:
    """Root beside a daemon that is not root acts as the daemon's user: it must not leave files the daemon cannot read.

    Also before the first start: the folder above tells the owner. `forever` gives root up for good (the daemon).
    """
    if os.geteuid() != 0:
        return
    existing = next((p for p in (folder, *folder.parents) if p.exists()), Path("/"))
    status = existing.stat()
    if status.st_uid == 0:
        return
    if forever:
        os.setgroups([])
        os.setresgid(status.st_gid, status.st_gid, status.st_gid)
        os.setresuid(status.st_uid, status.st_uid, status.st_uid)
    else:
        os.setegid(status.st_gid)
        os.seteuid(status.st_uid)
    if not os.access(".", os.R_OK | os.X_OK, effective_ids=True):
        os.chdir(existing)  # a worker starts where its parent stands, and must be allowed to stand there


def person() -> str:
    """The name of the person who typed the command, as acts record it."""
    return os.environ.get("SUDO_USER") or getpass.getuser()


@contextmanager
def quiet_pipe() -> Iterator[None]:
    """A reader that hangs up (`| head`) is no mistake."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
