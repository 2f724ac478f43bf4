"""Routes an accepted document: the route table, the envelope, and the units that Kính gửi and Nơi nhận name.

Only to units that this office serves; never back to the issuer or the sender, never up, never "Lưu: VT":
an issuer sends to everyone in its Nơi nhận itself (design §6; 648/QĐ-UBND, recipients).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from vbdaemon.builtin.classification.spelling import key, spelled_out
from vbdaemon.builtin.sender import is_draft
from vbdaemon.directory.way import way_to
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Destination, Directory, Document, Route, Snapshot, Submission, Unit

_SEPARATORS = re.compile(r"[;\n]")
_BRACKETS = re.compile(r"\([^)]*\)")
_AS_ABOVE = frozenset({"như trên", "như kính gửi"})


@hookimpl
def route(
    submission: Submission, document: Document, classification: Classification, snapshot: Snapshot
) -> tuple[Destination, ...]:
    """The folder of every unit that is to have the document, or its mail address when it has no folder."""
    draft = is_draft(document, classification)
    units = dict.fromkeys(_from_table(classification, snapshot, draft=draft))
    if draft:
        units.update(dict.fromkeys(_office(snapshot)))
    else:
        units.update(dict.fromkeys(_of_envelope(submission, snapshot.directory)))
        units.update(dict.fromkeys(_named(classification, snapshot)))
    sender, issuer = submission.envelope.unit, classification.issuer_unit
    wanted = [unit for unit in units if draft or not _goes_back(unit, issuer, sender, snapshot.directory)]
    ways = (way_to(unit, snapshot) for unit in wanted)
    return tuple(way for way in ways if way is not None)


def _of_envelope(submission: Submission, directory: Directory) -> Iterator[Unit]:
    """Served units to whose own addresses the mail was sent."""
    for address in submission.envelope.recipients:
        unit, _ = directory.by_address.get(address.casefold(), (None, None))
        if unit is not None and unit.served:
            yield unit


def _from_table(classification: Classification, snapshot: Snapshot, *, draft: bool) -> Iterator[Unit]:
    for line in snapshot.routes:
        if _matches(line, classification, draft=draft):
            yield from _units(line.to, snapshot.directory)


def _matches(line: Route, classification: Classification, *, draft: bool) -> bool:
    form = classification.form.value if classification.form else None
    symbol = classification.symbol.value if classification.symbol else ""
    subject = key(classification.subject.value) if classification.subject else ""
    return (
        (line.draft is None or line.draft == draft)
        and (not line.forms or form in line.forms)
        and line.symbol_contains in symbol
        and (not line.issuers or classification.issuer_unit in line.issuers)
        and (not line.subject_words or any(key(word) in subject for word in line.subject_words))
    )


def _office(snapshot: Snapshot) -> Iterator[Unit]:
    """Drafts go to the Office for thẩm định (607/UBND-VP §1)."""
    yield from _units((snapshot.office.unit,), snapshot.directory)


def _named(classification: Classification, snapshot: Snapshot) -> Iterator[Unit]:
    """Served units that the document names."""
    addressees = [found.value for found in classification.addressees]
    lines = [found.value for found in (*classification.recipients, *classification.electronic_recipients)]
    index = names(snapshot.directory)
    for name in _each_name([*addressees, *lines]):
        if name not in _AS_ABOVE:
            yield from (unit for unit in index.get(name, ()) if unit.served)


def _each_name(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        for part in _SEPARATORS.split(_BRACKETS.sub(" ", line)):
            name = spelled_out(part)
            if name:
                yield name


def named_units(line: str, directory: Directory) -> tuple[Unit, ...]:
    """The units that a line of Kính gửi or Nơi nhận names; none when it names something else."""
    index = names(directory)
    return tuple(unit for name in _each_name([line]) for unit in index.get(name, ()))


@lru_cache(maxsize=2)
def names(directory: Directory) -> dict[str, tuple[Unit, ...]]:
    """Units by every name they go by, spelled out for comparison."""
    index: dict[str, tuple[Unit, ...]] = {}
    for unit in directory.units:
        for name in (unit.name, *unit.aliases):
            known = index.get(spelled_out(name), ())
            if unit not in known:
                index[spelled_out(name)] = (*known, unit)
    return index


def _units(codes: Iterable[str], directory: Directory) -> Iterator[Unit]:
    for code in codes:
        unit = directory.unit(code)
        if unit is not None:
            yield unit


def _goes_back(unit: Unit, issuer: str | None, sender: str | None, directory: Directory) -> bool:
    """To the issuer, to the sender, or to a body above the issuer."""
    if unit.code in (issuer, sender):
        return True
    return issuer is not None and directory.is_above(unit.code, issuer) and not unit.served
