"""The words of lists of recipients, compiled: keys for comparison, what may be cut off, what stands for what."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from vbdaemon.builtin.classification.spelling import bare, cleaned, spelled_out
from vbdaemon.model import RecipientRules

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_OPEN_BRACKET = re.compile(r"[(\[][^)\]]*$")
_COPIES = re.compile(r"[\s:,\-–]*\b\d{1,3}\s*(?:bản|b)\b\.?(?=\s*(?:;|$))", re.IGNORECASE)
_SPACED = re.compile(r"\s+([,;])")
_EDGES = " \t-–—+*•:;,./"
_NUMBERS = re.compile(r"\d+")
_AND = "và"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Persons:
    """A name that began with persons: what may be the body's name, the likeliest first; ("",) where none is named."""

    bodies: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The rules' words by key."""

    rules: RecipientRules

    def key(self, text: str) -> str:
        """For comparison: small letters, abbreviations of bodies written out, no "và"."""
        words = self._spellings.sub(lambda found: self._full[found[0]], _flat(text))
        return " ".join(words.split())

    def trimmed(self, line: str) -> str:
        """The line without brackets, numbers of copies, purposes and marks at its edges."""
        text = cleaned(line)
        while (shorter := _BRACKETS.sub(" ", text)) != text:
            text = shorter
        text = _OPEN_BRACKET.sub(" ", text)
        text = _COPIES.sub("", self._purposes.sub("", text))
        return cleaned(_SPACED.sub(r"\1", text)).strip(_EDGES)

    def files(self, text: str) -> bool:
        """True for the line for the files: "Lưu: VT"."""
        return _begins(bare(self.key(text)), self._filing) is not None

    def above(self, key: str) -> bool:
        """True for "Như trên"."""
        return bare(key) in self._above

    def articles(self, key: str) -> tuple[int, ...]:
        """The numbers of "Như Điều 3"; none for anything else."""
        rest = _begins(bare(key), self._article)
        return tuple(int(number) for number in _NUMBERS.findall(rest)) if rest else ()

    def persons(self, key: str) -> Persons | None:
        """The bodies whose people are meant; None when the key begins with no person."""
        rest, means, bodies = self._without(key), "", [key]
        found = False
        while (role := _begun(rest, self._roles)) is not None:
            found, means = True, self._roles[role] or means
            rest = rest[len(role) :].strip()
            bodies = [f"{means} {rest}", rest] if means and rest else [rest]
            rest = self._without(rest)
        return Persons(tuple(dict.fromkeys((*bodies, rest)))) if found else None

    def part(self, key: str) -> str | None:
        """What follows a part of an office, "" when nothing does; None when the key begins with no part."""
        return _begins(key, self._parts)

    def shared(self, head: str) -> str:
        """How the names after "Các Sở:" begin; "" when they share nothing."""
        return self._lists.get(self.key(head), "")

    def level(self, key: str) -> bool:
        """True for a level of administration alone: "huyện"."""
        return key in self.levels

    def last_level(self, text: str) -> str:
        """The level with which a text ends, or ""."""
        key = self.key(text)
        return next((level for level in self.levels if key.endswith(f" {level}")), "")

    def names_of_article(self, text: str) -> str:
        """The sentence of an article that says who carries it out, up to where the names end."""
        for sentence in re.split(r"(?<=\w{4}\.)\s+", text):
            found = self._endings.search(sentence)
            if found and found.start() > 0:
                return sentence[: found.start()].strip(_EDGES)
        return text.strip(_EDGES)

    def _without(self, key: str) -> str:
        """Without the words before a name that say nothing."""
        while (rest := _begins(key, self._before)) is not None:
            key = rest
        return key

    @cached_property
    def _full(self) -> dict[str, str]:
        return {_flat(word): _flat(each.means) for each in self.rules.spellings for word in each.words}

    @cached_property
    def _spellings(self) -> re.Pattern[str]:
        return _any(self._full, r"\b(?:{})\b")

    @cached_property
    def _purposes(self) -> re.Pattern[str]:
        return _any(self.rules.purposes, r"\s*\b(?:{})(?!\w)[^;]*")

    @cached_property
    def _endings(self) -> re.Pattern[str]:
        return _any(self.rules.endings, r"\b(?:{})\b")

    @cached_property
    def _roles(self) -> dict[str, str]:
        return {self.key(word): self.key(each.means) for each in self.rules.roles for word in each.words}

    @cached_property
    def _lists(self) -> dict[str, str]:
        return {self.key(word): each.means for each in self.rules.lists for word in each.words}

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(map(self.key, self.rules.parts))

    @cached_property
    def _before(self) -> frozenset[str]:
        return frozenset(map(self.key, self.rules.before))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Keys of the levels of administration."""
        return tuple(map(self.key, self.rules.levels))

    @cached_property
    def _filing(self) -> frozenset[str]:
        return frozenset(bare(self.key(word)) for word in self.rules.filing)

    @cached_property
    def _above(self) -> frozenset[str]:
        return frozenset(bare(self.key(word)) for word in self.rules.as_above)

    @cached_property
    def _article(self) -> frozenset[str]:
        return frozenset(bare(self.key(word)) for word in self.rules.as_article)


@lru_cache(maxsize=4)
def lexicon_of(rules: RecipientRules) -> Lexicon:
    """The rules' words, compiled once."""
    return Lexicon(rules)


def _flat(text: str) -> str:
    return " ".join(word for word in spelled_out(text).split() if word != _AND)


def _any(words: Iterable[str], form: str) -> re.Pattern[str]:
    """A pattern for any of the words, the longest first."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(form.format("|".join(map(re.escape, ordered))), re.IGNORECASE) if ordered else _NEVER


def _begun(key: str, phrases: Container[str]) -> str | None:
    """The longest of the phrases with which the key begins."""
    return next((start for start in _starts(key) if start in phrases), None)


def _begins(key: str, phrases: frozenset[str]) -> str | None:
    """What follows the longest of the phrases with which the key begins; None when it begins with none."""
    start = _begun(key, phrases)
    return None if start is None else key[len(start) :].strip()


def _starts(key: str) -> Iterator[str]:
    words = key.split()
    return (" ".join(words[:count]) for count in range(len(words), 0, -1))
