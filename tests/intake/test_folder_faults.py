"""Changes at the wrong moment, folders that vanish, disks that are full, shares that refuse."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from vbdaemon.intake import folder_copy
from vbdaemon.intake.completeness import Shortfall
from vbdaemon.intake.shared_folder import SharedFolder
from vbdaemon.spool.incoming import Incoming

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\nstartxref\n9\n%%EOF\n"


def during_copy(monkeypatch: pytest.MonkeyPatch, act) -> None:
    real = Incoming.add
    done: list[bool] = []

    def add(self, name: str, fd: int):
        stored = real(self, name, fd)
        if not done:
            done.append(True)
            act()
        return stored

    monkeypatch.setattr(Incoming, "add", add)


def claimed(site) -> Path:
    (claim,) = (site.drop / ".vbdaemon").iterdir()
    return claim


@pytest.mark.parametrize("change", ["grow", "touch", "rewrite"])
def test_a_file_that_changes_while_it_is_copied_is_put_back(site, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    site.put("607.txt", b"first")
    site.put("607.docx", b"word")

    def act() -> None:
        path = claimed(site) / "607.docx"
        if change == "grow":
            path.write_bytes(b"word and more")
        elif change == "touch":
            os.utime(path, (1, 1))
        else:
            path.write_bytes(b"WORD")

    during_copy(monkeypatch, act)
    site.run(11)
    assert site.admitted() == []
    assert site.left() == ["607.docx", "607.txt"]
    assert site.why() == {"607.docx": "changed"}
    assert list(site.spool.drafts()) == []
    site.run(60)
    expected = {"grow": b"word and more", "touch": b"word", "rewrite": b"WORD"}[change]
    assert site.admitted() == [[("607.docx", expected), ("607.txt", b"first")]]


def test_putting_back_does_not_overwrite_what_came_meanwhile(site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.put("607.txt", b"first")

    def act() -> None:
        os.utime(claimed(site) / "607.txt", (1, 1))
        site.put("607.txt", b"second")

    during_copy(monkeypatch, act)
    site.run(11)
    assert site.left() == ["607 (2).txt", "607.txt"]
    site.run(100)
    assert sorted(body for files in site.admitted() for _, body in files) == [b"first", b"second"]


def test_a_file_cut_short_after_the_look_is_not_complete_after_all(site, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    def lacks(fd: int) -> Shortfall | None:
        looks.append(fd)
        return Shortfall.END_MISSING if len(looks) == 1 else None

    monkeypatch.setattr(folder_copy, "shortfall", lacks)
    site.put("607.pdf", PDF)
    site.run(11)
    assert site.admitted() == []
    assert site.left() == ["607.pdf"]
    site.run(30)
    assert site.names() == [["607.pdf"]]


def test_what_is_written_after_the_copy_is_a_new_drop(site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.put("607.txt", b"first")
    real = site.admission.admit

    def admit(*args):
        (claimed(site) / "607.txt").write_bytes(b"first and more")
        monkeypatch.setattr(site.admission, "admit", real)
        return real(*args)

    monkeypatch.setattr(site.admission, "admit", admit)
    site.run(60)
    assert site.admitted() == [[("607.txt", b"first")], [("607.txt", b"first and more")]]


def test_what_is_added_to_a_sub_folder_while_it_is_taken_is_a_new_drop(site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.put("ho so/1.txt", b"one")
    during_copy(monkeypatch, lambda: site.put("ho so/2.txt", b"two"))
    site.run(60)
    assert site.admitted() == [[("1.txt", b"one")], [("2.txt", b"two")]]
    assert site.left() == []


def test_a_folder_that_vanishes_and_comes_back_goes_on_by_itself(site, tmp_path: Path) -> None:
    site.put("607.txt", b"main")
    site.sweep()
    assert site.source.state().reach == "ready"
    site.drop.rename(tmp_path / "away")
    site.run(60)
    state = site.source.state()
    assert (state.reach, state.why) == ("away", "FileNotFoundError ENOENT")
    assert sum("folder away" in line for line in site.log.lines) == 1
    (tmp_path / "away").rename(site.drop)
    site.run(30)
    assert site.source.state().reach == "ready"
    assert site.names() == [["607.txt"]]


def test_another_folder_in_the_place_of_the_old_one_is_read_as_it_is(site) -> None:
    site.put("607.txt", b"main")
    site.sweep()
    shutil.rmtree(site.drop)
    site.sweep(after=6)
    site.drop.mkdir()
    site.put("608.txt", b"other")
    site.run(30)
    assert site.names() == [["608.txt"]]
    assert site.source.pending() == ()


def test_a_folder_that_vanishes_during_a_commit_is_tidied_when_it_is_back(
    site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vbdaemon.intake.folder.COMMIT_SECONDS", 0.0)
    site.put("607.txt", b"main")
    site.admission.slow = []
    site.run(12)
    site.drop.rename(tmp_path / "away")
    site.admission.slow[0]()
    site.run(12)
    (tmp_path / "away").rename(site.drop)
    site.run(30)
    assert site.names() == [["607.txt"]]
    assert site.left() == []


def test_a_full_disk_pauses_the_source_and_loses_nothing(site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Incoming.add

    def full(self, name: str, fd: int):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Incoming, "add", full)
    for number in range(20):
        site.put(f"{number}.txt")
    site.run(300, step=5)
    assert site.admitted() == []
    assert len(site.left()) == 20
    assert site.admission.begun < 20
    assert list(site.spool.drafts()) == []
    assert "not-admitted" in site.why().values()
    monkeypatch.setattr(Incoming, "add", real)
    site.run(400, step=5)
    assert len(site.admitted()) == 20
    assert site.left() == []


def test_a_disk_that_fills_up_while_sealing_puts_back(site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Incoming.seal

    def full(self, envelope):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Incoming, "seal", full)
    site.put("607.txt", b"main")
    site.run(20)
    assert site.left() == ["607.txt"]
    monkeypatch.setattr(Incoming, "seal", real)
    site.run(100)
    assert site.admitted() == [[("607.txt", b"main")]]


def test_one_drop_that_never_succeeds_does_not_hold_up_the_others(site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Incoming.add

    def add(self, name: str, fd: int):
        if name == "0-lon.txt":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, name, fd)

    monkeypatch.setattr(Incoming, "add", add)
    site.put("0-lon.txt")
    for number in range(5):
        site.put(f"{number + 1}.txt")
    site.run(120)
    assert len(site.admitted()) == 5
    assert site.left() == ["0-lon.txt"]


@pytest.mark.parametrize("code", [errno.EACCES, errno.EBUSY, errno.EIO, errno.ESTALE])
def test_a_file_that_cannot_be_opened_is_tried_for_ever(site, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    real = os.open

    def refuse(path, flags, *rest, **named):
        if path == "607.pdf":
            raise OSError(code, os.strerror(code))
        return real(path, flags, *rest, **named)

    monkeypatch.setattr("vbdaemon.intake.shared_folder.os.open", refuse)
    site.put("607.pdf", PDF)
    site.put("608.pdf", PDF)
    began = site.time.wall()
    site.run(20)
    site.run(8000, step=20)
    assert site.names() == [["608.pdf"]]
    (drop,) = site.source.pending()
    assert (drop.name, drop.why, drop.since) == ("607.pdf", "unreadable", began)
    assert site.notes == []
    monkeypatch.setattr("vbdaemon.intake.shared_folder.os.open", real)
    site.run(120)
    assert site.names() == [["608.pdf"], ["607.pdf"]]


def test_a_rename_that_succeeds_and_reports_an_error_has_succeeded(site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.rename

    def rename(*names, **folders):
        real(*names, **folders)
        if folders:
            raise OSError(errno.EIO, "the server answered late")

    monkeypatch.setattr("vbdaemon.intake.shared_folder.os.rename", rename)
    site.put("607.txt", b"main")
    site.run(12)
    assert site.admitted() == [[("607.txt", b"main")]]


def test_a_rename_that_fails_half_way_through_a_group_puts_all_back(site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.rename

    def rename(source, target, **folders):
        if source == "607.txt":
            raise OSError(errno.EBUSY, "in use")
        real(source, target, **folders)

    monkeypatch.setattr("vbdaemon.intake.shared_folder.os.rename", rename)
    site.put("607.txt", b"main")
    site.put("607.docx", b"word")
    site.run(60)
    assert site.admitted() == []
    assert site.left() == ["607.docx", "607.txt"]
    assert site.why() == {"607.docx": "unreadable"}
    site.run(4000, step=20)
    assert site.names() == [["607.docx", "607.txt"]]


def test_a_claim_that_cannot_be_removed_is_tried_until_it_can(site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = SharedFolder.remove

    def busy(self, name: str) -> None:
        raise OSError(errno.EBUSY, "in use")

    monkeypatch.setattr(SharedFolder, "remove", busy)
    site.put("607.txt", b"main")
    site.run(60)
    (claim,) = site.admission.rows
    assert site.why() == {claim: "not-removed"}
    monkeypatch.setattr(SharedFolder, "remove", real)
    site.run(400, step=5)
    assert site.left() == []
    assert len(site.admission.rows) == 1
    assert site.source.pending() == ()


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_where_links_do_not_exist_putting_back_still_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*names, **named):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("vbdaemon.intake.shared_folder.os.link", refuse)
    (tmp_path / "from").mkdir()
    (tmp_path / "to").mkdir()
    (tmp_path / "from" / "a.txt").write_bytes(b"first")
    (tmp_path / "to" / "a.txt").write_bytes(b"second")
    with SharedFolder.at(tmp_path / "from") as source, SharedFolder.at(tmp_path / "to") as target:
        assert source.restore("a.txt", target) == "a (2).txt"
    assert (tmp_path / "to" / "a.txt").read_bytes() == b"second"
    assert (tmp_path / "to" / "a (2).txt").read_bytes() == b"first"
    assert not any((tmp_path / "from").iterdir())


def test_a_free_name_fits_on_the_disk(tmp_path: Path) -> None:
    name = "ế" * 83 + ".pdf"
    for folder in ("from", "to"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(folder.encode())
    with SharedFolder.at(tmp_path / "from") as source, SharedFolder.at(tmp_path / "to") as target:
        free = source.restore(name, target)
    assert free.endswith(" (2).pdf")
    assert (tmp_path / "to" / free).read_bytes() == b"from"
