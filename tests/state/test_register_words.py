"""What a line is found by, and how a typed question is read."""

from datetime import date

import pytest

from vbdaemon.state.register_words import Findable, Term, asked, fold

DAY = date(2026, 1, 15)
LINE = Findable(
    "den", 2026, date(2026, 1, 16), 7, "quyet-dinh", "15", "QĐ-UBND", DAY, "UBND xã Ký Phú", "phê duyệt Đề án"
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đường Điện Biên", "duong dien bien"),
        ("QUYẾT ĐỊNH", "quyet dinh"),
        ("Hoà Bình, hòa bình", "hoa binh, hoa binh"),
        ("nghị quyết".encode().decode(), "nghi quyet"),  # decomposed letters, as some systems write them
        ("Ơ Ư Ă Â Ê Ô", "o u a a e o"),
    ],
)
def test_accents_fall_away_and_d_with_stroke_is_d(text, folded):
    assert fold(text) == folded


def test_a_line_is_found_by_its_pieces_its_whole_designation_and_its_days():
    tokens = LINE.tokens()
    assert {"15", "qđ", "qd", "ubnd", "qdubnd", "15qdubnd", "7", "d20260115", "d20260116", "m202601"} <= set(tokens)
    assert {"phê", "phe", "đề", "de", "án", "an", "xã", "xa", "b0den", "y2026", "f0quyetdinh"} <= set(tokens)
    assert len(tokens) == len(set(tokens))


@pytest.mark.parametrize("typed", ["2026-01-15", "15/01/2026", "15/1/2026", "15-01-2026", "15.01.2026"])
def test_a_day_is_understood_however_it_is_written(typed):
    assert asked(typed).tiers == ((Term(("d20260115",)),),)


@pytest.mark.parametrize(
    ("typed", "exact", "folded"),
    [
        ("quyet dinh", (("quyet",), ("dinh",)), (("quyet",), ("dinh",))),
        ("Quyết dinh", (("quyết",), ("dinh",)), (("quyet",), ("dinh",))),
        ("15/QĐ-UBND", (("15qdubnd",),), (("15", "qd", "ubnd"),)),
        ("32/13/2026", (("32132026",),), (("32", "13", "2026"),)),
        ('"đề án"', (("đề",), ("án",)), (("de",), ("an",))),
        ("' OR 1=1 --", (("or",), ("11",)), (("or",), ("1", "1"))),
        ("*** ??? \u0000 --", (), ()),
    ],
)
def test_words_are_looked_for_as_typed_first_and_without_accents_then(typed, exact, folded):
    question = asked(typed)
    assert tuple(term.tokens for term in question.exact) == exact
    assert tuple(term.tokens for term in question.folded) == folded


def test_the_beginning_of_a_word_is_enough_with_a_star_and_one_letter_is_not():
    assert asked("thanh*").folded == (Term(("thanh",), beginning=True),)
    assert asked("t*").folded == (Term(("t",)),)


def test_a_month_may_be_a_number_as_well():
    assert asked("01/2026").folded == (Term(("m202601",), or_tokens=("012026",)),)
