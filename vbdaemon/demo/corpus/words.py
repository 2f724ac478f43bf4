"""The words that documents of one split are made of."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from vbdaemon.demo.corpus.specimen import Split


@dataclass(frozen=True, slots=True)
class Agency:
    """An invented body that issues documents."""

    parent: tuple[str, ...]
    """Lines above its own name."""
    lines: tuple[str, ...]
    abbreviation: str
    place: str
    code: str
    """In the directory; "" = it is not there."""
    name: str
    """As the directory writes it."""
    head: str
    """Title of its head."""

    @property
    def committee(self) -> bool:
        """True for committees and councils, which act as a body."""
        return self.lines[0].startswith(("ỦY BAN", "HỘI ĐỒNG"))


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A form of document with its abbreviations by both decrees."""

    slug: str
    name: str
    short_2020: str
    short_2011: str
    channel: str
    weight: int


@dataclass(frozen=True, slots=True)
class Words:
    """All words of one split."""

    forms: tuple[WrittenForm, ...]
    agencies: tuple[Agency, ...]
    units: tuple[str, ...]
    verbs: tuple[str, ...]
    objects: tuple[str, ...]
    scopes: tuple[str, ...]
    complaints: tuple[str, ...]
    budgets: tuple[str, ...]
    people: tuple[str, ...]
    addressees: tuple[str, ...]
    bodies: tuple[str, ...]
    stamps: tuple[tuple[str, ...], ...]
    """Words of receivers' stamps."""


def words_of(split: Split) -> Words:
    """The words of a split, from words.toml."""
    table: dict[str, Any] = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    subjects = table["subjects"]
    return Words(
        forms=tuple(WrittenForm(*row) for row in table["forms"]["rows"]),
        agencies=tuple(Agency(tuple(row[0]), tuple(row[1]), *row[2:]) for row in table["agencies"][split]),
        units=tuple(table["units"][split]),
        verbs=tuple(subjects["verbs"][split]),
        objects=tuple(subjects["objects"][split]),
        scopes=tuple(subjects["scopes"][split]),
        complaints=tuple(subjects["complaints"][split]),
        budgets=tuple(subjects["budgets"][split]),
        people=tuple(table["people"][split]),
        addressees=tuple(table["addressees"][split]),
        bodies=tuple(table["bodies"][split]),
        stamps=tuple(tuple(words) for words in table["stamp"][split]),
    )
