"""Killed at every step: nothing lost, nothing twice."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from vbdaemon.errors import StateError

STEPS = (
    "intake.claimed",
    "spool.copied",
    "spool.written",
    "spool.renamed",
    "intake.copied",
    "intake.admitted",
    "intake.removed",
)


def put_two_drops(site) -> None:
    site.put("607.pdf", b"main")
    site.put("607.docx", b"word")
    site.put("ho so/a/1.txt", b"one")
    site.put("ho so/2.txt", b"two")
    site.put("ho so/xong", b"")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("times", [1, 3])
def test_a_kill_loses_nothing_and_takes_nothing_twice(site, killed: type[BaseException], step: str, times: int) -> None:
    put_two_drops(site)
    site.spool._failpoint = site._failpoint
    died = 0
    for _ in range(times):
        site.kill_at = step
        try:
            site.run(20)
        except killed:
            died += 1
        site.restart()
    site.kill_at = None
    site.run(60)
    assert died >= 1
    everything = sorted(body for files in site.admitted() for _, body in files)
    assert everything == [b"main", b"one", b"two", b"word"]
    assert site.left() == []
    assert site.source.pending() == ()
    assert set(site.admission.acknowledged) == set(site.admission.rows)


@pytest.mark.parametrize("step", ["intake.copied", "intake.admitted", "spool.renamed"])
def test_a_kill_where_files_stay_takes_nothing_twice(
    site, killed: type[BaseException], step: str, monkeypatch: pytest.MonkeyPatch, refuse_renames
) -> None:
    refuse_renames()
    put_two_drops(site)
    site.spool._failpoint = site._failpoint
    for _ in range(3):
        site.kill_at = step
        with suppress(killed):
            site.run(20)
        site.restart()
    site.kill_at = None
    site.run(60)
    assert sorted(body for files in site.admitted() for _, body in files) == [b"main", b"one", b"two", b"word"]
    assert set(site.admission.acknowledged) == set(site.admission.rows)
    assert len(site.left()) == 5


def test_a_claim_without_a_row_is_put_back_under_its_own_names(site, killed: type[BaseException]) -> None:
    put_two_drops(site)
    site.kill_at = "intake.claimed"
    with pytest.raises(killed):
        site.run(20)
    assert any(name.startswith(".vbdaemon/") for name in site.left())
    site.restart(settle=1000.0)
    site.sweep()
    assert site.left() == ["607.docx", "607.pdf", "ho so/2.txt", "ho so/a/1.txt", "ho so/xong"]


def test_a_claim_with_a_row_is_removed_and_acknowledged(site, killed: type[BaseException]) -> None:
    site.put("607.pdf")
    site.kill_at = "intake.admitted"
    with pytest.raises(killed):
        site.run(20)
    assert site.admission.acknowledged == []
    site.restart()
    site.sweep()
    assert site.left() == []
    assert site.admission.acknowledged == list(site.admission.rows)
    assert len(site.admission.rows) == 1


def test_a_name_that_was_taken_meanwhile_is_not_overwritten(site, killed: type[BaseException]) -> None:
    site.put("607.pdf", b"first")
    site.kill_at = "intake.claimed"
    with pytest.raises(killed):
        site.run(20)
    site.put("607.pdf", b"second")
    site.restart(settle=1000.0)
    site.sweep()
    assert site.left() == ["607 (2).pdf", "607.pdf"]
    assert (site.drop / "607.pdf").read_bytes() == b"second"
    assert (site.drop / "607 (2).pdf").read_bytes() == b"first"


def test_a_sub_folder_whose_name_is_a_file_now_is_put_back_beside_it(site, killed: type[BaseException]) -> None:
    site.put("ho so/1.txt", b"one")
    site.kill_at = "intake.claimed"
    with pytest.raises(killed):
        site.run(20)
    (site.drop / "ho so").rmdir()
    site.put("ho so", b"a file")
    site.restart(settle=1000.0)
    site.sweep()
    assert site.left() == ["1.txt", "ho so"]


def test_a_power_cut_between_the_two_steps_of_putting_back_leaves_one_file(site, killed: type[BaseException]) -> None:
    site.put("607.pdf", b"main")
    site.kill_at = "intake.claimed"
    with pytest.raises(killed):
        site.run(20)
    (claim,) = (site.drop / ".vbdaemon").iterdir()
    (site.drop / "607.pdf").hardlink_to(claim / "607.pdf")
    site.restart()
    site.run(30)
    assert site.names() == [["607.pdf"]]
    assert site.left() == []


def test_a_commit_that_failed_puts_back_and_is_tried_again(site) -> None:
    site.put("607.pdf", b"main")
    site.admission.refuse = StateError("database is locked")
    site.run(100)
    assert site.left() == ["607.pdf"]
    assert site.why() == {"607.pdf": "not-admitted"}
    site.admission.refuse = None
    site.run(400, step=5)
    assert site.names() == [["607.pdf"]]
    assert site.left() == []


def test_tries_of_what_fails_become_rare(site) -> None:
    site.put("607.pdf", b"main")
    site.admission.refuse = StateError("database is locked")
    site.run(3600, step=5)
    assert 10 < site.admission.begun < 30


def test_a_commit_that_failed_in_words_only_is_not_repeated(site) -> None:
    site.put("607.pdf", b"main")
    site.admission.commit_then_fail = True
    site.run(20)
    site.admission.commit_then_fail = False
    site.run(400, step=5)
    assert site.names() == [["607.pdf"]]
    assert site.left() == []
    assert site.admission.acknowledged == list(site.admission.rows)


def test_a_commit_that_takes_long_is_finished_at_a_later_look(site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vbdaemon.intake.folder.COMMIT_SECONDS", 0.0)
    site.put("607.pdf", b"main")
    site.admission.slow = []
    site.run(30)
    assert site.why() == {"607.pdf": "in-admission"}
    assert site.admission.begun == 1
    for commit in site.admission.slow:
        commit()
    site.sweep()
    assert site.names() == [["607.pdf"]]
    assert site.left() == []
    assert site.source.pending() == ()


def test_a_new_drop_of_the_same_name_during_a_commit_is_a_submission_of_its_own(
    site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vbdaemon.intake.folder.COMMIT_SECONDS", 0.0)
    site.put("607.pdf", b"first")
    site.admission.slow = commits = []
    site.run(20)
    site.put("607.pdf", b"second")
    site.run(20)
    site.admission.slow = None
    commits[0]()
    site.run(30)
    assert site.admitted() == [[("607.pdf", b"first")], [("607.pdf", b"second")]]
    assert site.left() == []


def test_a_mistake_of_ours_leaves_nothing_marked_as_taken(site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.put("607.pdf", b"main")
    site.put("608.pdf", b"main")
    real = site.admission.admit
    monkeypatch.setattr(site.admission, "admit", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        site.run(20)
    monkeypatch.setattr(site.admission, "admit", real)
    site.source.recover()
    site.run(400, step=5)
    assert sorted(site.names()) == [["607.pdf"], ["608.pdf"]]
    assert site.left() == []


def test_the_renames_are_on_disk_before_any_row_is_committed(site, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    admit = site.admission.admit

    def sync(fd: int) -> None:
        where = Path(f"/proc/self/fd/{fd}").readlink()
        if where.is_relative_to(site.drop):
            steps.append(where.name)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(site.admission, "admit", lambda *a: steps.append("admit") or admit(*a))
    site.put("607.pdf")
    site.put("608.pdf")
    site.run(12)
    assert steps == ["260302-00000001", "260302-00000002", ".vbdaemon", "gui", "admit", "admit"]
