"""One daemon owns a state: the kernel holds the lock, and lets it go with the process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vbdaemon.claim import Ownership
from vbdaemon.errors import SpoolError, StateLocked

OWN = """
import pathlib, sys
from vbdaemon.claim import Ownership
Ownership(pathlib.Path(sys.argv[1])).take()
print("mine", flush=True)
sys.stdin.read()
"""


def test_the_second_owner_is_refused_until_the_first_lets_go(tmp_path: Path):
    first, second = Ownership(tmp_path / "spool"), Ownership(tmp_path / "spool")
    first.take()
    assert (tmp_path / "spool" / "daemon.lock").read_text() == f"{os.getpid()}\n"
    with pytest.raises(StateLocked, match="Another vbdaemon owns this state"):
        second.take()
    first.release()
    first.release()
    second.take()
    second.release()


def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path: Path):
    (tmp_path / "daemon.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SpoolError, match="symbolic links"):
        Ownership(tmp_path).take()
    assert not (tmp_path / "elsewhere").exists()


def test_the_lock_goes_with_its_process_however_it_ends(tmp_path: Path):
    command = [sys.executable, "-c", OWN, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(StateLocked):
            Ownership(tmp_path).take()
        other.kill()
    owner = Ownership(tmp_path)
    owner.take()
    owner.release()
