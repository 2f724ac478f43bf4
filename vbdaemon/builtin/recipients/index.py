"""Units and groups of the directory by the names that documents call them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from vbdaemon.builtin.classification.spelling import bare
from vbdaemon.builtin.recipients.lexicon import Lexicon, lexicon_of
from vbdaemon.model import Directory, RecipientRules, Unit

_COMMITTEE = re.compile(r"^(ủy ban nhân dân|hội đồng nhân dân) ")


@dataclass(frozen=True, eq=False)
class Index:
    """Units by key."""

    directory: Directory
    named: dict[str, tuple[Unit, ...]]
    """By their names and aliases."""
    homonyms: dict[str, dict[str, tuple[Unit, ...]]]
    """The keys of several units: these by their own code and those of the units above them."""
    grouped: dict[str, tuple[Unit, ...]]
    """The served units of a group by the group's names."""
    placed: dict[str, tuple[Unit, ...]]
    """By the name with its place behind it: "phòng y tế huyện sông lam"."""
    local: dict[str, dict[str, tuple[Unit, ...]]]
    """By the code of a place's committee, then by the name without the place: "phòng y tế huyện", "phòng y tế"."""
    plain: dict[str, tuple[str, ...]]
    """Keys of `named` without accents, for what OCR read."""

    def find(self, key: str, near: tuple[str, ...], *, ocr: bool = False) -> tuple[Unit, ...]:
        """The units that the key names; of several with one name the nearest to the issuer.

        `near` is the issuer's code, then those above it: a name without its place means the issuer's own place.
        A name that is not written so in the directory must fit exactly one unit.
        """
        if key in self.named:
            return self._nearest(key, near)
        if key in self.grouped:
            return self.grouped[key]
        units = self.placed.get(key, ()) or next((self.local[c][key] for c in near if key in self.local.get(c, {})), ())
        if not units and ocr:
            keys = self.plain.get(bare(key), ())
            units = self._nearest(keys[0], near) if len(keys) == 1 else ()
        return units if len(units) == 1 else ()

    def _nearest(self, key: str, near: tuple[str, ...]) -> tuple[Unit, ...]:
        """Other districts have a Phòng Y tế too: those that share the nearest upper unit with the issuer."""
        below = self.homonyms.get(key, {})
        shared = (tuple(unit for unit in below.get(code, ()) if unit.code != near[0]) for code in near)
        return next(filter(None, shared), self.named[key])


@lru_cache(maxsize=2)
def index_of(directory: Directory, rules: RecipientRules) -> Index:
    """The directory's index, built once: with ten thousand units it takes about a second."""
    lexicon = lexicon_of(rules)
    own = {unit.code: lexicon.key(unit.name) for unit in directory.units}
    named = _table((lexicon.key(name), unit) for unit in directory.units for name in (unit.name, *unit.aliases))
    plain = defaultdict(list)
    for key in named:
        plain[bare(key)].append(key)
    otherwise = [each for unit in directory.units for each in _otherwise(unit, own, directory, lexicon)]
    local: dict[str, list[tuple[str, Unit]]] = defaultdict(list)
    for place, key, unit in otherwise:
        local[place].append((key, unit))
    return Index(
        directory,
        named,
        {key: _by_upper(units, directory) for key, units in named.items() if len(units) > 1},
        _groups(directory, lexicon),
        _table(local.pop("", [])),
        {place: _table(pairs) for place, pairs in local.items()},
        {key: tuple(keys) for key, keys in plain.items()},
    )


def _groups(directory: Directory, lexicon: Lexicon) -> dict[str, tuple[Unit, ...]]:
    """The served units of each group; of a group without one any unit, which says that it is known."""
    members = {
        group: tuple(unit for unit in directory.by_group.get(group.code, ()) if unit.served)
        or directory.by_group.get(group.code, ())[:1]
        for group in directory.groups
    }
    names = ((group, name) for group in members for name in (group.name, *group.aliases))
    return _table((lexicon.key(name), unit) for group, name in names for unit in members[group])


def _otherwise(
    unit: Unit, own: dict[str, str], directory: Directory, lexicon: Lexicon
) -> Iterator[tuple[str, str, Unit]]:
    """The unit's name with its place said otherwise, and the committee of that place; "" where the place is named."""
    name = own[unit.code]
    committee = _COMMITTEE.match(name)
    if committee and (level := _level(name[committee.end() :], lexicon)):
        yield unit.code, f"{committee[0]}{level}", unit
    for code in directory.above(unit.code):
        upper = own.get(code, "")
        place = _COMMITTEE.sub("", upper)
        level = _level(place, lexicon)
        if level and place != upper:
            base = name.removesuffix(f" {place}")
            yield from ((code, base, unit), (code, f"{base} {level}", unit), ("", f"{base} {place}", unit))


def _level(place: str, lexicon: Lexicon) -> str:
    words = place.split()
    starts = (" ".join(words[:count]) for count in (2, 1))
    return next((start for start in starts if lexicon.level(start)), "")


def _by_upper(units: tuple[Unit, ...], directory: Directory) -> dict[str, tuple[Unit, ...]]:
    return _table((code, unit) for unit in units for code in (unit.code, *directory.above(unit.code)))


def _table(pairs: Iterable[tuple[str, Unit]]) -> dict[str, tuple[Unit, ...]]:
    found: dict[str, dict[str, Unit]] = {}
    for key, unit in pairs:
        found.setdefault(key, {})[unit.code] = unit
    return {key: tuple(units.values()) for key, units in found.items()}
