"""Nothing is deleted but what a list names, a person approved, and nobody touched since."""

import json
from datetime import timedelta

import pytest

from vbdaemon.model import Outcome, Piece
from vbdaemon.operation.fsck import Examination
from vbdaemon.operation.retention import RetentionError, RetentionRule, dispose, propose, read_list, write_list
from vbdaemon.operation.retention_bytes import remove_bytes
from vbdaemon.state import decisions, events, pieces, submissions
from vbdaemon.state.records import Decision, HoldKind, SubmissionState
from vbdaemon.testing import NOON

DAY = timedelta(days=1)
NOW = NOON + 100 * DAY
RULE = RetentionRule(accepted_days=90, rejected_days=30)


def listed(site, rule=RULE, quarantined=()):
    return [entry.id for entry in propose(site.state, site.spool, rule, NOW, quarantined).entries]


def approve(site, proposed):
    return dispose(proposed, site.state, site.spool, "Lê Thị Mẫu", "QĐ tiêu hủy 12/QĐ", NOW)


def test_the_rule_counts_days_by_state_and_never_lists_what_waits(site):
    old = site.receive(SubmissionState.ACCEPTED, number=1)
    refused = site.receive(SubmissionState.REJECTED, at=NOON + 60 * DAY)
    site.receive(SubmissionState.ACCEPTED, at=NOON + 60 * DAY)
    for state in (SubmissionState.WAITING, SubmissionState.HELD, SubmissionState.QUARANTINED):
        site.receive(state, HoldKind.REVIEW if state is SubmissionState.HELD else None)
    under_way = site.receive(SubmissionState.REJECTED)
    site.deliver(under_way, Outcome.deferred("no folder"))
    assert listed(site) == [old, refused]
    assert listed(site, RetentionRule(rejected_days=30)) == [refused]
    assert listed(site, RetentionRule()) == []


def settle(site, state, *, at=NOON, joined=()):
    """One that ended otherwise than with a verdict."""
    id_ = site.receive()
    site.state.write(lambda c: decisions.write(c, id_, 1, at, "test", Decision((), joined=joined)))
    site.state.write(lambda c: submissions.move(c, id_, state, decided_at=at))
    return id_


def piece(site, id_, number):
    site.state.write(lambda c: pieces.write(c, id_, Piece("khoa", number, 2), NOON))


def test_messages_and_checks_have_days_of_their_own(site):
    message, checked = settle(site, SubmissionState.FILED), settle(site, SubmissionState.CHECKED)
    settle(site, SubmissionState.FILED, at=NOON + 60 * DAY)
    assert listed(site) == []
    assert listed(site, RetentionRule(filed_days=90)) == [message]
    assert listed(site, RetentionRule(checked_days=30)) == [checked]
    done = approve(site, propose(site.state, site.spool, RetentionRule(filed_days=90, checked_days=30), NOW))
    assert done.gone == [message, checked]
    assert list(Examination(site.spool, site.state).faults()) == []


def test_a_piece_goes_with_its_whole_and_never_before(site):
    part = settle(site, SubmissionState.FILED)
    whole = settle(site, SubmissionState.ACCEPTED, joined=(part,))
    alone = settle(site, SubmissionState.FILED)
    for number, each in enumerate((part, whole, alone), 1):
        piece(site, each, number)
    assert listed(site, RetentionRule(filed_days=1)) == [alone]
    assert listed(site, RetentionRule(accepted_days=90)) == [whole, part]
    done = approve(site, propose(site.state, site.spool, RULE, NOW))
    assert done.gone == [whole, part]
    assert listed(site, RetentionRule(accepted_days=1, filed_days=1)) == [alone]


def test_what_was_rendered_halfway_goes_too(site):
    id_ = site.receive(SubmissionState.REJECTED)
    for name in (f"{id_}-1", f".{id_}-2"):
        (site.spool.root / "outgoing" / name).mkdir()
    approve(site, propose(site.state, site.spool, RULE, NOW))
    assert list((site.spool.root / "outgoing").iterdir()) == []


def test_a_list_of_another_version_is_refused_in_words(site, memory):
    site.receive(SubmissionState.ACCEPTED)
    write_list(memory / "list.json", propose(site.state, site.spool, RULE, NOW))
    text = (memory / "list.json").read_text("utf-8")
    (memory / "list.json").write_text(text.replace('"schema": 2', '"schema": 1'), "utf-8")
    with pytest.raises(RetentionError, match="made by another version"):
        read_list(memory / "list.json")


def test_a_quarantined_one_goes_only_by_name_and_only_after_its_days(site):
    secret = site.receive(SubmissionState.QUARANTINED)
    rule = RetentionRule(quarantined_days=60)
    assert listed(site, rule) == []
    assert listed(site, rule, (secret,)) == [secret]
    with pytest.raises(RetentionError, match="not quarantined for 365 days"):
        listed(site, RetentionRule(quarantined_days=365), (secret,))


def test_a_list_tells_numbers_and_hashes_and_no_name_of_a_file(site, memory):
    id_ = site.receive(SubmissionState.ACCEPTED, number=7)
    write_list(memory / "list.json", propose(site.state, site.spool, RULE, NOW))
    text = (memory / "list.json").read_text("utf-8")
    (entry,) = json.loads(text)["entries"]
    assert (entry["id"], entry["numbers"], entry["size"]) == (id_, ["den/2026/7"], len(b"%PDF-1.7 " + id_.encode()))
    assert len(entry["hashes"][0]) == 64
    assert "van-ban" not in text
    with pytest.raises(RetentionError, match="File exists"):
        write_list(memory / "list.json", propose(site.state, site.spool, RULE, NOW))


def test_an_approved_list_deletes_the_bytes_and_keeps_row_number_and_event(site, memory):
    id_ = site.receive(SubmissionState.ACCEPTED, number=7)
    site.deliver(id_, Outcome.delivered(""))
    write_list(memory / "list.json", propose(site.state, site.spool, RULE, NOW))
    done = approve(site, read_list(memory / "list.json"))
    assert (done.gone, done.kept) == ([id_], [])
    assert not site.spool.folder_of(id_).exists()
    assert not site.spool.outgoing(f"{id_}-1").exists()
    assert site.row(id_).state is SubmissionState.ACCEPTED
    event = site.state.read(lambda c: events.of_submission(c, id_))[-1]
    assert event.kind == "disposed"
    assert event.words.startswith("Lê Thị Mẫu: QĐ tiêu hủy 12/QĐ (list ")
    assert "den/2026/7" in event.words
    assert len(list((site.spool.root / "disposals").iterdir())) == 1
    assert listed(site) == []
    faults = [fault.kind.value for fault in Examination(site.spool, site.state).faults()]
    assert faults == ["counter-behind"]  # this site's book begins with 7, its counter with 1


def test_what_changed_since_it_was_listed_is_kept(site):
    changed, disposed_of = site.receive(SubmissionState.ACCEPTED), site.receive(SubmissionState.ACCEPTED)
    proposed = propose(site.state, site.spool, RULE, NOW)
    site.state.write(lambda c: submissions.move(c, changed, SubmissionState.WAITING))
    done = approve(site, proposed)
    assert done.gone == [disposed_of]
    assert changed in done.kept[0]
    assert site.spool.folder_of(changed).exists()
    again = approve(site, proposed)
    assert again.gone == []
    assert "already" in again.kept[1]


def test_a_list_that_was_edited_is_refused(site, memory):
    site.receive(SubmissionState.ACCEPTED)
    write_list(memory / "list.json", propose(site.state, site.spool, RULE, NOW))
    text = (memory / "list.json").read_text("utf-8")
    (memory / "list.json").write_text(text.replace("260302-00000001", "260302-00000009"), "utf-8")
    with pytest.raises(RetentionError, match="was changed since it was made"):
        read_list(memory / "list.json")


@pytest.mark.parametrize("body", [b"", b"{}", b"%PDF"])
def test_what_is_no_list_is_a_mistake_in_words(memory, body):
    (memory / "x").write_bytes(body)
    with pytest.raises(RetentionError, match="no disposal list"):
        read_list(memory / "x")


def test_an_interrupted_disposal_is_found_and_finished_by_fsck(site, monkeypatch):
    id_ = site.receive(SubmissionState.ACCEPTED)
    proposed = propose(site.state, site.spool, RULE, NOW)
    monkeypatch.setattr("vbdaemon.operation.retention.remove_bytes", lambda *_: None)
    approve(site, proposed)
    (fault,) = Examination(site.spool, site.state).faults()
    assert (fault.kind, fault.provable) == ("disposal-unfinished", True)
    remove_bytes(site.spool, id_)
    remove_bytes(site.spool, id_)
    assert list(Examination(site.spool, site.state).faults()) == []
