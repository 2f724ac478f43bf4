import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.builtin.classification.spelling import bare, cleaned, joined_letters, key, spelled_out, toned

LETTERS = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ ", max_size=30
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CỘNG HOÀ", "CỘNG HÒA"),
        ("UỶ BAN", "ỦY BAN"),
        ("thoả thuận", "thỏa thuận"),
        ("uỷ quyền", "ủy quyền"),
        ("khoẻ", "khỏe"),
        ("HOẢ TỐC", "HỎA TỐC"),
    ],
)
def test_both_places_of_the_tone_are_one_spelling(old: str, new: str):
    assert toned(old) == toned(new) == new
    assert key(old) == key(new)


def test_a_tone_within_a_closed_syllable_stays():
    assert toned("hoàn thành") == "hoàn thành"
    assert toned("quyết toán") == "quyết toán"


@settings(max_examples=150, deadline=None)
@given(LETTERS)
def test_composed_and_decomposed_text_are_the_same(text: str):
    assert cleaned(unicodedata.normalize("NFD", text)) == cleaned(text)
    assert key(unicodedata.normalize("NFD", text)) == key(text)


@settings(max_examples=150, deadline=None)
@given(LETTERS)
def test_taking_accents_away_keeps_the_length_and_leaves_ascii(text: str):
    plain = bare(unicodedata.normalize("NFC", text))
    assert len(plain) == len(unicodedata.normalize("NFC", text))
    assert plain.isascii()
    assert bare(plain) == plain


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_spelling_never_breaks_and_is_stable(text: str):
    assert cleaned(cleaned(text)) == cleaned(text)
    assert key(key(text)) == key(text)
    bare(text)


def test_the_icelandic_eth_is_read_as_the_vietnamese_letter():
    assert cleaned("QÐ-UBND") == "QĐ-UBND"


def test_letters_set_apart_are_one_word():
    assert joined_letters("M Ậ T") == "MẬT"
    assert joined_letters("TỐI MẬT") == "TỐI MẬT"


def test_abbreviated_bodies_are_written_out():
    assert spelled_out("UBND huyện Lục Nam") == "ủy ban nhân dân huyện lục nam"
    assert spelled_out("HĐND & UBND") == "hội đồng nhân dân và ủy ban nhân dân"
