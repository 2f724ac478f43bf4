"""The countersign of deliveries: who did not get our mail cannot say that it came back."""

import os
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from vbdaemon.errors import SpoolError
from vbdaemon.model import CodedStatus, Correspondence, CorrespondenceKind, DeliveryKind, Destination
from vbdaemon.pipeline.countersign import FOLDER, NAME, Countersign, open_countersign, split
from vbdaemon.state import answers
from vbdaemon.state.records import DeliveryState, SubmissionState
from vbdaemon.testing import NOON

ID = "260302-7K3MX0QA-1"
THERE = Destination("smtp", "vanthu@xa.example", "H3")
STATUS, BOUNCE = CorrespondenceKind.STATUS, CorrespondenceKind.BOUNCE
OURS = Countersign(b"k" * 32, NOON)


def test_a_countersign_has_a_hundred_bits_and_is_the_same_at_every_repeat():
    assert re.fullmatch(r"[a-z2-7]{20}", OURS.of(ID))
    assert OURS.of(ID) == Countersign(b"k" * 32, NOON).of(ID)
    assert len({OURS.of(ID), OURS.of(ID[:-1] + "2"), Countersign(b"j" * 32, NOON).of(ID)}) == 3


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        (OURS.of(ID), True),
        (OURS.of(ID).upper(), True),
        ("", False),
        (OURS.of(ID)[:-1], False),
        (OURS.of(ID) + "a", False),
        (Countersign(b"j" * 32, NOON).of(ID), False),
        ("đoán mò", False),
        ("\udcff" * 20, False),
    ],
)
def test_only_the_whole_countersign_proves_a_report(said, believed):
    assert OURS.proves(ID, said, NOON) is believed


def test_a_delivery_of_before_the_key_bears_none_and_needs_none():
    before = NOON - timedelta(seconds=1)
    assert OURS.borne_by(ID, before) == ""
    assert OURS.proves(ID, "", before)
    assert OURS.borne_by(ID, NOON) == OURS.of(ID)


def test_an_id_and_its_countersign_are_told_apart():
    assert split(f"{ID}.{OURS.of(ID)}") == (ID, OURS.of(ID))
    assert split(ID) == (ID, "")


def test_the_key_shows_in_no_text_of_the_value():
    assert "6b6b" not in repr(OURS)
    assert "kkkk" not in repr(OURS)


def test_the_key_is_made_once_closed_to_others_and_told_of(in_memory):
    told: list[str] = []
    first = open_countersign(in_memory, NOON, os.urandom, told.append)
    again = open_countersign(in_memory, NOON + timedelta(days=1), os.urandom, told.append)
    assert again == first
    assert first.since == NOON
    assert len(told) == 1
    assert "a new key" in told[0]
    assert (in_memory / FOLDER / NAME).stat().st_mode & 0o777 == 0o600
    assert (in_memory / FOLDER).stat().st_mode & 0o777 == 0o700
    assert first.key.hex() not in told[0]


@pytest.mark.parametrize("body", [b"", b"2026-03-02T05:00:00+00:00 abc\n", b"2026-03-02 " + b"0" * 64 + b"\n", b"\xff"])
def test_a_damaged_key_is_laid_aside_and_made_anew(in_memory, body):
    (in_memory / FOLDER).mkdir()
    (in_memory / FOLDER / NAME).write_bytes(body)
    told: list[str] = []
    made = open_countersign(in_memory, NOON, os.urandom, told.append)
    assert open_countersign(in_memory, NOON, os.urandom) == made
    assert "damaged-20260302T050000Z" in told[0]
    assert (in_memory / FOLDER / f"{NAME}.damaged-20260302T050000Z").read_bytes() == body


def test_a_key_that_cannot_be_written_is_said_in_one_line(in_memory):
    (in_memory / FOLDER).write_text("no folder")
    with pytest.raises(SpoolError, match=r"deliveries\.key"):
        open_countersign(in_memory, NOON, os.urandom)


@pytest.fixture
def house(office):
    """An office whose deliveries are countersigned since an hour ago."""
    office.desk = replace(office.desk, countersign=Countersign(b"k" * 32, NOON - timedelta(hours=1)))
    return office


@pytest.fixture
def forward(house, judged):
    name = house.admit()
    house.settle(name, judged(to=(THERE,)))
    (row,) = [each for each in house.outbox(name) if each.kind is DeliveryKind.FORWARD]
    return row


def tell(office, message, unit=None):
    name = office.admit()
    return office.settle(name, reply=None, correspondence=message, unit=unit), name


def stand(office, row):
    return next(each for each in office.outbox(row.submission) if each.id == row.id)


@pytest.mark.parametrize("said", ["", ".", ".aaaaaaaaaaaaaaaaaaaa"])
def test_a_forged_bounce_is_filed_and_told_and_changes_nothing(house, forward, said):
    before = stand(house, forward)
    state, name = tell(house, Correspondence(BOUNCE, forward.id + said, permanent=True, words="5.1.1 no such user"))
    assert state is SubmissionState.FILED
    assert stand(house, forward) == before
    assert "unproven" in house.story(forward.submission)
    assert len(house.outbox(forward.submission)) == 2
    assert "filed" in house.story(name)


def test_a_true_bounce_fails_the_delivery(house, forward):
    known = f"{forward.id}.{house.desk.countersign.of(forward.id)}"
    tell(house, Correspondence(BOUNCE, known, permanent=True, words="5.1.1 no such user"))
    assert stand(house, forward).state is DeliveryState.FAILED
    assert "unproven" not in house.story(forward.submission)


def test_a_countersign_of_another_delivery_proves_nothing(house, forward):
    known = f"{forward.id}.{house.desk.countersign.of(forward.id[:-1] + '9')}"
    tell(house, Correspondence(BOUNCE, known, permanent=True, words="5.1.1"))
    assert stand(house, forward).state is DeliveryState.DUE


def test_a_bounce_of_a_delivery_from_before_the_key_is_believed_as_before(house, forward):
    house.desk = replace(house.desk, countersign=Countersign(b"k" * 32, NOON + timedelta(hours=1)))
    tell(house, Correspondence(BOUNCE, forward.id, permanent=True, words="5.1.1"))
    assert stand(house, forward).state is DeliveryState.FAILED


@pytest.mark.parametrize(
    ("said", "unit", "believed"),
    [("", "H3", True), ("true", "H3", True), ("false", "H3", False), ("true", None, False), ("", "H2", False)],
)
def test_a_status_is_believed_from_its_proven_receiver_unless_its_countersign_is_false(
    house, forward, said, unit, believed
):
    """An older vbdaemon names the bare id that stands in vbdaemon.json."""
    token = {"": "", "true": f".{house.desk.countersign.of(forward.id)}", "false": ".aaaa"}[said]
    tell(house, Correspondence(STATUS, forward.id + token, CodedStatus.RECEIVED), unit)
    found = house.state.read(lambda c: answers.delivery_of(c, forward.id)).answer
    assert (found is CodedStatus.RECEIVED) is believed
