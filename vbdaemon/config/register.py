"""`[register]`: the books of incoming and outgoing documents, and who gives their numbers."""

from typing import Literal

from pydantic import Field, model_validator

from vbdaemon.config.section import Section
from vbdaemon.model.register import Book, Books, Direction, Numbering, Series

_NAME = r"^[a-z0-9][a-z0-9-]*$"


class BookSection(Section):
    """`[[register.books]]`: one more book, and what goes into it instead of the common one."""

    name: str = Field(min_length=1, max_length=40, pattern=_NAME)
    direction: Literal["incoming", "outgoing"] = "incoming"
    title: str = ""
    forms: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    start: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _takes_something(self) -> "BookSection":
        if not self.forms and not self.issuers:
            raise ValueError("say what goes into it: forms (slugs), issuers (codes of units), or both")
        return self


class RegisterSection(Section):
    """`[register]`: the books (sổ đăng ký văn bản đến, đi)."""

    book: str = Field(default="den", min_length=1, max_length=40)
    outgoing: str = Field(default="di", min_length=1, max_length=40)
    numbering: Literal["own", "external", "off"] = "own"
    start: int = Field(default=1, ge=1)
    series: Literal["book", "form", "symbol"] = "form"
    books: tuple[BookSection, ...] = ()

    @model_validator(mode="after")
    def _names_of_books(self) -> "RegisterSection":
        names = [self.book, self.outgoing, *(book.name for book in self.books)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two books are called {', '.join(twice)}")
        wrong = [name for name in names if "/" in name or "\\" in name or name != name.strip()]
        if wrong:
            raise ValueError(f"{wrong[0]!r}: the name of a book holds no slash, and no space at its ends")
        return self

    def value(self) -> Books:
        """The books as the other rooms know them."""
        return Books(
            incoming=Book(self.book, Direction.INCOMING, start=self.start),
            outgoing=Book(self.outgoing, Direction.OUTGOING),
            further=tuple(
                Book(each.name, Direction(each.direction), each.title, each.forms, each.issuers, each.start)
                for each in self.books
            ),
            numbering=Numbering(self.numbering),
            series=Series(self.series),
        )
