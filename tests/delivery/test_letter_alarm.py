"""A mail about alarms and a reminder of papers on their way: rendered in the worker, with or without a decision."""

import json
from functools import partial

import pytest

from vbdaemon.delivery.task import DeliverTask
from vbdaemon.model import DeliveryKind, OutcomeKind
from vbdaemon.state import deliveries, letters, submissions
from vbdaemon.state.records import NewDelivery
from vbdaemon.testing import NOON

ALARM = {"kind": "held", "submission": "260302-00000001", "at": NOON.isoformat(), "words": "handed in"}
PAPER = {"submission": "260302-00000001", "number": "15/QĐ", "arrival": "1/2026", "due": "2026-03-09"}
LETTERS = {"alarm": {"alarms": json.dumps([ALARM])}, "paper": {"papers": json.dumps([PAPER])}}
WORDS = {"alarm": "chờ xem xét quá ngày làm việc tiếp theo", "paper": "số đến 1/2026"}


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("decided", [True, False])
def test_a_letter_reaches_its_folder_whether_its_submission_was_decided_or_not(outbox, name, decided):
    id_ = outbox.decide()
    row = outbox.state.read(lambda c: submissions.get(c, id_))
    letter = NewDelivery(
        DeliveryKind.NOTICE, f"letter:{name}:1", "folder", "phong-noi-vu/ket-qua", "H1", f"{id_}_{name}"
    )
    write = partial(letters.write, submission_id=id_, version=row.version, at=NOON, new=letter)
    outbox.state.write(partial(write, details=LETTERS[name]))
    written = next(each for each in outbox.rows(id_) if each.key == letter.key)
    details = outbox.state.read(partial(letters.details_of, row=written))
    task = DeliverTask(written, outbox.body(written) if decided else "", details=details)
    assert task.run(outbox.place()).outcome.kind is OutcomeKind.DELIVERED
    (text,) = [body for path, body in outbox.arrived().items() if path.endswith(f"{name}.txt")]
    assert WORDS[name] in text.decode()


def test_a_mail_about_alarms_survives_that_its_submission_is_judged_again(outbox):
    id_ = outbox.decide()
    keys = ("letter:alarm:1", "letter:paper:1")
    for key in keys:
        letter = NewDelivery(DeliveryKind.NOTICE, key, "smtp", "truc@vanphong.example", None, "n")
        outbox.state.write(partial(letters.write, submission_id=id_, version=1, at=NOON, new=letter, details={}))
    outbox.state.write(partial(deliveries.cancel, submission_id=id_))
    states = {row.key: row.state.value for row in outbox.rows(id_) if row.key.startswith("letter:")}
    assert {key.split("#")[0]: state for key, state in states.items()} == dict(
        zip(keys, ("DUE", "CANCELLED"), strict=True)
    )
