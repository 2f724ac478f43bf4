"""A document for somebody else is held; one that names this office, or anybody unknown, is not."""

import pytest

from vbdaemon.builtin.recipient import check
from vbdaemon.model import Office, Severity
from vbdaemon.testing import make_classification, make_document, make_file, make_snapshot, make_submission, make_unit

DISTRICT = make_unit("H40.15", "Ủy ban nhân dân huyện Sông Lam", aliases=("UBND huyện",))
OFFICE = make_unit("H40.15.01", "Phòng Nội vụ", parent="H40.15", served=False)
ABROAD = make_unit("H41", "Ủy ban nhân dân huyện Núi Cao", served=False, addresses=("nuicao@example.vn",))


@pytest.fixture(scope="module")
def snapshot():
    return make_snapshot(DISTRICT, OFFICE, ABROAD, office=Office(unit="H40.15"))


def codes(snapshot, *addressees: str, **envelope):
    kind = make_classification(addressees=addressees)
    document = make_document(make_file())
    found = check(make_submission(**envelope), document, kind, snapshot)
    return [finding.code for finding in found if finding.severity is not Severity.NOTE]


@pytest.mark.parametrize(
    "addressees",
    [
        ("Ủy ban nhân dân huyện Sông Lam",),
        ("UBND huyện Núi Cao", "UBND huyện"),
        ("Phòng Nội vụ",),
        ("Các cơ quan, đơn vị",),
        ("Ủy ban nhân dân huyện Núi Cao", "Các cơ quan, đơn vị"),
        (),
    ],
)
def test_what_may_be_meant_for_us_is_not_held(snapshot, addressees):
    assert codes(snapshot, *addressees) == []


def test_a_document_for_another_office_alone_is_mis_addressed(snapshot):
    assert codes(snapshot, "Ủy ban nhân dân huyện Núi Cao") == ["mis-addressed"]


def test_a_mail_to_an_address_that_no_unit_has_is_told(snapshot):
    assert codes(snapshot, "UBND huyện", recipients=("nobody@example.vn",)) == ["recipient-unknown"]
    assert codes(snapshot, "UBND huyện", recipients=("NuiCao@example.vn",)) == []


def test_without_a_recipient_to_check_nothing_is_said(snapshot):
    assert codes(snapshot, "Ủy ban nhân dân huyện Núi Cao", recipient_checks=False) == []
