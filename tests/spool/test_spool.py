"""The spool: on disk before anything is promised, never another's bytes, harmless when repeated."""

import json
import os
import stat
from pathlib import Path

import pytest

from vbdaemon.errors import SpoolDamaged, SpoolError
from vbdaemon.model import Channel, Envelope
from vbdaemon.spool.store import Spool, sha256_of
from vbdaemon.testing import NOON

ID = "260302-ABCDEFGH"
ENVELOPE = Envelope("phong-noi-vu/gui", Channel.FOLDER, NOON, "H1.1", "phong-noi-vu/gui")


@pytest.fixture
def tmp_path(in_memory: Path) -> Path:
    """Every step is synced to disk, and no test here cuts the power."""
    return in_memory


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    spool = Spool(tmp_path / "spool")
    spool.prepare()
    return spool


def add(incoming, name: str, body: bytes, tmp_path: Path):
    source = tmp_path / "source"
    source.write_bytes(body)
    fd = os.open(source, os.O_RDONLY)
    try:
        return incoming.add(name, fd)
    finally:
        os.close(fd)


def seal(spool: Spool, tmp_path: Path, *bodies: bytes, id_: str = ID, names: tuple[str, ...] = ()) -> Path:
    incoming = spool.begin(id_)
    for number, body in enumerate(bodies):
        add(incoming, names[number] if names else f"tep-{number}.pdf", body, tmp_path)
    return incoming.seal(ENVELOPE)


def test_what_is_sealed_is_loaded_as_it_was_handed_in(spool, tmp_path):
    big = os.urandom(3_000_000)
    folder = seal(spool, tmp_path, b"", b"%PDF", big)
    stored = spool.verify(ID)
    assert (stored.id, stored.envelope) == (ID, ENVELOPE)
    assert [f.size for f in stored.files] == [0, 4, 3_000_000]
    assert [(folder / f.stored).read_bytes() for f in stored.files] == [b"", b"%PDF", big]
    assert list(spool.sealed()) == [ID]
    assert list(spool.drafts()) == []


def test_everything_is_synced_before_it_gets_its_name(spool, tmp_path, monkeypatch):
    """Files, then the folder that names them, then the rename, then the folder that names the folder."""
    steps: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def name_of(fd: int) -> str:
        return os.path.relpath(Path(f"/proc/self/fd/{fd}").readlink(), spool.root)

    def note_fsync(fd: int) -> None:
        steps.append(f"sync {name_of(fd)}")
        fsync(fd)

    def note_rename(self: Path, target: Path) -> Path:
        steps.append(f"rename {self.relative_to(spool.root)} {target.relative_to(spool.root)}")
        return rename(self, target)

    incoming = spool.begin(ID)
    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "rename", note_rename)
    add(incoming, "a.pdf", b"1", tmp_path)
    incoming.seal(ENVELOPE)
    assert steps == [
        f"sync tmp/{ID}/001",
        f"sync tmp/{ID}/envelope.json",
        f"sync tmp/{ID}",
        "sync submissions",
        f"rename tmp/{ID} submissions/2026-03/{ID}",
        "sync submissions/2026-03",
    ]


def test_a_move_to_quarantine_syncs_both_folders(spool, tmp_path, monkeypatch):
    seal(spool, tmp_path, b"1")
    synced: list[str] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(Path(f"/proc/self/fd/{fd}").readlink().name), fsync(fd)))
    spool.quarantine(ID)
    assert synced == ["quarantine", "2026-03"]


def test_others_can_read_nothing(spool, tmp_path):
    old = os.umask(0)
    try:
        spool.prepare()
        folder = seal(spool, tmp_path, b"1")
    finally:
        os.umask(old)
    for path in (spool.root, *spool.root.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert folder.is_dir()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "001").write_bytes(b"X"), "file 001 is not what was stored"),
        (lambda folder: (folder / "001").unlink(), "001"),
        (lambda folder: (folder / "envelope.json").unlink(), "No such file"),
        (lambda folder: (folder / "envelope.json").write_bytes(b'{"id": '), "envelope file is not readable"),
        (lambda folder: (folder / "envelope.json").write_bytes(b""), "envelope file is not readable"),
        (lambda folder: folder.rename(folder.with_name("elsewhere")), "No such file"),
    ],
    ids=["changed", "missing", "no envelope", "torn envelope", "empty envelope", "no folder"],
)
def test_damage_is_detected_and_said_in_words(spool, tmp_path, damage, words):
    damage(seal(spool, tmp_path, b"1"))
    with pytest.raises(SpoolDamaged, match=words):
        spool.verify(ID)


def test_damage_names_the_submission(spool, tmp_path):
    (seal(spool, tmp_path, b"1") / "envelope.json").write_bytes(b"{}")
    with pytest.raises(SpoolDamaged, match=ID):
        spool.load(ID)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("cong-van.pdf", "cong-van.pdf"),
        ("Tờ trình.pdf".encode().decode(), "Tờ trình.pdf"),
        ("To\u031b\u0300 tri\u0300nh.pdf", "Tờ trình.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\nb\t\"'<>|.pdf", "a\nb\t\"'<>|.pdf"),
        ("\u202egnp.exe", "\u202egnp.exe"),
        ("x" * 250 + ".pdf", "x" * 250 + ".pdf"),
        ("v\udcc4n.pdf", "v\ufffdn.pdf"),
        ("nul\0.pdf", "nul\0.pdf"),
        ("..", ".."),
    ],
    ids=["plain", "nfc", "nfd", "path", "control", "direction", "long", "no utf-8", "nul", "dots"],
)
def test_a_hostile_name_is_a_word_in_the_envelope_and_never_a_path(spool, tmp_path, name, kept):
    folder = seal(spool, tmp_path, b"1", names=(name,))
    assert sorted(p.name for p in folder.iterdir()) == ["001", "envelope.json"]
    assert spool.verify(ID).files[0].name == kept
    assert json.loads((folder / "envelope.json").read_bytes())["files"][0]["name"] == kept


def test_an_abandoned_draft_leaves_nothing(spool, tmp_path):
    incoming = spool.begin(ID)
    add(incoming, "a.pdf", b"1", tmp_path)
    for _ in range(2):
        incoming.abandon()
    assert list(spool.drafts()) == []
    assert list(spool.sealed()) == []
    spool.begin(ID)


def test_a_draft_that_a_crash_left_is_found_and_can_be_discarded(spool, tmp_path):
    add(spool.begin(ID), "a.pdf", b"1", tmp_path)
    assert list(Spool(spool.root).drafts()) == [ID]
    for _ in range(2):
        spool.discard_draft(ID)
    assert list(spool.drafts()) == []


def test_one_id_is_drafted_once(spool):
    spool.begin(ID)
    with pytest.raises(FileExistsError):
        spool.begin(ID)


def test_an_orphan_moves_aside_and_a_repeat_is_harmless(spool, tmp_path):
    seal(spool, tmp_path, b"1")
    for _ in range(2):
        spool.orphan(ID)
    assert list(spool.sealed()) == []
    assert (spool.root / "orphaned" / ID / "001").read_bytes() == b"1"


def test_a_retracted_submission_is_gone_and_a_repeat_is_harmless(spool, tmp_path):
    seal(spool, tmp_path, b"1")
    for _ in range(2):
        spool.retract(ID)
    assert list(spool.sealed()) == []


def test_quarantine_moves_the_bytes_and_a_repeat_is_harmless(spool, tmp_path):
    seal(spool, tmp_path, b"1")
    assert not spool.is_quarantined(ID)
    for _ in range(2):
        spool.quarantine(ID)
    assert spool.is_quarantined(ID)
    assert (spool.root / "quarantine" / ID / "001").read_bytes() == b"1"
    with pytest.raises(SpoolDamaged):
        spool.load(ID)


def test_quarantine_removes_what_was_rendered_of_the_submission(spool, tmp_path):
    """Notices and check sheets quote subject and names."""
    seal(spool, tmp_path, b"1")
    for delivery in (f"{ID}-1", f"{ID}-2", "260302-OTHERONE-1"):
        spool.outgoing(delivery).mkdir()
        (spool.outgoing(delivery) / "phieu.html").write_text("phương án phòng thủ")
    spool.quarantine(ID)
    assert [p.name for p in (spool.root / "outgoing").iterdir()] == ["260302-OTHERONE-1"]


def test_what_the_quarantine_notice_rendered_later_stays(spool, tmp_path):
    """Recovery repeats the move at every start."""
    seal(spool, tmp_path, b"1")
    spool.quarantine(ID)
    spool.outgoing(f"{ID}-3").mkdir()
    spool.quarantine(ID)
    assert spool.outgoing(f"{ID}-3").is_dir()


def test_recently_sealed_looks_at_the_two_latest_months_only(spool, tmp_path):
    for id_ in ("251230-AAAAAAAA", "260130-BBBBBBBB", "260302-CCCCCCCC"):
        seal(spool, tmp_path, b"1", id_=id_)
    assert list(spool.recently_sealed()) == ["260130-BBBBBBBB", "260302-CCCCCCCC"]
    assert len(list(spool.sealed())) == 3


def test_a_stray_file_among_the_months_is_passed_over(spool, tmp_path):
    seal(spool, tmp_path, b"1")
    (spool.root / "submissions" / ".DS_Store").write_bytes(b"")
    assert list(spool.sealed()) == list(spool.recently_sealed()) == [ID]


def test_preparing_wipes_scratch_and_nothing_else(spool, tmp_path):
    seal(spool, tmp_path, b"1")
    (spool.scratch / "4711").mkdir()
    (spool.scratch / "4711" / "secret").write_bytes(b"1")
    spool.prepare()
    assert list(spool.scratch.iterdir()) == []
    assert list(spool.sealed()) == [ID]


def test_a_spool_that_cannot_be_made_is_a_mistake_in_words(tmp_path):
    (tmp_path / "spool").write_bytes(b"")
    with pytest.raises(SpoolError, match="free disk space or mend its permissions"):
        Spool(tmp_path / "spool").prepare()


def test_a_full_disk_fails_the_file_and_the_draft_can_be_abandoned(spool, tmp_path, monkeypatch):
    def full(fd: int, body: bytes) -> int:
        raise OSError(28, "No space left on device")

    incoming = spool.begin(ID)
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        add(incoming, "a.pdf", b"1", tmp_path)
    assert incoming.files == ()
    incoming.abandon()
    assert list(spool.drafts()) == []


def test_a_write_that_takes_only_a_part_is_continued(spool, tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, body: write(fd, bytes(body[:7])))
    body = os.urandom(100)
    folder = seal(spool, tmp_path, body)
    assert (folder / "001").read_bytes() == body


def test_the_steps_that_kill_tests_stop_at_come_in_order(tmp_path):
    steps: list[str] = []
    spool = Spool(tmp_path / "spool", steps.append)
    spool.prepare()
    seal(spool, tmp_path, b"1", b"2")
    spool.quarantine(ID)
    assert steps == ["spool.copied", "spool.copied", "spool.written", "spool.renamed", "spool.quarantined"]


def test_a_hash_of_a_file_that_cannot_be_read_is_damage(tmp_path):
    with pytest.raises(SpoolDamaged, match="001"):
        sha256_of(tmp_path / "001")
