"""To whom an accepted document goes, and whom it names besides: nothing that it says is dropped.

Only to units that this office serves; never back to the issuer or the sender, never up, never "Lưu: VT":
an issuer sends to everyone in its Nơi nhận itself (design §6; 648/QĐ-UBND, recipients).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vbdaemon.builtin.recipients.article import names_in
from vbdaemon.builtin.recipients.index import index_of
from vbdaemon.builtin.recipients.lexicon import lexicon_of
from vbdaemon.builtin.recipients.line import Entry, LineReader, Meant
from vbdaemon.builtin.recipients.table import Party, from_table
from vbdaemon.builtin.sender import is_draft
from vbdaemon.model import Classification, Directory, Document, Found, Snapshot, Submission, TextSource, Unit


@dataclass(frozen=True, slots=True)
class Named:
    """What the document's own lists name."""

    units: tuple[Unit, ...] = ()
    """Served units that are to have it."""
    by_issuer: tuple[str, ...] = ()
    """Whom the issuer sends it to itself, as printed."""
    unresolved: tuple[str, ...] = ()
    """Names that mean nobody whom we know, as printed."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Who is to have a document."""

    parties: tuple[Party, ...]
    named: Named = Named()


def targets_of(submission: Submission, document: Document, kind: Classification, snapshot: Snapshot) -> Targets:
    """The route table's, then those of the envelope, then those whom the document names.

    A draft goes to those of the table and to the Office, for thẩm định (607/UBND-VP §1), and back to nobody else.
    """
    draft = is_draft(document, kind)
    wanted = list(from_table(kind, snapshot, submission.envelope.source, draft=draft))
    if draft:
        office = snapshot.directory.unit(snapshot.office.unit)
        return Targets(tuple(dict.fromkeys((*wanted, *([(office, None)] if office else [])))))
    named = named_in(submission, document, kind, snapshot)
    wanted += [(unit, None) for unit in (*_of_envelope(submission, snapshot.directory), *named.units)]
    sender = _sender(submission, snapshot)
    kept = (party for party in wanted if not goes_back(party[0], kind.issuer_unit, sender, snapshot.directory))
    return Targets(tuple(dict.fromkeys(kept)), named)


def named_in(submission: Submission, document: Document, kind: Classification, snapshot: Snapshot) -> Named:
    """Kính gửi and Nơi nhận resolved against the directory."""
    sender, directory = _sender(submission, snapshot), snapshot.directory
    units: list[Unit] = []
    by_issuer, unresolved = [], []
    for entry in entries_of(document, kind, snapshot, submission.envelope.unit):
        mine = [u for u in entry.units if u.served and not goes_back(u, kind.issuer_unit, sender, directory)]
        units += mine
        if entry.meant is Meant.NOBODY or (entry.meant is Meant.ABOVE and not kind.addressees):
            unresolved.append(entry.words)
        elif entry.meant is Meant.ISSUER or (entry.meant is Meant.UNITS and not mine):
            by_issuer.append(entry.words)
    return Named(*(tuple(dict.fromkeys(each)) for each in (units, by_issuer, unresolved)))  # type: ignore[arg-type]  # in the order of the fields


def entries_of(
    document: Document, kind: Classification, snapshot: Snapshot, sender: str | None = None
) -> Iterator[Entry]:
    """Every entry of Kính gửi and Nơi nhận; references to articles replaced by whom these name."""
    for found in (*kind.addressees, *kind.recipients, *kind.electronic_recipients):
        reader = reader_for(kind, snapshot, sender, found)
        for entry in reader.read(found.value):
            yield from _followed(entry, document, reader)


def reader_for(
    kind: Classification, snapshot: Snapshot, sender: str | None = None, found: Found[str] | None = None
) -> LineReader:
    """Reads the lines of this document."""
    lexicon = lexicon_of(snapshot.recipients)
    code = kind.issuer_unit or sender
    near = (code, *snapshot.directory.above(code)) if code else ()
    issuer = lexicon.key(kind.issuer.value) if kind.issuer else ""
    ocr = found is not None and found.source is TextSource.OCR
    return LineReader(lexicon, index_of(snapshot.directory, snapshot.recipients), near, issuer, ocr)


def _followed(entry: Entry, document: Document, reader: LineReader) -> Iterable[Entry]:
    if entry.meant is not Meant.ARTICLES:
        return (entry,)
    found: list[Entry] = []
    for number in entry.articles:
        names = names_in(document, number, reader.lexicon)
        inside = [each for each in reader.read(names) if each.meant is not Meant.ARTICLES]
        found += inside or [Entry(entry.words, Meant.NOBODY)]
    return found


def _of_envelope(submission: Submission, directory: Directory) -> Iterator[Unit]:
    """Served units to whose own addresses the mail was sent."""
    for address in submission.envelope.recipients:
        unit, _ = directory.by_address.get(address.casefold(), (None, None))
        if unit is not None and unit.served:
            yield unit


def _sender(submission: Submission, snapshot: Snapshot) -> str | None:
    """Who handed in and need not have it back; what our own desk scanned is for our own agency all the same."""
    code = submission.envelope.unit
    return None if code == snapshot.office.unit else code


def goes_back(unit: Unit, issuer: str | None, sender: str | None, directory: Directory) -> bool:
    """To the issuer, to the sender, or to a body above the issuer."""
    if unit.code in (issuer, sender):
        return True
    return issuer is not None and not unit.served and directory.is_above(unit.code, issuer)
