"""Organisation or person by the common name, never by O or OU."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from vbdaemon.model import SignerRole
from vbdaemon.signature.naming import comparable
from vbdaemon.signature.role import role_of

ORGANISATION, PERSON, UNKNOWN = SignerRole.ORGANISATION, SignerRole.PERSON, SignerRole.UNKNOWN


@pytest.mark.parametrize(
    ("name", "more", "role"),
    [
        ("Ủy ban nhân dân tỉnh Thử Nghiệm", {}, ORGANISATION),
        ("UỶ BAN NHÂN DÂN HUYỆN THỬ NGHIỆM", {}, ORGANISATION),
        ("UBND xã Mẫu", {}, ORGANISATION),
        ("Uy ban nhan dan tinh Thu Nghiem", {}, ORGANISATION),
        ("TRUNG TÂM CÔNG BÁO VÀ TIN HỌC", {NameOID.EMAIL_ADDRESS: "a@example.vn"}, ORGANISATION),
        ("CỤC THUẾ", {}, ORGANISATION),
        ("Trường Đại học Thử Nghiệm", {}, ORGANISATION),
        ("Vụ Tổ chức", {}, ORGANISATION),
        ("Vũ Thị Mẫu", {}, PERSON),
        ("Trương Văn Thử", {}, PERSON),
        ("Đoàn Văn Thử", {}, PERSON),
        ("Văn Thị Phòng", {}, PERSON),
        ("NGUYỄN VĂN MẪU", {NameOID.ORGANIZATION_NAME: "ỦY BAN NHÂN DÂN TỈNH"}, PERSON),
        ("Zơrâm Thử", {NameOID.EMAIL_ADDRESS: "z@example.vn"}, PERSON),
        ("Zơrâm Thử", {NameOID.USER_ID: "CCCD:001"}, PERSON),
        ("Zơrâm Thử", {}, UNKNOWN),
        ("FASTSIGN SERVICE", {NameOID.USER_ID: "MST:0100000000"}, ORGANISATION),
        ("Test 123", {NameOID.ORGANIZATION_NAME: "Ủy ban nhân dân tỉnh"}, UNKNOWN),
    ],
)
def test_the_shape_of_the_common_name_tells_the_role(name, more, role):
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    attributes += [x509.NameAttribute(oid, value) for oid, value in more.items()]
    assert role_of(x509.Name(attributes), None) is role


def test_the_place_of_a_tone_makes_no_difference_and_the_tone_does():
    assert comparable("HOÀ BÌNH") == comparable("Hòa Bình")
    assert comparable("thỏa uỷ") == comparable("thoả ủy")
    assert comparable("Vũ") != comparable("Vụ")
    assert comparable("Ha") != comparable("Hà")
