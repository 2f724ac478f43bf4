"""The installed program as the demo runs it: started, asked, stopped, always as a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from vbdaemon.demo.listing import Listed
from vbdaemon.errors import VbdaemonError


class DemoFailed(VbdaemonError):
    """The demo could not be played to its end; the message says why."""


class Program(Protocol):
    """A daemon that can be started, asked and stopped."""

    def start(self) -> None:
        """Start it; returns at once."""

    def listing(self) -> tuple[Listed, ...]:
        """What it lists now; empty while it is still starting. Raises DemoFailed when it has ended."""

    def stop(self) -> int:
        """Ask it to end, wait until it has, answer its exit code."""


class InstalledProgram:
    """The vbdaemon of this Python, run on a settings file."""

    def __init__(self, settings: Path, log: Path) -> None:
        self._command = (sys.executable, "-m", "vbdaemon", "--config", str(settings.resolve()))
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the daemon; what it says goes to the log file."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program on our own settings
                (*self._command, "run"), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def listing(self) -> tuple[Listed, ...]:
        """Ask by the command that people use too."""
        if self._process is None or self._process.poll() is not None:
            raise DemoFailed(f"the daemon has ended by itself; its log: {self._log}\n{self._last_words()}")
        try:
            asked = self._ask()
        except subprocess.TimeoutExpired as slow:
            raise DemoFailed(f'"vbdaemon list" gave no answer in a minute; the log: {self._log}') from slow
        if asked.returncode != 0 or not asked.stdout.strip():
            return ()
        return tuple(Listed.of(row) for row in json.loads(asked.stdout))

    def _ask(self) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 - as above
            (*self._command, "list", "--json"), stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60
        )

    def stop(self) -> int:
        """SIGTERM, and SIGKILL when that does not help within a minute."""
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            return self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-10:])
