"""What gives cause for an alarm, as people would say it: by moments, marks of urgency and holidays."""

from datetime import date, datetime, timedelta

import pytest

from vbdaemon.config.promise import PromiseSection
from vbdaemon.model import Destination, DocumentVerdict, Outcome, Urgency, Verdict, WorkingDays
from vbdaemon.operation.alarms import AlarmTerms, Causes, held_before
from vbdaemon.snapshot import build_snapshot
from vbdaemon.state import alarms, decisions, events, submissions
from vbdaemon.state.alarms import AlarmKind
from vbdaemon.state.records import Decision, HoldKind, SubmissionState
from vbdaemon.testing import NOON, found, make_classification

VIETNAM = "+07:00"
TET = WorkingDays(frozenset(date(2026, 2, day) for day in (16, 17, 18, 19, 20)))
FORWARD = Destination("folder", "phong-y-te/nhan", "H2")


def local(words):
    return datetime.fromisoformat(f"{words}{VIETNAM}")


@pytest.mark.parametrize(
    ("handed_in", "settled_by"),
    [
        ("2026-03-02T08:00", "2026-03-04T00:00"),  # Monday: until the end of Tuesday
        ("2026-03-02T23:59", "2026-03-04T00:00"),
        ("2026-03-06T16:00", "2026-03-10T00:00"),  # Friday: until the end of Monday
        ("2026-03-07T09:00", "2026-03-10T00:00"),  # Saturday
        ("2026-02-13T16:00", "2026-02-24T00:00"),  # before Tết: until the end of the first day after it
    ],
)
def test_what_is_held_is_to_be_settled_by_the_end_of_the_next_working_day(handed_in, settled_by):
    limit, came = local(settled_by), local(handed_in)
    assert not came < held_before(TET, limit - timedelta(seconds=1))
    assert came < held_before(TET, limit)


def urgent(urgency=Urgency.HOA_TOC, verdict=None):
    kind = make_classification(urgency=found(urgency) if urgency else None)
    return DocumentVerdict("a.pdf", "a" * 64, ("a" * 64,), kind, (), (), verdict or Verdict.hold())


@pytest.fixture
def hold(site):
    """A submission HELD with these documents."""

    def receive(*documents, at=NOON):
        id_ = site.receive(at=at)
        site.state.write(lambda c: decisions.write(c, id_, 1, at, "test", Decision(documents)))
        site.state.write(
            lambda c: submissions.move(c, id_, SubmissionState.HELD, HoldKind.REVIEW, verdict=None, decided_at=at)
        )
        return id_

    return receive


def raised(site, at, terms=None, causes=None):
    """Kind, submission and words of what comes up; kept as the daemon does."""
    new = (causes or Causes()).found(site.state, terms or AlarmTerms(), at)
    site.state.write(lambda c: [alarms.raise_alarm(c, alarm) for alarm in new])
    return [(alarm.kind, alarm.submission, alarm.words) for alarm in new]


def test_an_urgent_document_that_is_held_breaks_its_promise_in_its_minutes(site, hold):
    hoa_toc = hold(urgent(), urgent(None))
    khan = hold(urgent(Urgency.KHAN))
    hold(urgent(None))
    hold(urgent(verdict=Verdict.reject()))
    causes = Causes()
    assert raised(site, NOON + timedelta(minutes=15), causes=causes) == []
    minutes = timedelta(minutes=16)
    words = "hoa-toc: promised in 15 minutes"
    assert raised(site, NOON + minutes, causes=causes) == [(AlarmKind.PROMISE, hoa_toc, words)]
    assert raised(site, NOON + minutes, causes=causes) == []
    words = "khan: promised in 60 minutes"
    assert raised(site, NOON + timedelta(minutes=61), causes=causes) == [(AlarmKind.PROMISE, khan, words)]


def test_a_decision_is_read_once_and_again_when_it_changed(site, hold, monkeypatch):
    id_ = hold(urgent(None))
    hold(urgent(None))
    read = []
    real = decisions.latest
    monkeypatch.setattr(decisions, "latest", lambda c, each: read.append(each) or real(c, each))
    causes, at = Causes(), NOON + timedelta(minutes=20)
    raised(site, at, causes=causes)
    raised(site, at, causes=causes)
    assert len(read) == 2
    site.state.write(lambda c: decisions.write(c, id_, 2, NOON, "test", Decision((urgent(),))))
    site.state.write(lambda c: submissions.move(c, id_, SubmissionState.HELD, HoldKind.REVIEW))
    assert [each[1] for each in raised(site, at, causes=causes)] == [id_]
    assert read[2:] == [id_]


def test_normal_documents_have_a_promise_only_where_the_office_makes_one(site):
    site.receive()
    at = NOON + timedelta(hours=5)
    assert raised(site, at) == []
    (alarm,) = raised(site, at, AlarmTerms(minutes=(240, 0, 0, 0)))
    assert alarm[2] == "not judged in 240 minutes"


def test_what_was_held_too_long_and_what_was_given_up_come_up_with_it(site):
    held = site.receive(SubmissionState.HELD, HoldKind.REVIEW)
    failed = site.receive(SubmissionState.ACCEPTED)
    delivery = site.deliver(failed, Outcome.failed("no such folder"))
    assert raised(site, NOON + timedelta(days=2)) == [
        (AlarmKind.HELD, held, "handed in 02/03/2026 12:00"),
        (AlarmKind.UNDELIVERED, failed, "notice to folder:H40.1"),
    ]
    assert site.state.read(alarms.opened)[1].about == delivery
    stories = [site.state.read(lambda c, i=i: events.of_submission(c, i))[-1].kind for i in (held, failed)]
    assert stories == ["alarm-held", "alarm-undelivered"]


def test_the_terms_come_from_the_settings_and_nobody_is_written_to_without_a_smarthost(site):
    settings = site.settings.model_copy(update={"promise": PromiseSection(khan=90)})
    terms = AlarmTerms.of(settings, build_snapshot(settings))
    assert terms.minutes == (0, 90, 30, 15)
    assert terms.mail == ()


def test_without_any_promise_none_is_broken(site, hold):
    hold(urgent())
    assert raised(site, NOON + timedelta(hours=5), AlarmTerms(minutes=(0, 0, 0, 0))) == []
