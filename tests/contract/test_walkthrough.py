"""The walkthrough of plugins/README.md, followed word by word with the installed program."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

WALK = "## From an empty file to a changed verdict"
END = "--- end of the command ---"
LEFT_OUT = "…"

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


class Shell:
    """One shell for the whole walk, so that what is exported stays."""

    def __init__(self, folder: Path) -> None:
        program = Path(sys.executable).parent
        environment = {**os.environ, "PATH": f"{program}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
        environment.pop("VBDAEMON_CONFIG", None)
        self._bash = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def run(self, command: str) -> str:
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._bash.stdin.write(f"{command}\necho '{END}'\n")
        self._bash.stdin.flush()
        lines = []
        for line in self._bash.stdout:
            if line.rstrip("\n") == END:
                break
            lines.append(line)
        return "".join(lines)

    def close(self) -> None:
        self._bash.communicate()


@pytest.fixture
def shell(tmp_path):
    opened = Shell(tmp_path)
    yield opened
    opened.close()


def commands(body: str) -> list[tuple[str, list[str]]]:
    """Each command of a console block with the lines that it shall print."""
    found: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def pattern(lines: list[str]) -> str:
    """What the guide shows, as a pattern: "…" stands for the rest of a line, or alone for any lines."""
    whole = ""
    for line in lines:
        words = re.escape(line).replace(re.escape(LEFT_OUT), ".*")
        whole += "(?:.*\n)*?" if line == LEFT_OUT else f"{words} *\n"
    return whole


def test_the_walkthrough_prints_what_the_guide_shows(plugin_guide, shell, tmp_path):
    steps = [block for block in plugin_guide.blocks if block.heading == WALK]
    ran = 0
    for block in steps:
        if block.language == "python":
            (tmp_path / block.body.split("\n", 1)[0].removeprefix("# ")).write_text(block.body, encoding="utf-8")
            continue
        for command, shown in commands(block.body):
            printed = shell.run(command)
            ran += 1
            assert re.fullmatch(pattern(shown), printed), f"{command}\nshown:\n{shown}\nprinted:\n{printed}"

    assert ran > 10
