"""Shares where files cannot be renamed: the source key alone tells seen from new."""

import errno
import os

import pytest

from vbdaemon.intake import folder_take
from vbdaemon.spool.incoming import Incoming


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV])
def test_what_cannot_be_renamed_is_admitted_once_where_it_lies(site, refuse_renames, code: int) -> None:
    refuse_renames(code)
    site.put("607.txt", b"main")
    site.put("607.docx", b"word")
    site.run(600, step=5)
    assert site.names() == [["607.docx", "607.txt"]]
    assert site.left() == ["607.docx", "607.txt"]
    assert site.source.pending() == ()
    assert site.admission.begun == 2  # one id for the claim that was refused
    assert site.source.state().reach == "in-place"


def test_after_a_restart_it_is_not_admitted_again(site, refuse_renames) -> None:
    refuse_renames()
    site.put("607.txt", b"main")
    site.put("ho so/1.txt", b"one")
    site.put("ho so/2.txt", b"two")
    site.run(60)
    for _ in range(3):
        site.restart()
        site.run(60)
    assert sorted(site.names()) == [["1.txt", "2.txt"], ["607.txt"]]
    assert len(site.left()) == 3
    assert list(site.spool.drafts()) == []


def test_the_content_is_read_once_after_a_restart_and_not_at_each_sweep(
    site, refuse_renames, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_renames()
    site.put("607.txt", b"main")
    site.run(30)

    calls: list[int] = []
    real = folder_take.digests_of
    monkeypatch.setattr(folder_take, "digests_of", lambda *a: calls.append(1) or real(*a))
    site.restart()
    site.run(600, step=5)
    assert len(calls) == 1


def test_new_content_under_an_old_name_is_a_new_submission(site, refuse_renames) -> None:
    refuse_renames()
    site.put("607.txt", b"first")
    site.run(30)
    site.time.pass_(10)
    site.put("607.txt", b"second")
    site.run(120)
    assert site.admitted() == [[("607.txt", b"first")], [("607.txt", b"second")]]


def test_a_file_that_joins_seen_ones_is_a_submission_of_its_own_after_a_restart_too(site, refuse_renames) -> None:
    refuse_renames()
    site.put("607.txt", b"main")
    site.run(60)
    site.put("607.docx", b"word")
    site.run(60)
    assert site.names() == [["607.txt"], ["607.docx"]]
    site.restart()
    site.run(60)
    assert site.names() == [["607.txt"], ["607.docx"]]


def test_a_file_added_to_a_seen_sub_folder_is_taken_alone(site, refuse_renames) -> None:
    refuse_renames()
    site.put("ho so/1.txt", b"one")
    site.put("ho so/2.txt", b"two")
    site.run(60)
    site.put("ho so/3.txt", b"three")
    site.run(200)
    assert site.names() == [["1.txt", "2.txt"], ["3.txt"]]
    site.restart()
    site.run(60)
    assert site.names() == [["1.txt", "2.txt"], ["3.txt"]]


def test_a_file_that_changes_while_it_is_copied_is_tried_again(
    site, refuse_renames, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_renames()
    path = site.put("607.txt", b"first")
    real = Incoming.add
    done: list[int] = []

    def add(self, name: str, fd: int):
        stored = real(self, name, fd)
        if not done:
            done.append(1)
            os.utime(path, (5, 5))
        return stored

    monkeypatch.setattr(Incoming, "add", add)
    site.run(11)
    assert site.admitted() == []
    assert list(site.spool.drafts()) == []
    site.run(60)
    assert site.admitted() == [[("607.txt", b"first")]]


def test_an_unfinished_file_is_given_up_where_it_lies_too(site, refuse_renames) -> None:
    refuse_renames()
    site.put("607.pdf", b"")
    site.run(4000, step=20)
    assert site.admitted() == [[("607.pdf", b"")]]
