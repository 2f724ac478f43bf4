"""One recipient down, one slow, one whose disk is full, one renamed: each holds up only itself, and all get it."""

import asyncio
import subprocess
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller

from vbdaemon.demo.post import free_port

pytestmark = pytest.mark.journey

FINE, FULL, RENAMED = "xa-ha-lam", "thi-tran-ben-lam", "phong-tai-chinh-ke-hoach"
SLOW, DOWN = "vanthu@cham.example", "vanthu@hong.example"
HERE = "127.0.0.1"


class Relay:
    """A relay that takes its time for one domain, and for another says that it is out of order."""

    def __init__(self):
        self.got, self.down = [], True

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802 - aiosmtpd's name
        if address == DOWN and self.down:
            return "451 4.3.0 the mailbox's host is down"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if SLOW in envelope.rcpt_tos:
            await asyncio.sleep(3)
        self.got += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 OK"


@contextmanager
def small_disk(folder):
    """A disk of 64 KB mounted there, smaller than the document."""
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mount.returncode:
        pytest.skip("may not mount a small disk here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def relay():
    handler = Relay()
    controller = Controller(handler, hostname=HERE, port=free_port(), ready_timeout=30)
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def troubled(station, relay):
    station.change("exchange", settle_seconds=0.5)
    station.change("notices", receipts=["01", "03", "04"], pdf=False)
    station.change("smarthost", host=HERE, port=relay.port, security="plain", sender="vanthu@huyen.example")
    station.add_unit("H40.81", "Cơ quan trả lời chậm", SLOW, served=True)
    station.add_unit("H40.82", "Cơ quan đang hỏng máy chủ", DOWN, served=True)
    station.add("routes.toml", "route", to=["H40.81", "H40.82"])
    return station


def forwards(station):
    rows = station.rows("SELECT address, state FROM deliveries WHERE kind = 'forward'")
    return {address.split("/")[0]: state for address, state in rows}


def statuses(station):
    return sorted(notice["status"] for notice in station.notices("phong-noi-vu"))


def test_each_trouble_holds_up_itself_alone_and_ends_with_it(troubled, relay, papers):
    inbox = troubled.exchange / RENAMED / "nhan"
    inbox.mkdir(parents=True, exist_ok=True)
    full = troubled.exchange / FULL / "nhan"
    full.mkdir(parents=True, exist_ok=True)
    troubled.start()
    with small_disk(full):
        away = inbox.rename(inbox.with_name("nhan-cu"))
        for file in papers("letter"):
            troubled.drop("phong-noi-vu/gui", file.name, file.body)
        troubled.until(lambda: forwards(troubled).get(FINE) == "DELIVERED", "the one without trouble", 20)
        troubled.until(lambda: forwards(troubled).get(SLOW) == "DELIVERED", "the slow one", 20)
        attempts = "SELECT count(*) FROM deliveries WHERE kind = 'forward' AND attempts > 0"
        troubled.until(lambda: troubled.rows(attempts) == [(5,)], "an attempt at each")
        waiting = {unit for unit, state in forwards(troubled).items() if state == "DUE"}
        assert waiting == {FULL, RENAMED, DOWN}
        assert statuses(troubled) == ["03"]
        assert not list(full.iterdir())

        subprocess.run(["mount", "-o", "remount,size=50m", str(full)], check=True)
        away.rename(inbox)
        relay.down = False
        troubled.until(lambda: set(forwards(troubled).values()) == {"DELIVERED"}, "all of them", 150)
        troubled.until(lambda: statuses(troubled) == ["03", "04"], "word to the sender")
        wanted = {file.name for file in papers("letter")}
        for unit in (FINE, FULL, RENAMED):
            ((_, files),) = troubled.delivered(unit).items()
            assert wanted <= set(files)
    assert sorted(address for address, _ in relay.got) == sorted([SLOW, DOWN])
    troubled.settled(1)
    assert statuses(troubled) == ["03", "04"]
