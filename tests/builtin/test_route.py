"""Where an accepted document goes: the route table, and the served units that it names itself."""

import pytest

from vbdaemon.builtin.recipients.index import index_of
from vbdaemon.builtin.route import route
from vbdaemon.model import Directory, Office, Route
from vbdaemon.rules.loader import load_recipients
from vbdaemon.testing import (
    found,
    make_classification,
    make_document,
    make_file,
    make_snapshot,
    make_submission,
    make_unit,
)

PROVINCE = make_unit("T1", "Ủy ban nhân dân tỉnh Sông Lam", aliases=("UBND tỉnh",), folder="ubnd-tinh", served=False)
DISTRICT = make_unit("H0", "Ủy ban nhân dân huyện Sông Lam", aliases=("UBND huyện",), parent="T1", folder="ubnd-huyen")
HOME = make_unit("H1", "Phòng Nội vụ", aliases=("Phòng Nội vụ huyện",), parent="H0", folder="phong-noi-vu")
HEALTH = make_unit("H2", "Phòng Y tế", parent="H0", folder="phong-y-te")
FAR = make_unit("X1", "Sở Nội vụ", folder="so-noi-vu", served=False)
PAPER = make_unit("H3", "Phòng Tư pháp", parent="H0")
UNITS = (PROVINCE, DISTRICT, HOME, HEALTH, FAR, PAPER)


def ask(
    *recipients: str,
    addressees: tuple[str, ...] = (),
    issuer: str | None = "H1",
    sender: str | None = "H1",
    routes: tuple[Route, ...] = (),
    document=None,
    office: str = "H0",
    **known,
) -> list[str]:
    snapshot = make_snapshot(*UNITS, routes=routes, office=Office(unit=office))
    classification = make_classification(addressees=addressees, recipients=recipients, issuer_unit=issuer, **known)
    destinations = route(make_submission(unit=sender), document or make_document(), classification, snapshot)
    assert all(d.scheme == "folder" and d.address.endswith("/nhan") for d in destinations)
    return [d.unit for d in destinations]


@pytest.mark.parametrize(
    ("lines", "units"),
    [
        (("Phòng Y tế;",), ["H2"]),
        (("- Như trên;", "- UBND huyện;", "- Lưu: VT."), ["H0"]),
        (("Phòng Y tế; UBND huyện",), ["H2", "H0"]),
        (("PHÒNG Y TẾ (để phối hợp)",), ["H2"]),
        (("Phòng Y tế", "Phòng Y tế"), ["H2"]),
        (("Phòng không có",), []),
        (("Lưu: VT, Phòng Y tế (3b)",), []),
        ((), []),
    ],
)
def test_served_units_in_the_list_of_recipients_get_it(lines, units):
    assert ask(*lines) == units


def test_the_addressee_gets_it_too_and_once():
    assert ask("Phòng Y tế", addressees=("Phòng Y tế", "Ủy ban nhân dân huyện Sông Lam")) == ["H2", "H0"]


def test_a_unit_that_we_do_not_serve_is_not_ours_to_send_to():
    assert ask("Sở Nội vụ", "UBND tỉnh") == []


def test_a_unit_without_a_folder_gets_nothing():
    assert ask("Phòng Tư pháp") == []


def test_it_never_goes_back_to_the_issuer_or_the_sender():
    assert ask("Phòng Nội vụ", "Phòng Y tế") == ["H2"]
    assert ask("Phòng Nội vụ", "Phòng Y tế", issuer="H2", sender="H1") == []
    assert ask("Phòng Nội vụ", "Phòng Y tế", issuer=None, sender=None) == ["H2"]  # the issuer's printed name
    assert ask("UBND huyện", "Phòng Y tế", issuer=None, sender=None) == ["H0", "H2"]


def test_a_route_line_sends_upwards_only_where_we_serve():
    assert ask(routes=(Route(("T1", "H0", "H2")),)) == ["H0", "H2"]


def test_a_route_line_may_name_a_unit_that_the_lists_of_recipients_may_not():
    assert ask(routes=(Route(("X1",)),)) == ["X1"]


@pytest.mark.parametrize(
    ("line", "known", "matches"),
    [
        (Route(("H2",)), {}, True),
        (Route(("H2",), forms=("cong-van", "bao-cao")), {}, True),
        (Route(("H2",), forms=("bao-cao",)), {}, False),
        (Route(("H2",), forms=("cong-van",)), {"form": None}, False),
        (Route(("H2",), symbol_contains="TCCC"), {}, True),
        (Route(("H2",), symbol_contains="UBND"), {}, False),
        (Route(("H2",), symbol_contains="TCCC"), {"symbol": None}, False),
        (Route(("H2",), issuers=("H1",)), {}, True),
        (Route(("H2",), issuers=("H0",)), {}, False),
        (Route(("H2",), subject_words=("DICH BENH", "Cán bộ")), {}, True),
        (Route(("H2",), subject_words=("dịch bệnh",)), {}, False),
        (Route(("H2",), subject_words=("cán bộ",)), {"subject": None}, False),
        (Route(("H2",), draft=False), {}, True),
        (Route(("H2",), draft=True), {}, False),
        (Route(("H2",), forms=("cong-van",), subject_words=("dịch bệnh",)), {}, False),
    ],
)
def test_a_route_line_matches_when_all_that_it_says_does(line, known, matches):
    assert ask(routes=(line,), **known) == (["H2"] if matches else [])


def test_every_line_that_matches_adds_its_units_once():
    assert ask("Phòng Y tế", routes=(Route(("H0",)), Route(("H0", "H2")))) == ["H0", "H2"]


def test_a_draft_goes_to_the_office_and_not_to_those_whom_it_names():
    with_draft = make_document(draft=make_file("du-thao.docx"))
    assert ask("Phòng Y tế", document=with_draft) == ["H0"]
    assert ask("Phòng Y tế", draft=found(True)) == ["H0"]
    assert ask(draft=found(True), routes=(Route(("H2",), draft=True),)) == ["H2", "H0"]


def test_a_draft_of_the_office_itself_stays_there():
    assert ask(draft=found(True), issuer="H0", sender="H0") == ["H0"]


def test_of_two_units_of_one_name_the_one_near_the_issuer_gets_it_and_both_where_neither_is_nearer():
    other = make_unit("H10", "Ủy ban nhân dân huyện Núi Cao", parent="T1", folder="nui-cao")
    twin = make_unit("H9", "Phòng Y tế", parent="H10", folder="phong-y-te-2")
    index = index_of(Directory((*UNITS, other, twin)), load_recipients())
    assert [u.code for u in index.find("phòng y tế", ("H1", "H0", "T1"))] == ["H2"]
    assert [u.code for u in index.find("phòng y tế", ("T1",))] == ["H2", "H9"]
