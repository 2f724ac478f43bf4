"""Legacy fonts and worthless text layers."""

import pytest

from vbdaemon.reading.encoding import is_garbage, is_legacy, reads_as_vietnamese

TCVN3 = "Céng hoµ x· héi chñ nghÜa ViÖt Nam §éc lËp - Tù do - H¹nh phóc"
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam Ñoäc laäp - Töï do - Haïnh phuùc"


@pytest.mark.parametrize("text", [TCVN3, VNI])
def test_mojibake_of_legacy_fonts_is_recognised_by_its_letters(text):
    assert is_legacy(text)


@pytest.mark.parametrize("font", [".VnTime", ".VnTimeH", "VNI-Times", "ABCDEF+.VnTime"])
def test_mojibake_is_recognised_by_the_font(font):
    assert is_legacy("Sè: 12", {font})


@pytest.mark.parametrize(
    "text",
    [
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "UBND - QD 12/2020 annual report",
        "Le présent rapport concerne la société générale à Hanoï",
        "",
        "± 5 °C · 30 µm",
    ],
)
def test_other_text_is_no_mojibake(text):
    assert not is_legacy(text)


def test_unicode_text_in_a_font_with_a_legacy_name_is_fine():
    assert not is_legacy("Quyết định", {".VnTime"})


@pytest.mark.parametrize("text", ["\ufffd" * 9 + "abc", "\ue001\ue002\ue003", "~!@#$%^&*()|\\{}[]<>"])
def test_characters_that_say_nothing_are_garbage(text):
    assert is_garbage(text)


@pytest.mark.parametrize("text", ["Số: ........../UBND", "", "12/2020/QĐ-UBND", "Kính gửi: ......................"])
def test_blanks_and_symbols_are_no_garbage(text):
    assert not is_garbage(text)


def test_a_text_layer_without_accents_is_not_vietnamese():
    assert not reads_as_vietnamese("CQNG HOA XA HQI CHU NGHIA VIET NAM")
    assert reads_as_vietnamese("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
