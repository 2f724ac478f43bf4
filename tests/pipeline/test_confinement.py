"""What a worker gives up; where the system does not let it, it works all the same."""

import os
import subprocess
import sys

import pytest

from vbdaemon.pipeline.confinement import stand_back


def test_a_service_that_may_not_stand_back_works_all_the_same(monkeypatch):
    asked = []

    def refused(steps: int) -> int:
        asked.append(steps)
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "nice", refused)
    stand_back(10)
    stand_back(0)
    assert asked == [10]  # even "no steps back" is a call that a service's filter may refuse


OWNER = """
import os
from vbdaemon.pipeline.confinement import give_up_root
os.setegid(65534)
os.seteuid(65534)
give_up_root()
print(os.getresuid(), os.getresgid(), os.getgroups())
os.seteuid(0)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has something to give up")
def test_the_worker_of_a_command_that_root_typed_cannot_become_root_again():
    done = subprocess.run((sys.executable, "-c", OWNER), capture_output=True, text=True, check=False)
    assert done.stdout == "(65534, 65534, 65534) (65534, 65534, 65534) []\n"
    assert "PermissionError" in done.stderr
