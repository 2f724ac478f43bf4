"""The unit of the directory that a printed issuer names."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from vbdaemon.builtin.classification.issuer import Issuer
from vbdaemon.builtin.classification.spelling import bare, spelled_out
from vbdaemon.model import Directory, Unit

_ALIKE_WITH_ACCENTS = 90.0
_LETTERS_OFF = 1
"""A lost or wrong letter, besides accents; more could be another place's name."""
_LEAST = 12
"""Shorter names are matched exactly: one letter of few is another name."""
_COMMITTEE = re.compile(r"^(?:ủy ban nhân dân|hội đồng nhân dân|đảng bộ|đảng ủy) ")


_LEVELS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "xã", "phường", "đặc khu")
"""Some names end with them and leave the place to the line above."""


class _Same:
    """A directory by identity: comparing ten thousand units would cost more than indexing them."""

    __slots__ = ("directory",)

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.directory is other.directory

    def __hash__(self) -> int:
        return id(self.directory)


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of units, written out: with accents, and without accents and spaces."""

    exact: dict[str, tuple[str, ...]]
    bare: dict[str, tuple[str, ...]]
    written: dict[str, str]
    """With accents, by the name without: one of those that are written so."""


def unit_of(issuer: Issuer | None, directory: Directory, ocr: bool) -> str | None:
    """Code of the one unit that the issuer names; None when none or several fit.

    Accents count. Without them, or with one letter off (OCR only), a name must fit exactly one unit.
    """
    if issuer is None or not directory.units:
        return None
    names = _names(_Same(directory))
    parent = spelled_out(issuer.parent)
    for name in _spellings(issuer.name, parent):
        codes = names.exact.get(name) or _nearly(name, names, ocr)
        if name == spelled_out(issuer.name):
            codes = _under(directory, codes, _COMMITTEE.sub("", parent))
        if len(codes) == 1:
            return codes[0]
    return None


@lru_cache(maxsize=4)
def _names(same: _Same) -> _Names:
    exact: dict[str, set[str]] = defaultdict(set)
    for unit in same.directory.units:
        for name in (unit.name, *unit.aliases):
            exact[spelled_out(name)].add(unit.code)
    plain: dict[str, set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    for name, codes in exact.items():
        plain[_plain(name)] |= codes
        written.setdefault(_plain(name), name)
    return _Names(_frozen(exact), _frozen(plain), written)


def _frozen(names: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(codes)) for name, codes in names.items()}


def _spellings(name: str, parent: str) -> tuple[str, ...]:
    """The name with the parent's place or name after it, then alone: "phòng nội vụ huyện lục nam"."""
    own = spelled_out(name)
    place = _COMMITTEE.sub("", parent)
    longer = (_followed(own, place), f"{own} {parent}") if parent else ()
    return tuple(dict.fromkeys((*longer, own)))


def _followed(own: str, place: str) -> str:
    """The name with the place after it, its level said once: "thanh tra tỉnh" of "tỉnh đông kỳ"."""
    level = next((level for level in _LEVELS if own.endswith(f" {level}") and place.startswith(f"{level} ")), "")
    return f"{own}{place.removeprefix(level)}" if level else f"{own} {place}"


def _nearly(name: str, names: _Names, ocr: bool) -> tuple[str, ...]:
    """Units whose name is the same without accents, or one letter off on a scan."""
    plain = _plain(name)
    codes = names.bare.get(plain, ())
    if codes:
        alike = not ocr or fuzz.ratio(name, names.written[plain]) >= _ALIKE_WITH_ACCENTS - 15
        return codes if len(codes) == 1 and alike else ()
    if not ocr or len(plain) < _LEAST:
        return ()
    found = process.extract(plain, names.bare.keys(), scorer=Levenshtein.distance, score_cutoff=_LETTERS_OFF, limit=2)
    return names.bare[found[0][0]] if len(found) == 1 else ()


def _plain(name: str) -> str:
    """Without accents, and without spaces, of which OCR loses some."""
    return bare(name).replace(" ", "")


def _under(directory: Directory, codes: tuple[str, ...], place: str) -> tuple[str, ...]:
    """The units whose upper units do not contradict the printed parent: other districts have a Phòng Nội vụ too.

    Accents count as long as they leave any unit.
    """
    if not place:
        return codes
    uppers = {code: _uppers(directory, code) for code in codes}
    exact = tuple(c for c in codes if not uppers[c] or any(place in name for name in uppers[c]))
    plain = bare(place)
    return exact or tuple(c for c in codes if any(plain in bare(name) for name in uppers[c]))


def _uppers(directory: Directory, code: str) -> tuple[str, ...]:
    """Names of all units above this one, written out."""
    names: list[str] = []
    seen: set[str] = set()
    unit: Unit | None = directory.unit(code)
    while unit and unit.parent and unit.parent not in seen:
        seen.add(unit.parent)
        unit = directory.unit(unit.parent)
        names.extend(spelled_out(name) for name in ((unit.name, *unit.aliases) if unit else ()))
    return tuple(names)
