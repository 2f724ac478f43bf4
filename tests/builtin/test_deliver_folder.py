"""Delivery into folders under the exchange root."""

import errno
import hashlib
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vbdaemon.builtin.deliver_folder import deliver
from vbdaemon.model import Delivery, DeliveryKind, Destination, OutcomeKind, OutgoingFile, Snapshot

NAME = "0123_2025-01-15_299-UBND-TTHC"
DELIVERED, DEFERRED, FAILED = OutcomeKind.DELIVERED, OutcomeKind.DEFERRED, OutcomeKind.FAILED


def sha(body):
    return hashlib.sha256(body).hexdigest()


def made(name, body):
    return OutgoingFile(name, sha(body), body=body)


def forward(id_="d-1", address="phong-noi-vu/nhan", scheme="folder", name=NAME):
    return Delivery(
        id_, "s-1", DeliveryKind.FORWARD, Destination(scheme, address), name, datetime(2025, 1, 15, tzinfo=UTC)
    )


def notice(id_="n-1", address="phong-noi-vu/ket-qua", name="s-1_tu-choi"):
    return Delivery(
        id_, "s-1", DeliveryKind.NOTICE, Destination("folder", address), name, datetime(2025, 1, 15, tzinfo=UTC)
    )


def notice_files(words="lý do"):
    return tuple(made(f"s-1_tu-choi.{ending}", f"{words} {ending}".encode()) for ending in ("html", "json", "txt"))


@pytest.fixture
def exchange(tmp_path):
    for folder in ("nhan", "ket-qua"):
        (tmp_path / "exchange" / "phong-noi-vu" / folder).mkdir(parents=True)
    return tmp_path / "exchange"


@pytest.fixture
def snapshot(exchange):
    return Snapshot("1", exchange=exchange)


@pytest.fixture
def document(tmp_path):
    """A document with an original on disk and the two files that we make."""

    def make(id_="d-1", body=b"%PDF original", name="công văn.pdf"):
        original = tmp_path / "original.pdf"
        original.write_bytes(body)
        return (
            OutgoingFile(name, sha(body), path=str(original)),
            made("phieu-ket-qua-kiem-tra.html", b"<html>"),
            made("vbdaemon.json", json.dumps({"delivery": id_}).encode()),
        )

    return make


@pytest.fixture
def inbox(exchange):
    return exchange / "phong-noi-vu" / "nhan"


@pytest.fixture
def results(exchange):
    return exchange / "phong-noi-vu" / "ket-qua"


def names(folder: Path):
    return sorted(path.name for path in folder.iterdir())


def tree(folder: Path):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class TestADocument:
    def test_it_arrives_as_one_folder_with_its_exact_bytes(self, snapshot, inbox, document):
        outcome = deliver(forward(), document(), snapshot)
        assert outcome.kind is DELIVERED
        assert [path.name for path in inbox.iterdir()] == [NAME]
        assert (inbox / NAME / "công văn.pdf").read_bytes() == b"%PDF original"
        assert names(inbox / NAME) == ["công văn.pdf", "phieu-ket-qua-kiem-tra.html", "vbdaemon.json"]

    def test_the_group_can_read_and_move_it_whatever_the_umask(self, snapshot, inbox, document):
        inbox.chmod(0o2770)
        before = os.umask(0o077)
        try:
            deliver(forward(), document(), snapshot)
        finally:
            os.umask(before)
        assert stat.S_IMODE((inbox / NAME).stat().st_mode) == 0o2770
        assert {stat.S_IMODE(path.stat().st_mode) for path in (inbox / NAME).iterdir()} == {0o660}

    def test_a_repeat_changes_nothing(self, snapshot, inbox, document):
        deliver(forward(), document(), snapshot)
        before = {path: path.stat().st_mtime_ns for path in inbox.rglob("*")}
        assert deliver(forward(), document(), snapshot).kind is DELIVERED
        assert {path: path.stat().st_mtime_ns for path in inbox.rglob("*")} == before

    def test_a_repeat_leaves_alone_what_the_recipient_did_since(self, snapshot, inbox, document):
        deliver(forward(), document(), snapshot)
        (inbox / NAME / "công văn.pdf").unlink()
        assert deliver(forward(), document(), snapshot).kind is DELIVERED
        assert names(inbox) == [NAME]
        assert not (inbox / NAME / "công văn.pdf").exists()

    @pytest.mark.parametrize("kind", ["folder", "empty folder", "file", "link"])
    def test_anothers_folder_of_that_name_is_never_touched(self, snapshot, inbox, document, kind):
        other = inbox / NAME
        if kind == "file":
            other.write_text("khác")
        elif kind == "link":
            other.symlink_to("/etc")
        else:
            other.mkdir()
        if kind == "folder":
            (other / "công văn.pdf").write_text("khác")
        before = tree(inbox)
        assert deliver(forward(), document(), snapshot).kind is DELIVERED
        assert (inbox / f"{NAME}_2" / "công văn.pdf").read_bytes() == b"%PDF original"
        assert before.items() <= tree(inbox).items()
        assert deliver(forward(), document(), snapshot).kind is DELIVERED
        assert names(inbox) == [NAME, f"{NAME}_2"]

    def test_a_repeat_finds_its_own_folder_though_the_other_is_gone(self, snapshot, inbox, document):
        (inbox / NAME).mkdir()
        deliver(forward(), document(), snapshot)
        (inbox / NAME).rmdir()
        deliver(forward(), document(), snapshot)
        assert names(inbox) == [f"{NAME}_2"]

    def test_two_deliveries_of_one_name_are_two_folders(self, snapshot, inbox, document):
        deliver(forward("d-1"), document("d-1"), snapshot)
        deliver(forward("d-2"), document("d-2", b"%PDF other"), snapshot)
        assert (inbox / NAME / "công văn.pdf").read_bytes() == b"%PDF original"
        assert (inbox / f"{NAME}_2" / "công văn.pdf").read_bytes() == b"%PDF other"

    def test_a_marker_that_is_no_json_belongs_to_another(self, snapshot, inbox, document):
        (inbox / NAME).mkdir()
        (inbox / NAME / "vbdaemon.json").write_bytes(b"[" * 100_000)
        assert deliver(forward(), document(), snapshot).kind is DELIVERED
        assert (inbox / f"{NAME}_2").is_dir()

    def test_a_sender_cannot_put_his_file_in_place_of_ours(self, snapshot, inbox, document):
        deliver(forward(), document(name="VBDAEMON.json"), snapshot)
        assert json.loads((inbox / NAME / "vbdaemon.json").read_text()) == {"delivery": "d-1"}
        assert (inbox / NAME / "VBDAEMON_2.json").read_bytes() == b"%PDF original"

    @pytest.mark.parametrize("name", ["../../x.pdf", "a/b.pdf", "CON", "..", "x" * 300 + ".pdf", "a\nb.pdf"])
    def test_a_hostile_file_name_stays_inside(self, snapshot, exchange, inbox, document, name):
        assert deliver(forward(), document(name=name), snapshot).kind is DELIVERED
        assert len(names(inbox / NAME)) == 3
        assert names(exchange) == ["phong-noi-vu"]

    def test_a_hostile_delivery_name_stays_inside(self, snapshot, exchange, inbox, document):
        assert deliver(forward(id_="../../d", name="../.."), document(), snapshot).kind is DELIVERED
        assert names(exchange) == ["phong-noi-vu"]
        assert len(names(inbox)) == 1


class TestANotice:
    def test_its_files_lie_side_by_side(self, snapshot, results):
        outcome = deliver(notice(), notice_files(), snapshot)
        assert outcome.kind is DELIVERED
        assert names(results) == ["s-1_tu-choi.html", "s-1_tu-choi.json", "s-1_tu-choi.txt"]
        assert (results / "s-1_tu-choi.txt").read_text() == "lý do txt"
        assert stat.S_IMODE((results / "s-1_tu-choi.txt").stat().st_mode) == 0o660

    def test_a_repeat_changes_nothing_and_completes_what_a_crash_left(self, snapshot, results):
        deliver(notice(), notice_files(), snapshot)
        stamp = (results / "s-1_tu-choi.html").stat().st_mtime_ns
        (results / "s-1_tu-choi.json").unlink()
        assert deliver(notice(), notice_files(), snapshot).kind is DELIVERED
        assert (results / "s-1_tu-choi.html").stat().st_mtime_ns == stamp
        assert len(names(results)) == 3

    def test_another_notice_of_that_name_is_never_overwritten(self, snapshot, results):
        deliver(notice("n-1"), notice_files("một"), snapshot)
        deliver(notice("n-2"), notice_files("hai"), snapshot)
        deliver(notice("n-2"), notice_files("hai"), snapshot)
        assert (results / "s-1_tu-choi.txt").read_text() == "một txt"
        assert (results / "s-1_tu-choi_2.txt").read_text() == "hai txt"
        assert len(names(results)) == 6

    def test_a_link_in_place_of_a_notice_is_not_written_through(self, snapshot, results, tmp_path):
        (tmp_path / "secret").write_text("giữ nguyên")
        (results / "s-1_tu-choi.txt").symlink_to(tmp_path / "secret")
        assert deliver(notice(), notice_files(), snapshot).kind is DELIVERED
        assert (tmp_path / "secret").read_text() == "giữ nguyên"
        assert (results / "s-1_tu-choi_2.txt").read_text() == "lý do txt"

    @pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP, errno.EMLINK])
    def test_a_share_without_hard_links_gets_it_too(self, snapshot, results, monkeypatch, code):
        def no_links(*_args, **_kwargs):
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(os, "link", no_links)
        (results / "s-1_tu-choi.txt").write_text("khác")
        assert deliver(notice(), notice_files(), snapshot).kind is DELIVERED
        assert (results / "s-1_tu-choi.txt").read_text() == "khác"
        assert names(results)[-3:] == [f"s-1_tu-choi_2.{e}" for e in ("html", "json", "txt")]


class TestWhatStandsInTheWay:
    def test_another_scheme_is_not_ours(self, snapshot):
        assert deliver(forward(scheme="smtp"), (), snapshot) is None

    def test_without_an_exchange_folder_it_waits(self, document):
        assert deliver(forward(), document(), Snapshot("1")).kind is DEFERRED

    @pytest.mark.parametrize("address", ["", "/etc", "../x", "phong-noi-vu/../x", "a//b", "./nhan", "a\0b"])
    def test_an_address_that_leads_elsewhere_fails_for_good(self, snapshot, document, address):
        assert deliver(forward(address=address), document(), snapshot).kind is FAILED

    @pytest.mark.parametrize("address", ["phong-moi/nhan", "phong-noi-vu/nhan-moi"])
    def test_a_missing_folder_is_named_and_it_waits(self, snapshot, document, address):
        outcome = deliver(forward(address=address), document(), snapshot)
        assert outcome.kind is DEFERRED
        assert "does not exist" in outcome.words
        assert address.split("/")[-1 if address.startswith("phong-noi-vu") else 0] in outcome.words

    def test_a_missing_root_is_said_and_it_waits(self, tmp_path, document):
        outcome = deliver(forward(), document(), Snapshot("1", exchange=tmp_path / "gone"))
        assert outcome.kind is DEFERRED
        assert "exchange folder" in outcome.words

    @pytest.mark.parametrize("level", ["unit", "folder"])
    def test_a_link_on_the_way_is_refused(self, snapshot, exchange, tmp_path, document, level):
        elsewhere = tmp_path / "elsewhere"
        (elsewhere / "nhan").mkdir(parents=True)
        if level == "unit":
            (exchange / "ban").symlink_to(elsewhere)
            address = "ban/nhan"
        else:
            (exchange / "phong-noi-vu" / "ban").symlink_to(elsewhere / "nhan")
            address = "phong-noi-vu/ban"
        outcome = deliver(forward(address=address), document(), snapshot)
        assert outcome.kind is DEFERRED
        assert "is a link" in outcome.words
        assert tree(elsewhere) == {}

    def test_a_file_on_the_way_is_no_folder(self, snapshot, exchange, document):
        (exchange / "tep").write_text("")
        outcome = deliver(forward(address="tep/nhan"), document(), snapshot)
        assert (outcome.kind, "not a folder" in outcome.words) == (DEFERRED, True)

    def test_a_link_planted_under_our_temporary_name_is_refused(self, snapshot, inbox, tmp_path, document):
        (tmp_path / "elsewhere").mkdir()
        (inbox / ".vbdaemon-tmp-d-1").symlink_to(tmp_path / "elsewhere")
        outcome = deliver(forward(), document(), snapshot)
        assert (outcome.kind, ".vbdaemon-tmp-d-1" in outcome.words) == (DEFERRED, True)
        assert tree(tmp_path / "elsewhere") == {}

    def test_what_an_interrupted_attempt_left_is_cleared_away(self, snapshot, inbox, document):
        (inbox / ".vbdaemon-tmp-d-1" / "sub").mkdir(parents=True)
        (inbox / ".vbdaemon-tmp-d-1" / "công văn.pdf").write_bytes(b"%PDF ori")
        assert deliver(forward(), document(), snapshot).kind is DELIVERED
        assert names(inbox) == [NAME]


class TestFaults:
    @pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
    def test_a_full_disk_at_any_sync_defers_and_a_repeat_delivers_once(
        self, snapshot, inbox, document, monkeypatch, at, code
    ):
        calls = []
        real = os.fsync

        def failing(fd):
            calls.append(fd)
            if len(calls) == at:
                raise OSError(code, os.strerror(code))
            real(fd)

        monkeypatch.setattr(os, "fsync", failing)
        outcome = deliver(forward(), document(), snapshot)
        assert outcome.kind is DEFERRED
        assert "phong-noi-vu/nhan" in outcome.words
        assert not [name for name in names(inbox) if name.startswith(".")]
        assert deliver(forward(), document(), snapshot).kind is DELIVERED
        assert names(inbox) == [NAME]
        assert len(tree(inbox)) == 3

    @pytest.mark.parametrize("at", [1, 2, 3, 4])
    def test_a_full_disk_while_a_notice_is_written_defers(self, snapshot, results, monkeypatch, at):
        calls = []

        def failing(fd):
            calls.append(fd)
            if len(calls) == at:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", failing)
        assert deliver(notice(), notice_files(), snapshot).kind is DEFERRED
        assert deliver(notice(), notice_files(), snapshot).kind is DELIVERED
        assert len(names(results)) == 3

    def test_a_share_that_cannot_sync_folders_still_gets_it(self, snapshot, inbox, document, monkeypatch):
        real = os.fsync

        def files_only(fd):
            if stat.S_ISDIR(os.fstat(fd).st_mode):
                raise OSError(errno.EINVAL, "Invalid argument")
            real(fd)

        monkeypatch.setattr(os, "fsync", files_only)
        assert deliver(forward(), document(), snapshot).kind is DELIVERED

    def test_missing_rights_defer(self, snapshot, document, monkeypatch):
        def denied(*_args, **_kwargs):
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(os, "mkdir", denied)
        outcome = deliver(forward(), document(), snapshot)
        assert (outcome.kind, "Permission denied" in outcome.words) == (DEFERRED, True)

    def test_a_rename_that_succeeded_and_reported_an_error_is_recognised(self, snapshot, inbox, document, monkeypatch):
        real = os.rename

        def lying(*args, **kwargs):
            real(*args, **kwargs)
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(os, "rename", lying)
        assert deliver(forward(), document(), snapshot).kind is DELIVERED
        assert names(inbox) == [NAME]

    def test_a_rename_that_failed_leaves_nothing(self, snapshot, inbox, document, monkeypatch):
        def failing(*_args, **_kwargs):
            raise OSError(errno.ESTALE, "Stale file handle")

        monkeypatch.setattr(os, "rename", failing)
        assert deliver(forward(), document(), snapshot).kind is DEFERRED
        assert names(inbox) == []

    def test_a_placeholder_is_withdrawn_when_the_rename_onto_it_fails(self, snapshot, results, monkeypatch):
        def failing(*_args, **_kwargs):
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", failing)
        monkeypatch.setattr(os, "rename", failing)
        assert deliver(notice(), notice_files(), snapshot).kind is DEFERRED
        assert names(results) == []

    def test_bytes_that_changed_on_the_share_are_withdrawn(self, snapshot, inbox, document, monkeypatch):
        real = os.rename
        spoilt = []

        def spoiling(source, target, **kwargs):
            real(source, target, **kwargs)
            if not spoilt:
                spoilt.append(target)
                (inbox / target / "công văn.pdf").write_bytes(b"%PDF 0riginal")

        monkeypatch.setattr(os, "rename", spoiling)
        outcome = deliver(forward(), document(), snapshot)
        assert (outcome.kind, "read back" in outcome.words) == (DEFERRED, True)
        assert names(inbox) == []

    def test_a_recipient_who_takes_the_folder_at_once_has_it(self, snapshot, inbox, tmp_path, document, monkeypatch):
        real = os.rename

        def taking(source, target, **kwargs):
            real(source, target, **kwargs)
            real(inbox / target, tmp_path / "taken")

        monkeypatch.setattr(os, "rename", taking)
        assert deliver(forward(), document(), snapshot).kind is DELIVERED
        assert len(tree(tmp_path / "taken")) == 3

    @pytest.mark.parametrize("damage", ["changed", "missing"])
    def test_an_original_that_is_not_what_was_stored_never_leaves(self, snapshot, inbox, tmp_path, document, damage):
        files = document()
        if damage == "changed":
            (tmp_path / "original.pdf").write_bytes(b"%PDF damaged!")
        else:
            (tmp_path / "original.pdf").unlink()
        assert deliver(forward(), files, snapshot).kind is DEFERRED
        assert names(inbox) == []

    def test_a_big_file_is_copied_in_pieces(self, snapshot, inbox, document, monkeypatch):
        monkeypatch.setattr("vbdaemon.builtin.deliver_folder_bytes.CHUNK", 1000)
        body = os.urandom(10_500)
        assert deliver(forward(), document(body=body), snapshot).kind is DELIVERED
        assert (inbox / NAME / "công văn.pdf").read_bytes() == body

    def test_no_descriptor_stays_open(self, snapshot, document):
        before = len(names(Path("/proc/self/fd")))
        for address in ("phong-noi-vu/nhan", "phong-noi-vu/khong-co", "khong-co/nhan"):
            deliver(forward(address=address), document(), snapshot)
            deliver(notice(address=address), notice_files(), snapshot)
        assert len(names(Path("/proc/self/fd"))) == before
