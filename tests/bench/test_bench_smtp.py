"""Messages a second through our mail listener and through Postfix, each synced to the same disk before its 250."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

PROCESS = Path(__file__).parents[1] / "intake/smtp/process.py"
TURNS = int(os.environ.get("VBDAEMON_BENCH_TURNS", "3"))
SIZES = ((10_000, 300), (1_000_000, 60))
"""Bytes of a message, and messages in one turn."""
SESSIONS = (1, 10, 50)
AIM = 0.9
SENDER, OFFICE = "vanthu@so-mot.example", "vanthu@songlam.example"
MAIN_CF = """compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
message_size_limit = 200000000
mailbox_size_limit = 0
smtpd_recipient_restrictions = static:HOLD, permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
maillog_file_prefixes = {root}
maillog_file = {root}/log
"""
"""Queue only: messages are kept in the hold queue, nothing is delivered beside the measurement."""
MASTER_CF = """{port} inet n - n - 100 smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@pytest.fixture
def root() -> Iterator[Path]:
    """On the disk, and open to Postfix' own user."""
    made = Path("/var/tmp") / f"vbdaemon-bench-{os.getpid()}"
    made.mkdir()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def postfix(root: Path) -> Iterator[int]:
    """Port of a Postfix that only queues."""
    if os.geteuid() != 0 or shutil.which("postfix") is None or shutil.which("smtp-source") is None:
        pytest.skip("needs Postfix with smtp-source, and root to start it")
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = int(taken.getsockname()[1])
    for name in ("conf", "queue", "data"):
        (root / name).mkdir()
    os.chown(root / "data", pwd.getpwnam("postfix").pw_uid, -1)
    (root / "conf/main.cf").write_text(MAIN_CF.format(root=root))
    (root / "conf/master.cf").write_text(MASTER_CF.format(port=port))
    tell_postfix = ["postfix", "-c", str(root / "conf")]
    subprocess.run([*tell_postfix, "start"], capture_output=True, check=True)
    yield port
    subprocess.run([*tell_postfix, "stop"], capture_output=True, check=False)


@pytest.fixture
def ours(root: Path) -> Iterator[tuple[int, int]]:
    """Process and port of our listener, with admission and nothing else."""
    (root / "ours").mkdir()
    process = subprocess.Popen([sys.executable, str(PROCESS), str(root / "ours")], stdout=subprocess.PIPE, text=True)
    yield process.pid, int(process.stdout.readline().split()[0])
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    process.stdout.close()


def test_messages_a_second_beside_postfix(
    postfix: int, ours: tuple[int, int], processor_seconds: Callable[[int], float]
):
    pid, port = ours
    tell(f"\nmessages a second, best of {TURNS} turns each, in alternation; load {os.getloadavg()[0]:.1f}")
    tell(f"  {'size':>9} {'sessions':>8} {'Postfix':>8} {'ours':>8} {'ratio':>6}   processor, ms each")
    for size, count in SIZES:
        for sessions in SESSIONS:
            for warm in (postfix, port):
                send(warm, size, sessions, max(sessions, 10))
            theirs, mine, spent = [], [], []
            for _ in range(TURNS):
                theirs.append(send(postfix, size, sessions, count))
                before = processor_seconds(pid)
                mine.append(send(port, size, sessions, count))
                spent.append((processor_seconds(pid) - before) / count * 1000)
            ratio = max(mine) / max(theirs)
            mark = "" if ratio >= AIM else f"  below the aim of {AIM}"
            row = (
                f"  {size:>9,} {sessions:>8} {max(theirs):8.0f} {max(mine):8.0f} {ratio:6.2f}   {min(spent):.2f}{mark}"
            )
            tell(row)


def send(port: int, size: int, sessions: int, count: int) -> float:
    """Messages a second of one run of smtp-source."""
    words = ["smtp-source", "-4", "-s", str(sessions), "-l", str(size), "-m", str(count), "-f", SENDER, "-t", OFFICE]
    began = time.perf_counter()
    subprocess.run([*words, f"127.0.0.1:{port}"], check=True, capture_output=True, timeout=300)
    return count / (time.perf_counter() - began)


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
