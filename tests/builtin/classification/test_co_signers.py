"""Joint documents (văn bản liên tịch): all their signers are kept."""

import pytest

NUMBER = "Số: 12/KHPH-SNV-STC"
ISSUER = ("SỞ NỘI VỤ", "SỞ TÀI CHÍNH")


@pytest.fixture(name="joint")
def _joint(draw):
    def make(*blocks: tuple[float, float, str, str, str], number: str = NUMBER) -> list:
        lines = draw.head(number=number, issuer=ISSUER)
        lines += [draw.centred(319, 170, "KẾ HOẠCH"), draw.centred(319, 187, "Phối hợp rà soát cán bộ")]
        lines += [draw.body(230, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;")]
        for x, y, authority, title, name in blocks:
            lines += [draw.centred(x, y, authority), draw.centred(x, y + 15, title), draw.centred(x, y + 110, name)]
        lines += [draw.body(740, "Nơi nhận:"), draw.body(754, "- Như trên;"), draw.body(768, "- Lưu: VT.")]
        return lines

    return make


LEFT = (158.0, 400.0, "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC SỞ TÀI CHÍNH", "Lê Văn Khánh")
RIGHT = (430.0, 400.0, "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC SỞ NỘI VỤ", "Trần Thị Hoài Thu")
BELOW = (158.0, 560.0, "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Bùi Văn Toàn")


def test_blocks_side_by_side_are_signers_of_their_own(joint, classified):
    answer = classified(joint(LEFT, RIGHT))
    assert answer.signer.value.name == "Trần Thị Hoài Thu"
    assert answer.signer.value.title == "PHÓ GIÁM ĐỐC SỞ NỘI VỤ"
    (other,) = answer.co_signers
    assert (other.value.authority, other.value.name) == ("KT. GIÁM ĐỐC", "Lê Văn Khánh")
    assert other.evidence.box is not None


def test_a_second_row_of_blocks_is_read_after_the_first(joint, classified):
    answer = classified(joint(LEFT, RIGHT, BELOW))
    names = {answer.signer.value.name, *(one.value.name for one in answer.co_signers)}
    assert names == {"Lê Văn Khánh", "Trần Thị Hoài Thu", "Bùi Văn Toàn"}


def test_a_document_of_one_body_has_no_further_signers(joint, classified, draw):
    assert classified(joint(LEFT, RIGHT, number="Số: 12/KH-SNV")).co_signers == ()
    assert classified(draw.letter()).co_signers == ()
