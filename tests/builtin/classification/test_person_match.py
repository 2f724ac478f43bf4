"""The signer that OCR read, against the persons whose certificates the directory knows."""

import pytest

from vbdaemon.builtin.classification.person_match import known_signer
from vbdaemon.model import ConfirmedCertificate, Directory, Found, Signer, SignerRole, TextSource
from vbdaemon.testing import NOON, found

UNIT = "H40.15.01"


def directory(*names: str, role: SignerRole = SignerRole.PERSON) -> Directory:
    return Directory(
        (),
        tuple(ConfirmedCertificate(UNIT, f"{i:064x}", role, f"CN={n}, C=VN", "An", NOON) for i, n in enumerate(names)),
    )


def signer(name: str | None, source: TextSource = TextSource.OCR) -> Found[Signer]:
    return found(Signer("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", name), source=source, confidence=0.8)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("Đỗ Quang Vinh", "Đỗ Quang Vinh"),
        ("Đô Quang Vinh", "Đỗ Quang Vinh"),
        ("Đã Quang Vinh", "Đỗ Quang Vinh"),
        ("Lê Văn Khánh", "Lê Văn Khánh"),
    ],
)
def test_a_name_one_letter_off_is_the_person_that_the_directory_knows(read, expected):
    answer = known_signer(signer(read), directory("Đỗ Quang Vinh"), UNIT)
    assert answer.value.name == expected
    assert (answer.confidence >= 0.9) is (expected == "Đỗ Quang Vinh")


def test_two_persons_who_differ_in_accents_are_not_guessed_between():
    answer = known_signer(signer("Nguyen Thi Thuy"), directory("Nguyễn Thị Thủy", "Nguyễn Thị Thúy"), UNIT)
    assert answer.value.name == "Nguyen Thi Thuy"


@pytest.mark.parametrize(
    ("given", "known", "unit"),
    [
        (signer("Đô Quang Vinh", TextSource.TEXT), directory("Đỗ Quang Vinh"), UNIT),
        (signer("Đô Quang Vinh"), directory("Đỗ Quang Vinh"), "H40.16"),
        (signer("Đô Quang Vinh"), directory("Đỗ Quang Vinh"), None),
        (signer("Đô Quang Vinh"), directory("Đỗ Quang Vinh", role=SignerRole.ORGANISATION), UNIT),
        (signer(None), directory("Đỗ Quang Vinh"), UNIT),
        (None, directory("Đỗ Quang Vinh"), UNIT),
    ],
)
def test_print_other_units_and_organisations_change_nothing(given, known, unit):
    assert known_signer(given, known, unit) is given
