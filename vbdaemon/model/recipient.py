"""How Kính gửi and Nơi nhận are read: the words of offices for persons, parts, groups and references."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rewording:
    """Words that stand for others."""

    words: tuple[str, ...]
    """As documents print them, each."""
    means: str
    """What they stand for; may be empty."""


@dataclass(frozen=True, eq=False)
class RecipientRules:
    """Words of lists of recipients; compared without regard to capitals and place of the tone mark.

    Compared and hashed by identity: what is compiled from it is cached by it.
    """

    as_above: tuple[str, ...] = ()
    """Those of Kính gửi: "Như trên"."""
    as_article: tuple[str, ...] = ()
    """Those whom an article names, its number follows: "Như Điều"."""
    filing: tuple[str, ...] = ()
    """Beginnings of the line for the files: "Lưu"."""
    purposes: tuple[str, ...] = ()
    """Beginnings of what a copy is for: "để báo cáo"."""
    endings: tuple[str, ...] = ()
    """In an article, where the names end: "chịu trách nhiệm"."""
    before: tuple[str, ...] = ()
    """Words before a name that say nothing: "các", "đồng chí"."""
    levels: tuple[str, ...] = ()
    """Levels of administration, with which names end: "huyện"."""
    parts: tuple[str, ...] = ()
    """Parts of an office that documents name without the office: "VPUB"."""
    roles: tuple[Rewording, ...] = ()
    """Persons of a body, and how the body's name begins where the role swallowed it: "Trưởng phòng", "Phòng"."""
    lists: tuple[Rewording, ...] = ()
    """Beginnings that several names share: "Các Sở", "Sở"."""
    spellings: tuple[Rewording, ...] = ()
    """Abbreviations in names of bodies, and the words in full."""
