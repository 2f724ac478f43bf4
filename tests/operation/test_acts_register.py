"""What people do to a submission shows in its line of the register: void, blanked or corrected, the number kept."""

import pytest

from vbdaemon.model import ActKind, CorrectedField, Destination, DocumentVerdict, Outcome, Verdict
from vbdaemon.operation.acts import finish
from vbdaemon.state import register, register_acts, register_search
from vbdaemon.state.register_update import Told
from vbdaemon.testing import NOON, make_classification

TO = (Destination("folder", "phong-y-te/nhan", "H2"),)


def judged(**known):
    kind = make_classification(subject="phương án zulu", **known)
    return DocumentVerdict("phuong-an.pdf", "a" * 64, ("a" * 64,), kind, (), (), Verdict.accept(), TO)


@pytest.fixture
def line(office):
    """The line of a submission, by its id."""

    def of(id_):
        (found,) = office.state.read(lambda c: register.lines_of(c, id_))
        return found

    return of


@pytest.fixture
def accepted(office):
    id_ = office.admit()
    office.settle(id_, judged())
    return id_


def test_a_document_that_a_person_refuses_is_void_with_the_reason(office, line, accepted):
    office.act(ActKind.REJECT, accepted, why="sai thẩm quyền")
    assert (line(accepted).name, line(accepted).void) == ("den/2026/1", True)
    assert "sai thẩm quyền" in line(accepted).void_reason


def test_after_a_retry_that_accepts_it_the_line_counts_again_with_its_number(office, line, accepted):
    office.act(ActKind.REJECT, accepted)
    office.act(ActKind.RETRY, accepted)
    office.settle(accepted, judged(number="16"))
    assert (line(accepted).name, line(accepted).void, line(accepted).number) == ("den/2026/1", False, "16")


def test_no_word_of_a_quarantined_document_is_left_in_the_database_and_its_number_stays(
    office, line, accepted, in_memory
):
    told = Told("chị An", "đọc lại", NOON)
    office.state.write(lambda c: register_acts.correct(c, line(accepted), {"note": "theo phương án yankee"}, told))
    finish(office.act(ActKind.QUARANTINE, accepted), office.spool, office.state)
    assert (line(accepted).name, line(accepted).void, line(accepted).subject) == ("den/2026/1", True, None)
    kept = b"".join(path.read_bytes() for path in in_memory.glob("state.sqlite3*"))
    for word in ("zulu", "yankee", "PNV-TCCC", "pnvtccc", "Hoài Thu"):
        assert word.encode() not in kept, word
    assert office.state.read(lambda c: register_search.search(c, "zulu", 10)) == []


def test_a_correction_after_forwarding_stands_in_the_line_under_the_corrector_s_name(office, line, accepted):
    office.send(accepted, Outcome.delivered())
    office.act(ActKind.CORRECT, accepted, why="đọc nhầm", corrected=((CorrectedField.NUMBER, "27"),))
    assert line(accepted).number == "27"
    changes = office.state.read(lambda c: register_search.changes_of(c, line(accepted).id))
    (change,) = [each for each in changes if each.field == "number"]
    assert (change.before, change.after, change.who, change.why) == ("15", "27", "chị An", "đọc nhầm")
