"""What one line of Kính gửi or Nơi nhận names: units, the issuer's own people, a reference, or nobody known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from vbdaemon.builtin.classification.spelling import bare
from vbdaemon.builtin.recipients.index import Index
from vbdaemon.builtin.recipients.lexicon import Lexicon
from vbdaemon.model import Unit

_BETWEEN = re.compile(r"\s*,\s*|\s+và\s+|\s*&\s*")
_MOST_TOGETHER = 8
"""Names that hold commas: "UBND các xã, thị trấn"."""


class Meant(StrEnum):
    """Who or what an entry means."""

    UNITS = "units"
    """Units of the directory."""
    ISSUER = "issuer"
    """The issuer, or its own people: it gives it to them itself."""
    ABOVE = "above"
    """Those of Kính gửi."""
    ARTICLES = "articles"
    """Those whom articles of the document name."""
    FILES = "files"
    """The issuer's files."""
    NOBODY = "nobody"
    """Nobody whom we know."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a line, as printed."""

    words: str
    meant: Meant
    units: tuple[Unit, ...] = ()
    articles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads lines of one document."""

    lexicon: Lexicon
    index: Index
    near: tuple[str, ...] = ()
    """Code of the issuer (or who handed in), then of those above it."""
    issuer: str = ""
    """Key of the issuer's printed name."""
    ocr: bool = False

    def read(self, line: str) -> tuple[Entry, ...]:
        """Every entry of a line; nothing of it is left out."""
        text = self.lexicon.trimmed(line)
        if not text:
            return ()
        if self.lexicon.files(text):
            return (Entry(line, Meant.FILES),)
        whole = self._whole(text)
        if whole:
            return (whole,)
        return tuple(entry for part in text.split(";") for entry in self._part(part.strip()))

    def _part(self, part: str) -> Iterator[Entry]:
        head, colon, tail = (words.strip() for words in part.partition(":"))
        if not colon or not tail:
            yield from self._spans(part)
            return
        shared = self.lexicon.shared(head)
        owner = None if shared else self._whole(head)
        if owner and owner.meant in (Meant.UNITS, Meant.ISSUER):
            yield replace(owner, words=part)  # "VPUB: CVP, TH": its own people
            return
        if not shared:
            yield from self._spans(head)
        yield from self._spans(tail, shared)

    def _spans(self, text: str, shared: str = "") -> Iterator[Entry]:
        """The names between commas and "và"; the longest that means somebody wins, since names hold these too."""
        pieces = list(_pieces(text))
        level = self.lexicon.last_level(text)
        start, lost = 0, None
        while start < len(pieces):
            end, entry = self._longest(text, pieces, start, (shared, level))
            if entry is None:
                lost = (lost[0] if lost else pieces[start][0], pieces[start][1])
                start += 1
                continue
            if lost:
                yield self._nobody(text, lost, shared)
                lost = None
            yield entry
            start = end
        if lost:
            yield self._nobody(text, lost, shared)

    def _longest(
        self, text: str, pieces: list[tuple[int, int]], start: int, beside: tuple[str, str]
    ) -> tuple[int, Entry | None]:
        shared, level = beside
        for end in range(min(len(pieces), start + _MOST_TOGETHER), start, -1):
            words = text[pieces[start][0] : pieces[end - 1][1]]
            alone = end == start + 1 and level and not self.lexicon.last_level(words)
            tried = (f"{shared} {words}" if shared else "", f"{words} {level}" if alone else "", words)
            entry = next(filter(None, map(self._whole, filter(None, tried))), None)  # level: "TAND, VKSND huyện"
            if entry is not None:
                return end, replace(entry, words=words)
        return start, None

    def _nobody(self, text: str, span: tuple[int, int], shared: str) -> Entry:
        return Entry(f"{shared} {text[span[0] : span[1]]}".strip(), Meant.NOBODY)

    def _whole(self, text: str) -> Entry | None:
        """What the text means as one name; None when nobody."""
        key = self.lexicon.key(text)
        if not key:
            return None
        if self.lexicon.above(key):
            return Entry(text, Meant.ABOVE)
        articles = self.lexicon.articles(key)
        if articles:
            return Entry(text, Meant.ARTICLES, articles=articles)
        if self._is_issuer(key):  # "UBND tỉnh" is the issuer's, before any other of this alias
            return Entry(text, Meant.ISSUER)
        units = self.index.find(key, self.near, ocr=self.ocr)
        return Entry(text, Meant.UNITS, units) if units else self._people(text, key)

    def _people(self, text: str, key: str) -> Entry | None:
        """Persons and parts: of the body after them, else of the issuer."""
        persons = self.lexicon.persons(key)
        bodies = persons.bodies if persons else (key,)
        for body in bodies:
            rest = self.lexicon.part(body)
            if (persons and not body) or rest == "":
                return Entry(text, Meant.ISSUER)
            for name in filter(None, (body if persons else "", rest)):
                if self._is_issuer(name) or self._is_issuers_level(name):
                    return Entry(text, Meant.ISSUER)
                units = self.index.find(name, self.near, ocr=self.ocr)
                if units:
                    return Entry(text, Meant.UNITS, units)
        return None

    def _is_issuer(self, key: str) -> bool:
        """The printed issuer, with or without its place: "UBND tỉnh"."""
        issuer, words = self._read_alike(self.issuer), self._read_alike(key)
        levels = tuple(f" {self._read_alike(level)}" for level in self.lexicon.levels)
        return issuer == words or (issuer.startswith(f"{words} ") and words.endswith(levels))

    def _is_issuers_level(self, key: str) -> bool:
        """The issuer's level alone, after a person: "PCT tỉnh"."""
        words = self._read_alike(key)
        known = any(words == self._read_alike(level) for level in self.lexicon.levels)
        return known and f" {words} " in f" {self._read_alike(self.issuer)} "

    def _read_alike(self, key: str) -> str:
        """Without accents, of which OCR loses some, where OCR read it."""
        return bare(key) if self.ocr else key


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where the pieces between separators begin and end."""
    start = 0
    for found in _BETWEEN.finditer(text):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
    if start < len(text):
        yield start, len(text)
