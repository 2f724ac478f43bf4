"""What somebody with write access to the share can plant."""

import os
import socket
from pathlib import Path

import pytest

SECRET = b"the daemon's own secret"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "secret.txt").write_bytes(SECRET)
    return folder


def test_a_link_to_a_file_is_never_read(site, secret: Path) -> None:
    (site.drop / "607.pdf").symlink_to(secret / "secret.txt")
    site.run(60)
    assert site.admitted() == []
    assert site.why() == {"607.pdf": "not-a-file"}
    assert (secret / "secret.txt").read_bytes() == SECRET


def test_a_link_to_a_folder_is_never_entered(site, secret: Path) -> None:
    (site.drop / "ho so").symlink_to(secret)
    (site.drop / "khac").mkdir()
    (site.drop / "khac" / "sau").symlink_to(secret)
    site.put("khac/1.txt", b"one")
    site.run(60)
    assert site.admitted() == [[("1.txt", b"one")]]
    assert (site.drop / "khac" / "sau").is_symlink()
    assert [path.name for path in secret.iterdir()] == ["secret.txt"]


def test_a_link_inside_a_sub_folder_is_not_a_member(site, secret: Path) -> None:
    site.put("ho so/1.txt", b"one")
    (site.drop / "ho so" / "2.txt").symlink_to(secret / "secret.txt")
    site.run(60)
    assert site.admitted() == [[("1.txt", b"one")]]


@pytest.mark.parametrize("kind", ["link", "file", "dangling"])
def test_what_blocks_the_claims_folder_is_left_alone_and_files_are_taken_where_they_lie(
    site, secret: Path, kind: str
) -> None:
    claims = site.drop / ".vbdaemon"
    if kind == "file":
        claims.write_bytes(b"mine")
    else:
        claims.symlink_to(secret if kind == "link" else secret / "nowhere")
    site.put("607.pdf", b"main")
    site.run(60)
    assert site.admitted() == [[("607.pdf", b"main")]]
    assert (site.drop / "607.pdf").read_bytes() == b"main"
    assert [path.name for path in secret.iterdir()] == ["secret.txt"]
    assert site.source.state().reach == "in-place"


def test_files_taken_where_they_lay_are_only_removed_once_claims_work_again(site, secret: Path) -> None:
    claims = site.drop / ".vbdaemon"
    claims.symlink_to(secret)
    site.put("607.pdf", b"main")
    site.run(60)
    claims.unlink()
    site.restart()
    site.run(60)
    assert site.admitted() == [[("607.pdf", b"main")]]
    assert site.left() == []


def test_a_drop_folder_that_is_a_link_is_not_entered(site, secret: Path) -> None:
    site.drop.rmdir()
    site.drop.symlink_to(secret)
    site.run(60)
    assert site.admitted() == []
    assert site.source.state().reach == "away"
    assert [path.name for path in secret.iterdir()] == ["secret.txt"]


def test_a_file_that_becomes_a_link_while_it_waits_is_not_read(site, secret: Path) -> None:
    path = site.put("607.pdf", b"main")
    site.sweep()
    path.unlink()
    path.symlink_to(secret / "secret.txt")
    site.run(60)
    assert site.admitted() == []
    assert site.why() == {"607.pdf": "not-a-file"}


def test_a_file_that_becomes_a_link_while_it_is_claimed_is_put_back(site, secret: Path) -> None:
    path = site.put("607.pdf", b"main")
    real = site.admission.new_id

    def swap() -> str:
        path.unlink()
        path.symlink_to(secret / "secret.txt")
        return real()

    site.admission.new_id = swap
    site.run(15)
    site.admission.new_id = real
    site.run(30)
    assert site.admitted() == []
    assert path.is_symlink()


def test_a_sub_folder_that_becomes_a_link_while_it_is_claimed_is_not_entered(site, secret: Path) -> None:
    site.put("ho so/secret.txt", b"mine")
    real = site.admission.new_id

    def swap() -> str:
        (site.drop / "ho so").rename(site.drop / ".moved")
        (site.drop / "ho so").symlink_to(secret)
        site.admission.new_id = real
        return real()

    site.admission.new_id = swap
    site.run(60)
    assert site.admitted() == []
    assert (secret / "secret.txt").read_bytes() == SECRET


def test_a_link_planted_among_the_claims_is_not_entered(site, secret: Path) -> None:
    (site.drop / ".vbdaemon").mkdir()
    (site.drop / ".vbdaemon" / "260302-00000001").symlink_to(secret)
    (site.drop / ".vbdaemon" / "260302-00000009").mkdir()
    (site.drop / ".vbdaemon" / "260302-00000009" / "ho so").symlink_to(secret)
    site.put("607.pdf", b"main")
    site.run(60)
    assert site.names() == [["607.pdf"]] or site.names() == []
    assert [path.name for path in secret.iterdir()] == ["secret.txt"]
    assert (secret / "secret.txt").read_bytes() == SECRET


def test_a_folder_planted_among_the_claims_is_a_drop(site) -> None:
    site.put(".vbdaemon/bịa đặt/607.pdf", b"main")
    site.run(60)
    assert site.admitted() == [[("607.pdf", b"main")]]


@pytest.mark.timeout(10)
def test_a_pipe_or_socket_blocks_nothing(site) -> None:
    os.mkfifo(site.drop / "ong.pdf")
    (site.drop / "ho so").mkdir()
    os.mkfifo(site.drop / "ho so" / "ong.pdf")
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(site.drop)
    try:
        listener.bind("cam.pdf")
    finally:
        os.chdir(here)
    site.put("607.pdf", b"main")
    site.run(30)
    listener.close()
    assert site.names() == [["607.pdf"]]
    assert site.why() == {"cam.pdf": "not-a-file", "ong.pdf": "not-a-file"}


@pytest.mark.timeout(10)
def test_a_file_that_becomes_a_pipe_while_it_waits_blocks_nothing(site) -> None:
    path = site.put("607.pdf", b"main")
    site.sweep()
    path.unlink()
    os.mkfifo(path)
    site.source.hint("607.pdf")
    site.run(30)
    assert site.admitted() == []


def test_a_hard_link_is_a_file_like_any_other(site, tmp_path: Path) -> None:
    (tmp_path / "goc.pdf").write_bytes(b"main")
    (site.drop / "607.pdf").hardlink_to(tmp_path / "goc.pdf")
    site.run(30)
    assert site.admitted() == [[("607.pdf", b"main")]]
    assert (tmp_path / "goc.pdf").read_bytes() == b"main"


def test_folders_nested_without_end_wait_visibly_and_hold_up_nobody(site) -> None:
    site.put("/".join(["ho so", *"abcdefghijklmnopqrstuvwxyz"]) + "/sau.txt", b"deep")
    site.put("ho so/1.txt", b"one")
    site.put("607.txt", b"main")
    site.run(60)
    assert site.admitted() == [[("607.txt", b"main")]]
    assert site.why() == {"ho so/": "unreadable"}


def test_the_claims_folder_is_closed_to_others(site) -> None:
    (site.drop / ".vbdaemon").mkdir(mode=0o777)
    (site.drop / ".vbdaemon").chmod(0o777)
    site.put("607.pdf", b"main")
    site.run(15)
    assert (site.drop / ".vbdaemon").stat().st_mode & 0o777 == 0o700
