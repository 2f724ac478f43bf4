"""Runs the intake of one mailbox until nothing waits, or kills itself at a step; tests run it as a process."""

import os
import signal
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import structlog

from vbdaemon.config.mail import ImapSection
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.imap.intake import ImapIntake
from vbdaemon.intake.imap.settings import mailbox_settings
from vbdaemon.recovery import recover
from vbdaemon.spool.store import Spool
from vbdaemon.state.store import State


def main(folder: Path, step: str, passage: int, section: dict[str, Any], environment: dict[str, str]) -> None:
    passages = count(1)

    def kill_at(name: str) -> None:
        if name == step and next(passages) == passage:
            os.kill(os.getpid(), signal.SIGKILL)

    structlog.configure(logger_factory=structlog.WriteLoggerFactory(sys.stderr))
    spool = Spool(folder / "spool", kill_at)
    spool.prepare()
    state = State(f"sqlite:///{folder}/state.sqlite3", kill_at)
    recover(spool, state, datetime.now(UTC), 3)
    settings = mailbox_settings(ImapSection.model_validate(section), folder, 100 << 20)
    admission = Admission(spool, state, lambda: datetime.now(UTC), failpoint=kill_at)
    log = structlog.get_logger("intake")
    intake = ImapIntake(
        (settings,), admission, state, lambda: datetime.now(UTC), time.monotonic, log, environment, kill_at
    )
    intake.start()
    while (standing := intake.standing()[0]).last_success is None or standing.waiting:
        time.sleep(0.01)
    intake.stop()
    state.close()


if __name__ == "__main__":
    main(*ARGUMENTS)  # noqa: F821 - given to runpy
