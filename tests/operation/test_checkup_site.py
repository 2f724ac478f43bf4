"""`vbdaemon check` on disks, people, clock, ports and certificates: each problem with its remedy."""

import os
import struct
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from vbdaemon.config import parse_settings
from vbdaemon.folders import lay_out
from vbdaemon.model import Account, AccountRole, MailRules, Outcome, Security, Smarthost
from vbdaemon.operation import checkup, checkup_access, checkup_clock, checkup_disk, checkup_network
from vbdaemon.operation.checkup import Weight
from vbdaemon.operation.checkup_clock import Clocks
from vbdaemon.testing import NOON, make_snapshot, make_unit

ERROR, WARNING, NOTE = Weight.ERROR, Weight.WARNING, Weight.NOTE
DAY = timedelta(days=1)


@pytest.fixture
def site(tmp_path):
    (tmp_path / "config").mkdir()
    return lambda **tables: parse_settings(tables, tmp_path / "config" / "vbdaemon.toml")


def units(*folders):
    """A snapshot with a unit for each folder."""
    clerk = Account("vanthu", AccountRole.CLERK, drop="gui")
    return make_snapshot(*(make_unit(f"H{n}", folder=name, accounts=(clerk,)) for n, name in enumerate(folders)))


def found(problems):
    return [(problem.weight, problem.what) for problem in problems]


# --- Disks


def mounts(tmp_path, **kinds):
    """A mount table: the disk, and further mounts below the site by their place ("spool_tmp" = spool/tmp)."""
    lines = [f"none {tmp_path / place.replace('_', '/')} {kind} rw 0 0" for place, kind in kinds.items()]
    return "\n".join(["/dev/sda1 / ext4 rw 0 0", *lines])


def test_a_site_on_a_local_disk_has_no_problems_with_it(site, tmp_path):
    assert found(checkup_disk.check_mounts(site(), units("a"), mounts(tmp_path))) == []


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p"])
def test_a_spool_on_a_share_is_an_error(site, tmp_path, kind):
    (tmp_path / "spool").mkdir()
    ((weight, what),) = found(checkup_disk.check_mounts(site(), units(), mounts(tmp_path, spool=kind)))
    assert (weight, f"the spool lies on {kind}" in what) == (ERROR, True)


def test_a_state_beside_the_spool_is_looked_at_too_and_memory_is_a_warning(site, tmp_path):
    (tmp_path / "db").mkdir()
    settings = site(state={"url": f"sqlite:///{tmp_path}/db/state.sqlite3"})
    ((weight, what),) = found(checkup_disk.check_mounts(settings, units(), mounts(tmp_path, db="tmpfs")))
    assert (weight, "a power cut loses everything" in what) == (WARNING, True)


def test_a_share_that_tells_nothing_of_new_files_is_told_once(site, tmp_path):
    snapshot = units("a", "b")
    lay_out(site(), snapshot)
    notes = found(checkup_disk.check_mounts(site(), snapshot, mounts(tmp_path, exchange="cifs")))
    assert [weight for weight, _ in notes] == [NOTE]
    assert "lies on cifs, where inotify tells nothing of new files: it is swept every 5 s" in notes[0][1]


def test_files_must_be_movable_in_one_step(site, tmp_path, monkeypatch):
    (tmp_path / "spool" / "tmp").mkdir(parents=True)
    assert found(checkup_disk.check_moves(site(), units())) == []
    elsewhere = (path for path in map(Path, ("/dev/shm", "/proc")) if path.stat().st_dev != tmp_path.stat().st_dev)
    (tmp_path / "spool" / "outgoing").symlink_to(next(elsewhere))
    ((weight, what),) = found(checkup_disk.check_moves(site(), units()))
    assert (weight, "lie on different file systems" in what) == (ERROR, True)


def test_folders_that_the_daemon_will_make_are_a_note(site):
    ((weight, what),) = found(checkup.check_folders(site(), units("a", "b")))
    assert (weight, what.startswith("4 drop folders are not there yet")) == (NOTE, True)


# --- People


def access(settings, snapshot):
    return found(checkup_access.check_access(settings, snapshot))


def closed(tmp_path, *folders, gid=4242):
    """Folders of units as the guide has them: closed to others, each with a group of its own."""
    for number, name in enumerate(folders):
        for path in (tmp_path / "exchange" / name, *(tmp_path / "exchange" / name).iterdir()):
            path.chmod(0o770)
            os.chown(path, -1, gid + number)


@pytest.mark.skipif(os.geteuid() != 0, reason="giving folders to another group needs root")
def test_units_whose_folders_are_closed_to_each_other_are_no_problem(site, tmp_path):
    snapshot = units("a", "b")
    lay_out(site(), snapshot)
    closed(tmp_path, "a", "b")
    assert access(site(), snapshot) == []
    (tmp_path / "exchange" / "a").chmod(0o775)
    (tmp_path / "exchange" / "a" / "nhan").chmod(0o775)
    ((weight, what),) = access(site(), snapshot)
    assert (weight, what.startswith("everybody on this machine can read 1 of 8 folders")) == (WARNING, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="giving folders to another group needs root")
def test_a_group_that_reads_what_two_units_receive_is_named(site, tmp_path):
    snapshot = units("a", "b")
    lay_out(site(), snapshot)
    closed(tmp_path, "a")
    closed(tmp_path, "b")
    assert access(site(), snapshot) == [(WARNING, "group 4242 can read what each of H0, H1 receives")]


def test_an_access_list_names_further_readers(tmp_path, monkeypatch):
    entries = [(0x01, 7, 0xFFFFFFFF), (0x02, 4, 1001), (0x02, 2, 1002), (0x04, 7, 0xFFFFFFFF), (0x08, 7, 2001)]
    raw = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *each) for each in [*entries, (0x10, 5, 0xFFFFFFFF)])
    monkeypatch.setattr(checkup_access.os, "getxattr", lambda *_: raw)
    own = tmp_path.stat().st_gid
    assert {(reader.kind, reader.id) for reader in checkup_access.readers(tmp_path)} == {
        ("user", 1001),
        ("group", own),
        ("group", 2001),
    }


# --- Clock


def clock(now=NOON, **said):
    clocks = Clocks(**{"now": now, "file": now, "synchronized": True, "installed": NOON - DAY, **said})
    return found(checkup_clock.check_clock(clocks, said.pop("newest", None)))


def test_a_clock_that_is_kept_right_is_no_problem():
    assert clock() == []
    assert clock(synchronized=None, file=None) == []


def test_a_clock_that_nothing_keeps_right_is_a_warning():
    assert [weight for weight, _ in clock(synchronized=False)] == [WARNING]


def test_a_file_system_with_another_time_is_told_with_the_seconds():
    ((weight, what),) = clock(file=NOON + timedelta(seconds=90))
    assert (weight, "+90 s" in what) == (WARNING, True)


def test_a_clock_behind_the_installation_or_the_last_submission_is_an_error():
    ((weight, what),) = clock(installed=NOON + DAY)
    assert (weight, "this program was installed at 03/03/2026" in what) == (ERROR, True)
    clocks = Clocks(NOON, NOON, synchronized=True, installed=NOON)
    assert [each.weight for each in checkup_clock.check_clock(clocks, NOON + DAY)] == [ERROR]
    assert list(checkup_clock.check_clock(clocks, NOON)) == []


def test_the_clocks_of_this_machine_can_be_read(tmp_path):
    clocks = Clocks.read(tmp_path)
    assert clocks.file is not None
    assert abs((clocks.file - clocks.now).total_seconds()) < 60
    assert clocks.installed < clocks.now
    assert list(tmp_path.iterdir()) == []
    assert Clocks.read(tmp_path / "missing").file is None


# --- Ports, certificate, smarthost


def test_a_port_that_cannot_be_listened_on_is_an_error_with_its_own_remedy(site):
    settings = site(
        smtp={"listen": ["127.0.0.1:25", "systemd:smtp"], "listen_lmtp": ["[::1]:2424"]},
        metrics={"listen": "127.0.0.1:9273"},
    )
    asked = []
    problems = list(checkup_network.check_ports(settings, lambda *where: asked.append(where) or "in use"))
    assert asked == [("127.0.0.1", 25), ("[::1]", 2424), ("127.0.0.1", 9273)]
    assert ["vbdaemon-smtp.socket" in each.remedy for each in problems] == [True, False, False]
    assert list(checkup_network.check_ports(settings, lambda *_: "")) == []


def test_a_port_is_tried_for_a_moment():
    assert checkup_network.can_listen("127.0.0.1", 0) == ""
    assert checkup_network.can_listen("[::2]", 0) != ""


@pytest.fixture
def certified(site, tmp_path):
    """Settings with a certificate that ends at a moment."""

    def make(ends, hostname="thu.example"):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hostname)])
        built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        built = built.not_valid_before(NOON - DAY).not_valid_after(ends)
        built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(hostname)]), critical=False)
        body = built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
        (tmp_path / "config" / "c.pem").write_bytes(body)
        return site(smtp={"listen": ["127.0.0.1:0"], "certificate": "c.pem", "key": "k.pem", "hostname": "thu.example"})

    return make


@pytest.mark.parametrize(
    ("ends", "weights"),
    [(NOON + 31 * DAY, []), (NOON + 29 * DAY, [WARNING]), (NOON - timedelta(hours=1), [ERROR])],
    ids=["valid", "soon", "over"],
)
def test_a_certificate_that_ends_is_told_in_time(certified, ends, weights):
    assert [each.weight for each in checkup_network.check_certificate(certified(ends), NOON)] == weights


def test_a_certificate_for_another_name_is_a_warning(certified):
    assert found(checkup_network.check_certificate(certified(NOON + 90 * DAY, "*.example"), NOON)) == []
    ((_, what),) = found(checkup_network.check_certificate(certified(NOON + 90 * DAY, "khac.example"), NOON))
    assert "does not name hostname thu.example" in what


HOST = Smarthost("mail.example", 587, Security.STARTTLS, "a@b.example", "b.example")
SMARTHOST = {"host": "mail.example", "sender": "a@b.example"}


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.delivered("in"), []),
        (Outcome.deferred("smarthost refuses our login"), [(ERROR, "[smarthost] smarthost refuses our login")]),
    ],
    ids=["in", "out"],
)
def test_the_smarthost_is_knocked_at(site, outcome, expected):
    snapshot = make_snapshot(mail=MailRules(smarthost=HOST))
    problems = checkup_network.check_smarthost(site(smarthost=SMARTHOST), snapshot, {}, lambda *_: outcome)
    assert found(problems) == expected


def test_a_password_that_only_the_service_gets_is_not_missed(site):
    settings = site(smarthost={**SMARTHOST, "username": "u", "password": "credential:thu"})
    snapshot = make_snapshot(mail=MailRules(smarthost=HOST))
    problems = found(checkup_network.check_smarthost(settings, snapshot, {}, None))
    assert problems == [(NOTE, "the login at [smarthost] was not tried")]
    account = {"name": "t", "host": "mail.example", "username": "x", "password": "credential:t"}
    assert found(checkup.check_mailboxes(site(imap=[account]), {})) == [(NOTE, "mailbox t was not tried")]
