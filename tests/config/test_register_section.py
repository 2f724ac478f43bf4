"""`[register]`: the books, and what goes into them."""

import pytest
from pydantic import ValidationError

from vbdaemon.config.register import RegisterSection
from vbdaemon.model.register import Books, Direction, Numbering, Series

BOOK = {"name": "den-don", "forms": ["don"]}


def test_without_a_word_there_are_two_books_that_we_number():
    assert RegisterSection().value() == Books()


def test_a_book_takes_what_fits_all_that_it_names():
    section = RegisterSection(
        numbering="external",
        series="book",
        start=513,
        books=(
            {"name": "den-sd", "forms": ["quyet-dinh", "cong-van"], "issuers": ["H40.15*"], "start": 20},
            {"name": "di-qd", "direction": "outgoing", "forms": ["quyet-dinh"]},
        ),
    )
    books = section.value()
    assert (books.numbering, books.series, books.incoming.start) == (Numbering.EXTERNAL, Series.BOOK, 513)

    def book(form, issuer, direction=Direction.INCOMING):
        return books.book_for(direction, form, issuer).name

    assert book("cong-van", "H40.15.02") == book("quyet-dinh", "H40.15") == "den-sd"
    assert book("cong-van", "H40.1") == book("cong-van", None) == book("bao-cao", "H40.15") == book(None, None) == "den"
    assert book("quyet-dinh", "H40.15", Direction.OUTGOING) == "di-qd"
    assert book("cong-van", None, Direction.OUTGOING) == "di"
    assert books.named("den-sd").start == 20
    assert books.named("khac") is None


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"numbering": "ours"}, "'own', 'external' or 'off'"),
        ({"start": 0}, "greater than or equal to 1"),
        ({"outgoing": "den"}, "two books are called den"),
        ({"books": [BOOK, BOOK]}, "two books are called den-don"),
        ({"books": [{"name": "khac"}]}, "say what goes into it"),
        ({"books": [{"name": "Sổ đơn", "forms": ["don"]}]}, "should match pattern"),
        ({"book": "den/2026"}, "holds no slash"),
        ({"bok": "den"}, "Extra inputs"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(table, told):
    with pytest.raises(ValidationError, match=told):
        RegisterSection.model_validate(table)
