"""Submissions are found by each thing that is known of them, page by page, none twice and none left out."""

from datetime import timedelta

import pytest

from vbdaemon.errors import UnknownSubmission
from vbdaemon.model import Reason, Verdict, VerdictKind
from vbdaemon.state import decisions, search, submissions
from vbdaemon.state.records import Decision, HoldKind, SubmissionState
from vbdaemon.state.search import Wanted, found
from vbdaemon.testing import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def ids(state):
    return lambda wanted=None, limit=None, after=None: [
        match.row.id[-2:] for match in state.read(lambda c: list(found(c, wanted or Wanted(), limit, after)))
    ]


@pytest.fixture
def decided(state, verdict):
    """A decided submission; further words are fields of its classification."""

    def make(number: int, *codes: str, source="phong-noi-vu/gui", at=NOON, issuer_unit=None, hold=HoldKind.REVIEW):
        from dataclasses import replace  # noqa: PLC0415 - here only

        id_ = f"260302-{number:08d}"
        state.admit(id_, source, id_, at).result()
        document = verdict(
            f"{number:064d}", answer=Verdict(VerdictKind.HOLD, tuple(Reason(c, "Lý do.") for c in codes))
        )
        document = replace(document, classification=replace(document.classification, issuer_unit=issuer_unit))
        state.write(lambda c: decisions.write(c, id_, 1, at, "s", Decision((document,))))
        state.write(lambda c: decisions.write_documents(c, id_, (document,)))
        state.write(lambda c: submissions.move(c, id_, SubmissionState.HELD, hold))
        return id_

    return make


def test_each_condition_lets_pass_what_fits(state, ids, decided):
    decided(1, "certificate-untrusted", at=NOON - 2 * HOUR)
    decided(2, "form-unknown", source="xa/gui", issuer_unit="H40.1", at=NOON - HOUR)
    decided(3, "certificate-untrusted", "form-unknown", source="xa/gui-lanh-dao", hold=HoldKind.PERSON)
    state.admit("260302-00000004", "xa_gui", "4", NOON).result()
    assert ids() == ["04", "03", "02", "01"]
    assert ids(Wanted(states=(SubmissionState.WAITING,))) == ["04"]
    assert ids(Wanted(holds=(HoldKind.PERSON,))) == ["03"]
    assert ids(Wanted(sources=("xa/gui",))) == ["02"]
    assert ids(Wanted(sources=("xa/*",))) == ["03", "02"]
    assert ids(Wanted(sources=("xa_*", "phong-noi-vu/gui"))) == ["04", "01"]
    assert ids(Wanted(reason="certificate-untrusted")) == ["03", "01"]
    assert ids(Wanted(reason="form")) == []
    assert ids(Wanted(unit="H40.1")) == ["02"]
    assert ids(Wanted(unit="H40.1", unit_sources=("phong-noi-vu/gui",))) == ["02", "01"]
    assert ids(Wanted(since=NOON - HOUR)) == ["04", "03", "02"]
    assert ids(Wanted(until=NOON)) == ["02", "01"]
    assert ids(Wanted(sources=("xa/*",), reason="form-unknown", since=NOON)) == ["03"]


def test_a_reason_of_an_earlier_decision_is_not_one_any_more(state, ids, decided, verdict):
    id_ = decided(1, "form-unknown")
    state.write(lambda c: decisions.write(c, id_, 2, NOON, "s", Decision((verdict(),))))
    assert ids(Wanted(reason="form-unknown")) == []


def test_what_failed_has_that_reason(state, ids, decided):
    decided(1, "form-unknown", hold=HoldKind.FAILURE)
    assert ids(Wanted(reason="processing-failed")) == ["01"]


def test_pages_follow_each_other_without_a_gap(state, ids, monkeypatch):
    monkeypatch.setattr(search, "AT_ONCE", 2)
    for number in range(7):
        state.admit(f"260302-{number:08d}", "gui", str(number), NOON + (number // 3) * HOUR).result()
    assert ids() == ["06", "05", "04", "03", "02", "01", "00"]
    assert ids(limit=3) == ["06", "05", "04"]
    assert ids(limit=3, after="260302-00000004") == ["03", "02", "01"]
    assert ids(after="260302-00000000") == []
    with pytest.raises(UnknownSubmission, match="a page goes on"):
        ids(after="260302-99999999")
