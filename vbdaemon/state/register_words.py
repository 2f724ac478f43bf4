"""Words that register lines are found by, and how a typed question is read: with and without accents, no database.

Tokens are letters and digits only, so that SQLite's FTS5 and PostgreSQL's tsvector keep them alike, as they are.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

_TOKEN = re.compile("[0-9a-zß-öø-ÿ\u0100-\u024f\u1e00-\u1eff]+")
"""Latin letters in small form, as NFC composes them, and digits."""
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTH = re.compile(r"(\d{1,2})/(\d{4})|(\d{4})-(\d{1,2})")
LONGEST = 40
"""Letters of a token; longer ones are litter of reading."""
SHORTEST_BEGINNING = 2
"""Letters before "*": fewer would be the beginning of nearly every line."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a line must have."""

    tokens: tuple[str, ...]
    """All of these."""
    beginning: bool = False
    """The last token is the beginning of one."""
    or_tokens: tuple[str, ...] = ()
    """Or all of these."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, as terms that must all be there: exactly as typed, and without accents."""

    exact: tuple[Term, ...]
    folded: tuple[Term, ...]

    @property
    def tiers(self) -> tuple[tuple[Term, ...], ...]:
        """The ways to look, the closest first; none when nothing can be looked for."""
        return tuple(dict.fromkeys(tier for tier in (self.exact, self.folded) if tier))


def plain(text: str) -> str:
    """Small letters, composed."""
    return unicodedata.normalize("NFC", text).casefold()


def fold(text: str) -> str:
    """Small letters without accents: "Đường Điện" becomes "duong dien"."""
    apart = unicodedata.normalize("NFD", text).casefold().replace("đ", "d")
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def day_token(day: date) -> str:
    """The token of a day."""
    return f"d{day:%Y%m%d}"


def month_token(year: int, month: int) -> str:
    """The token of a month."""
    return f"m{year:04d}{month:02d}"


def year_token(year: int) -> str:
    """The token of a year of a book."""
    return f"y{year:04d}"


def name_token(kind: str, name: str) -> str:
    """The token of a book ("b") or a form ("f"): one word that no document says."""
    return f"{kind}0{joined(name)}"


def joined(designation: str) -> str:
    """A designation as one token: "15qdubnd" for "15/QĐ-UBND"."""
    return "".join(_TOKEN.findall(fold(designation)))[:LONGEST]


def as_compared(designation: str | None) -> str:
    """A number or symbol as it is compared: "015" is "15", and neither blanks nor capitals count."""
    return "".join((designation or "").split()).casefold().lstrip("0")


def spellings(number: str) -> tuple[str, ...]:
    """How a number may stand in a line that bears it: "7", "07", "007"."""
    bare = "".join(number.split()).lstrip("0")
    return tuple(dict.fromkeys((number, bare, *(bare.zfill(letters) for letters in (2, 3)))))


def words_of(texts: Iterable[str | None]) -> Iterator[str]:
    """Tokens of these texts, with their accents and without."""
    for text in texts:
        if text:
            yield from (token[:LONGEST] for token in _TOKEN.findall(plain(text)))
            yield from (token[:LONGEST] for token in _TOKEN.findall(fold(text)))


def designations(number: str | None, symbol: str | None) -> Iterator[str]:
    """Tokens of number and symbol: their pieces, the symbol as one, both as one."""
    whole = f"{number or ''}/{symbol}" if symbol else (number or "")
    yield from words_of((whole,))
    yield from (token for token in (joined(symbol or ""), joined(whole)) if token)
    if number and number.isdecimal():
        yield str(int(number))  # 05 is found as 5


@dataclass(frozen=True, slots=True)
class Findable:
    """What a line is found by."""

    book: str
    year: int
    registered_on: date
    arrival_number: int | None = None
    form: str | None = None
    number: str | None = None
    symbol: str | None = None
    issued_on: date | None = None
    issuer: str | None = None
    subject: str | None = None
    signer: str | None = None

    def tokens(self) -> tuple[str, ...]:
        """Each once."""
        found = [name_token("b", self.book), year_token(self.year)]
        if self.form:
            found += (name_token("f", self.form), *words_of((self.form,)))
        if self.arrival_number is not None:
            found.append(str(self.arrival_number))
        for day in (self.registered_on, self.issued_on):
            if day is not None:
                found += (day_token(day), month_token(day.year, day.month))
        found += designations(self.number, self.symbol)
        found += words_of((self.issuer, self.subject, self.signer))
        return tuple(dict.fromkeys(found))


def asked(text: str) -> Question:
    """What a person typed: words, "15/QĐ-UBND", 2026-01-15, 15/01/2026, 01/2026, and "thanh*" for a beginning."""
    exact: list[Term] = []
    folded: list[Term] = []
    for word in text.replace('"', " ").split():
        dated = _dated(word)
        if dated is not None:
            exact.append(dated)
            folded.append(dated)
            continue
        beginning = word.endswith("*") and len(joined(word)) >= SHORTEST_BEGINNING
        pieces = tuple(_TOKEN.findall(fold(word)))
        if not pieces:
            continue
        folded.append(Term(pieces, beginning))
        if len(pieces) > 1:
            exact.append(Term((joined(word),), beginning))
        else:
            exact.append(Term(tuple(_TOKEN.findall(plain(word))) or pieces, beginning))
    return Question(tuple(exact), tuple(folded))


def _dated(word: str) -> Term | None:
    """A day; or a month, which might be a number such as 01/2026 as well."""
    if found := _ISO_DAY.fullmatch(word):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY.fullmatch(word):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := _MONTH.fullmatch(word):
        year, month = (int(found[2]), int(found[1])) if found[1] else (int(found[3]), int(found[4]))
        return Term((month_token(year, month),), or_tokens=(joined(word),))
    return None


def _day(year: int, month: int, day: int) -> Term | None:
    try:
        return Term((day_token(date(year, month, day)),))
    except ValueError:  # 2026/31/15 is no day; it may be anything else
        return None
