"""Runs the daemon with a failpoint that kills it: launcher.py SETTINGS STEP PASSAGE. Started by tests as a process."""

import os
import signal
import sys
import threading
from itertools import count
from pathlib import Path

from vbdaemon.config import load_settings
from vbdaemon.daemon import Daemon
from vbdaemon.logs import set_up_logs


def main(settings_path: str, step: str, passage: str) -> None:
    settings = load_settings(Path(settings_path))
    set_up_logs(settings.log.format, settings.log.level)
    passages = count(1)

    def kill_at(name: str) -> None:
        if name == step and next(passages) == int(passage):
            os.kill(os.getpid(), signal.SIGKILL)

    daemon = Daemon(settings, failpoint=kill_at)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    daemon.start()
    sys.stdout.write("Drop a document into\n")
    sys.stdout.flush()
    daemon.run(stop)
    daemon.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
