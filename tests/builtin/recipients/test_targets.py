"""Everyone whom a document names is sent to, or told: nothing is dropped."""

import pytest

from vbdaemon.builtin.recipient import check
from vbdaemon.builtin.recipients.targets import targets_of
from vbdaemon.builtin.route import route
from vbdaemon.model import (
    Account,
    AccountRole,
    Directory,
    Forwarding,
    Group,
    Office,
    Purpose,
    Route,
    TransmissionForm,
    TransmissionRule,
    TransmissionRuleSet,
    UnitChannel,
    Urgency,
)
from vbdaemon.testing import (
    found,
    make_classification,
    make_content,
    make_document,
    make_file,
    make_snapshot,
    make_submission,
    make_unit,
)

CHAIR = Account("chu-tich", AccountRole.LEADER, inbox="nhan-lanh-dao")
CLERK = Account("H0/gui", AccountRole.CLERK, "gui")
PROVINCE = make_unit("T1", "Ủy ban nhân dân tỉnh Đông Kỳ", aliases=("UBND tỉnh",), served=False)
DISTRICT = make_unit("H0", "Ủy ban nhân dân huyện Sông Lam", parent="T1", folder="ubnd-huyen", accounts=(CHAIR, CLERK))
HOME = make_unit("H1", "Phòng Nội vụ", parent="H0", folder="phong-noi-vu")
HEALTH = make_unit("H2", "Phòng Y tế", parent="H0", folder="phong-y-te")
JUSTICE = make_unit("H3", "Phòng Tư pháp", parent="H0")
COMMUNE = make_unit("X1", "Ủy ban nhân dân xã Hạ Lam", parent="H0", folder="xa-ha-lam", groups=("xa",))
REMOTE = make_unit(
    "X2",
    "Ủy ban nhân dân xã Thượng Lam",
    parent="H0",
    folder="xa-thuong-lam",
    groups=("xa",),
    channels=(UnitChannel.PAPER,),
    channels_note="chưa có đường truyền",
)
UNITS = (PROVINCE, DISTRICT, HOME, HEALTH, JUSTICE, COMMUNE, REMOTE)
GROUPS = (Group("xa", "UBND các xã, thị trấn"),)
BODY = (
    "Điều 1. Thành lập Tổ công tác của huyện.",
    "Điều 3. Quyết định này có hiệu lực kể từ ngày ký.",
    "Chánh Văn phòng huyện, Trưởng phòng Y tế, Chủ tịch UBND các xã, thị trấn",
    "và các cá nhân liên quan chịu trách nhiệm thi hành Quyết định này./.",
    "Nơi nhận:",
    "- Như Điều 3;",
    "- Lưu: VT.",
)


@pytest.fixture
def snapshot():
    return make_snapshot(directory=Directory(UNITS, groups=GROUPS), office=Office(unit="H0"))


def decision():
    file = make_file("quyet-dinh.pdf")
    return make_document(file, contents=(make_content(file, *BODY),))


def ask(snapshot, *recipients, document=None, addressees=(), envelope=None, **known):
    """Codes of the units that get it, and the notes about the others."""
    kind = make_classification(addressees=addressees, recipients=recipients, issuer_unit="H1", **known)
    given = make_submission(**{"unit": "H1", **(envelope or {})}), document or make_document(), kind
    notes = {finding.code: finding for finding in check(*given, snapshot)}
    return [destination.address for destination in route(*given, snapshot)], notes


def test_everyone_named_is_sent_to_or_told(snapshot):
    lines = (
        "Như trên;",
        "- CT, các PCT UBND huyện;",
        "- UBND tỉnh (để b/c);",
        "Hội Chữ thập đỏ",
        "LĐ phòng",
        "Lưu: VT",
    )
    sent, notes = ask(snapshot, *lines, addressees=("UBND các xã, thị trấn", "Phòng Tư pháp"))
    assert sent == ["xa-ha-lam/nhan", "ubnd-huyen/nhan"]
    assert "khác ghi trên văn bản (UBND tỉnh)." in notes["recipients-sent-by-issuer"].message
    assert notes["recipients-unresolved"].message.endswith("chưa chuyển đến (Hội Chữ thập đỏ; LĐ phòng).")
    assert notes["recipients-on-paper"].message.endswith(
        "(Ủy ban nhân dân xã Thượng Lam: chưa có đường truyền; "
        "Phòng Tư pháp: chưa có thư mục hoặc hộp thư nhận văn bản điện tử)."
    )


def test_those_of_an_article_get_it(snapshot):
    sent, notes = ask(snapshot, "Như Điều 3", "Lưu: VT", document=decision())
    assert sent == ["phong-y-te/nhan", "xa-ha-lam/nhan"]
    assert "Chánh Văn phòng huyện; các cá nhân liên quan" in notes["recipients-unresolved"].message


def test_an_article_that_was_not_read_is_told(snapshot):
    for document in (make_document(), decision()):
        sent, notes = ask(snapshot, "Như Điều 4", document=document)
        assert sent == []
        assert "Như Điều 4" in notes["recipients-unresolved"].message


def test_as_above_with_nothing_above_is_told(snapshot):
    _, notes = ask(snapshot, "Như trên")
    assert "Như trên" in notes["recipients-unresolved"].message


def test_a_restricted_document_tells_how_many_and_no_names(snapshot):
    _, notes = ask(snapshot, "Ông Nguyễn Văn Mẫu", "UBND tỉnh", restricted=True)
    assert "1 nơi nhận" in notes["recipients-unresolved"].message
    assert "1 nơi nhận" in notes["recipients-sent-by-issuer"].message
    assert not any("Mẫu" in str(finding) for finding in notes.values())


def test_a_draft_and_a_check_before_sending_have_no_notes(snapshot):
    assert ask(snapshot, "Hội Chữ thập đỏ", draft=found(True)) == (["ubnd-huyen/nhan"], {})
    assert ask(snapshot, "Hội Chữ thập đỏ", envelope={"purpose": Purpose.PREFLIGHT})[1] == {}


@pytest.mark.parametrize(
    ("line", "known", "envelope", "matches"),
    [
        (Route(("H2",), urgency=(Urgency.KHAN, Urgency.HOA_TOC)), {"urgency": found(Urgency.HOA_TOC)}, {}, True),
        (Route(("H2",), urgency=(Urgency.KHAN,)), {"urgency": found(Urgency.HOA_TOC)}, {}, False),
        (Route(("H2",), urgency=(Urgency.KHAN,)), {}, {}, False),
        (Route(("H2",), sources=("mot-cua",)), {}, {"source": "mot-cua"}, True),
        (Route(("H2",), sources=("mot-cua",)), {}, {}, False),
    ],
)
def test_a_route_line_can_go_by_urgency_and_by_source(line, known, envelope, matches):
    snapshot = make_snapshot(*UNITS, routes=(line,))
    assert ask(snapshot, **known, envelope=envelope)[0] == (["phong-y-te/nhan"] if matches else [])


def test_all_lines_that_match_count_or_the_first_alone():
    routes = (Route(("H0",), forms=("bao-cao",)), Route(("H2",)), Route(("X1",)))
    assert ask(make_snapshot(*UNITS, routes=routes))[0] == ["phong-y-te/nhan", "xa-ha-lam/nhan"]
    first = make_snapshot(*UNITS, routes=routes, forwarding=Forwarding(first_match=True))
    assert ask(first)[0] == ["phong-y-te/nhan"]
    assert ask(first, "UBND xã Hạ Lam")[0] == ["phong-y-te/nhan", "xa-ha-lam/nhan"]  # its own names count besides


def test_a_person_has_a_folder_of_its_own_or_gets_it_through_the_unit():
    routes = (Route(("H0/chu-tich", "H0/gui")),)
    assert ask(make_snapshot(*UNITS, routes=routes))[0] == ["ubnd-huyen/nhan-lanh-dao", "ubnd-huyen/nhan"]


def test_what_our_own_desk_scanned_reaches_our_own_agency(snapshot):
    lines = ("UBND huyện Sông Lam", "Phòng Y tế huyện Sông Lam")
    kind = make_classification(issuer="UBND tỉnh", issuer_unit="T1", addressees=lines, recipients=())
    scanned = make_submission(unit="H0", source="mot-cua")
    sent = route(scanned, make_document(), kind, snapshot)
    assert [each.address for each in sent] == ["ubnd-huyen/nhan", "phong-y-te/nhan"]


def test_a_mail_to_a_units_own_address_goes_to_it(snapshot):
    mailed = make_unit("H2", "Phòng Y tế", parent="H0", folder="phong-y-te", addresses=("YTe@example.vn",))
    targets = targets_of(
        make_submission(recipients=("yte@EXAMPLE.vn",)),
        make_document(),
        make_classification(recipients=()),
        make_snapshot(mailed),
    )
    assert [unit.code for unit, _ in targets.parties] == ["H2"]


@pytest.mark.parametrize(
    ("send", "issuer", "transmission", "held"),
    [
        (False, "H0", TransmissionForm.ELECTRONIC, True),
        (True, "H0", TransmissionForm.ELECTRONIC, False),
        (False, "H1", TransmissionForm.ELECTRONIC, False),
        (False, "H0", TransmissionForm.PAPER, False),
    ],
)
def test_what_our_own_agency_may_not_send_electronically_is_held(snapshot, send, issuer, transmission, held):
    rows = (TransmissionRule("I-9", "cong-van", transmission, send=send),)
    lists = (TransmissionRuleSet("mau", "Danh mục", "Quyết định", rows),)
    snapshot = make_snapshot(*UNITS, office=Office(unit="H0"), transmission=lists)
    kind = make_classification(issuer_unit=issuer, transmission_rule="mau/I-9", recipients=())
    codes = [finding.code for finding in check(make_submission(unit=issuer), make_document(), kind, snapshot)]
    assert ("electronic-sending-not-listed" in codes) is held
    rule = snapshot.policy.by_code["electronic-sending-not-listed"]
    assert rule.verdict == "HOLD"
