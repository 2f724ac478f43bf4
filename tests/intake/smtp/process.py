"""Listener and admission alone, as a process: process.py FOLDER [STEP PASSAGE]. Killed at that passage of a failpoint.

Takes mail from anyone, by SMTP and LMTP; says where it listens, and ends at SIGTERM.
"""

import os
import signal
import sys
import threading
from itertools import count
from pathlib import Path

import structlog

from vbdaemon.clock import system_clock
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.smtp import SmtpIntake, SmtpSettings
from vbdaemon.intake.smtp.intake import Surroundings
from vbdaemon.logs import set_up_logs
from vbdaemon.model import MailRules
from vbdaemon.recovery import recover
from vbdaemon.spool.store import Spool
from vbdaemon.state.store import State
from vbdaemon.testing import make_snapshot

MANY = 1_000_000


def main(folder: str, step: str = "", passage: str = "0") -> None:
    set_up_logs("console", "warning")
    passages = count(1)
    ready = threading.Event()

    def kill_at(name: str) -> None:
        if ready.is_set() and name == step and next(passages) == int(passage):
            os.kill(os.getpid(), signal.SIGKILL)

    spool = Spool(Path(folder, "spool"), kill_at)
    spool.prepare()
    state = State(f"sqlite:///{folder}/state.sqlite3", kill_at)
    recover(spool, state, system_clock(), 3)
    settings = SmtpSettings(
        listen=("127.0.0.1:0",),
        listen_lmtp=("127.0.0.1:0",),
        hostname="vanthu.example",
        logins=Path(folder, "logins.toml"),
        anyone=True,
        connections=MANY,
        connections_per_address=MANY,
        messages_per_minute=MANY,
    )
    snapshot = make_snapshot(mail=MailRules(addresses=("vanthu@songlam.example",)))
    intake = SmtpIntake(
        settings,
        snapshot,
        Admission(spool, state, system_clock, failpoint=kill_at),
        structlog.get_logger("smtp"),
        Surroundings(failpoint=kill_at),
    )
    intake.start()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    ready.set()
    sys.stdout.write(" ".join(address.rpartition(":")[2] for address in intake.addresses) + "\n")
    sys.stdout.flush()
    stop.wait()
    intake.stop()
    state.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
