"""The round of alarms: once a minute, one event and one mail, nothing while all is well."""

import json
from datetime import timedelta
from functools import partial

import pytest

from vbdaemon.model import Outcome
from vbdaemon.operation.alarms import AlarmTerms
from vbdaemon.rounds.alarms import Alarms
from vbdaemon.state import alarms, deliveries, events, letters, submissions
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.testing import NOON, FrozenClock

LATER = NOON + timedelta(days=3)
DUTY = ("truc@vanphong.example", "lanhdao@vanphong.example")


class Rounds:
    """The round at any moment."""

    def __init__(self, site):
        self.site = site
        self.clock = FrozenClock(NOON)
        self.terms = AlarmTerms(mail=DUTY)
        self.woken = 0
        self._round = Alarms(site.state, self.clock, lambda: self.terms, self._wake)

    def at(self, moment):
        self.clock.now = moment
        self._round.tick()
        return [alarm.submission for alarm in self.site.state.read(alarms.opened)]

    def _wake(self):
        self.woken += 1

    def mails(self, id_):
        rows = self.site.state.read(lambda c: deliveries.of_submission(c, id_))
        found = [row for row in rows if row.key.startswith("letter:alarm:")]
        details = [self.site.state.read(partial(letters.details_of, row=row)) for row in found]
        told = [[line["submission"] for line in json.loads(each["alarms"])] for each in details]
        return [(row.address, each) for row, each in zip(found, told, strict=True)]


@pytest.fixture
def rounds(site):
    return Rounds(site)


def hold(site, at=NOON):
    return site.receive(SubmissionState.HELD, HoldKind.REVIEW, at=at)


def kinds(site):
    return [each.kind for each in site.state.read(lambda c: events.after(c, 0, 500)) if each.kind.startswith("alarm")]


def test_each_alarm_is_one_event_and_one_mail_to_each_on_duty(site, rounds):
    first, second = hold(site), hold(site)
    for minutes in range(3):
        assert rounds.at(LATER + timedelta(minutes=minutes)) == [first, second]
    assert kinds(site) == ["alarm-held"] * 2
    assert rounds.mails(first) == [(address, [first, second]) for address in DUTY]
    assert (rounds.mails(second), rounds.woken) == ([], 1)


def test_it_looks_once_a_minute(site, rounds):
    rounds.at(LATER)
    hold(site)
    assert rounds.at(LATER + timedelta(seconds=59)) == []
    assert rounds.at(LATER + timedelta(seconds=60)) != []


def test_what_comes_up_within_ten_minutes_goes_out_as_one_mail(site, rounds):
    first = hold(site)
    rounds.at(LATER)
    second, third = hold(site), hold(site)
    for minutes in (1, 5, 9):
        rounds.at(LATER + timedelta(minutes=minutes))
    assert (len(rounds.mails(first)), rounds.mails(second)) == (2, [])
    rounds.at(LATER + timedelta(minutes=10))
    assert rounds.mails(second) == [(address, [second, third]) for address in DUTY]


def test_what_was_settled_meanwhile_is_cleared_and_not_told(site, rounds):
    rounds.terms = AlarmTerms()
    id_ = hold(site)
    rounds.at(LATER)
    move = partial(submissions.move, submission_id=id_, state=SubmissionState.REJECTED)
    site.state.write(move)
    rounds.terms = AlarmTerms(mail=DUTY)
    assert rounds.at(LATER + timedelta(minutes=1)) == []
    assert (rounds.mails(id_), kinds(site)) == ([], ["alarm-held"])


def test_a_mail_to_those_on_duty_that_fails_raises_no_alarm(site, rounds):
    id_ = hold(site)
    rounds.at(LATER)
    for row in site.state.read(lambda c: deliveries.of_submission(c, id_)):
        site.state.write(partial(deliveries.start_attempt, delivery_id=row.id, at=LATER))
        failed = Outcome.failed("no such address")
        site.state.write(partial(deliveries.end_attempt, row=row, at=LATER, outcome=failed, retry_at=LATER))
    assert rounds.at(LATER + timedelta(minutes=20)) == [id_]
    assert kinds(site) == ["alarm-held"]


def test_while_all_is_well_nothing_is_written(site, rounds, monkeypatch):
    site.receive(SubmissionState.ACCEPTED)
    monkeypatch.setattr(site.state, "write", lambda change: pytest.fail("written"))
    assert rounds.at(LATER) == []


def test_alarms_of_never_decided_submissions_are_mailed_too(site, rounds):
    rounds.terms = AlarmTerms(minutes=(60, 0, 0, 0), mail=DUTY)
    id_ = site.receive()
    assert rounds.at(LATER) == [id_]
    assert rounds.mails(id_) == [(address, [id_]) for address in DUTY]
