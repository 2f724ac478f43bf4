"""What people do to the register itself: enter paper, correct a line, make it void; each an event with who and why."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, Update, select, update

from vbdaemon.clock import VIETNAM
from vbdaemon.errors import ActRefused
from vbdaemon.model import Correction, VerdictKind
from vbdaemon.model.register import Book, Books, Direction, Medium, Numbering
from vbdaemon.state import corrections, facts, papers
from vbdaemon.state.events import record
from vbdaemon.state.papers import PaperState
from vbdaemon.state.register_entry import add, year_of
from vbdaemon.state.register_join import let_go
from vbdaemon.state.register_line import Change, Line, Value, keep_change, shown
from vbdaemon.state.register_numbers import number_in
from vbdaemon.state.register_search import alike, by_number
from vbdaemon.state.register_update import Told, rewrite, set_void, void
from vbdaemon.state.register_values import CORRECTED, LONGEST
from vbdaemon.state.register_void import voided_by_us
from vbdaemon.state.soundness import raise_counter
from vbdaemon.state.tables import documents

TYPED = (
    "form", "number", "symbol", "issued_on", "issuer", "issuer_unit", "sender_unit", "subject", "signer",
    "signer_title", "pages", "copies", "language", "urgency", "due_on", "receiver", "transferred_on", "recipients",
    "kept_by", "file_code", "note",
)  # fmt: skip
"""Fields that a person can type in."""
OF_RESTRICTED = frozenset(
    {"form", "pages", "copies", "due_on", "receiver", "transferred_on", "file_code", "arrival_number"}
)
"""Those of a complaint or denunciation: nothing that names a person or the matter."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that came on paper, as a person types it in."""

    fields: Mapping[str, Value]
    """Of `TYPED`; what is not known is left out."""
    direction: Direction = Direction.INCOMING
    arrival_number: int | None = None
    """Where another system numbers."""
    restricted: bool = False
    """A complaint or denunciation: its form alone is kept."""
    again: bool = False
    """It is entered though a line bears the same number, symbol, issuer and date."""


def enter_paper(connection: Connection, paper: Paper, books: Books, told: Told) -> Line:
    """A paper document gets its line, and its number in the same series as the electronic ones.

    ActRefused: no register is kept here, a field does not fit, or its like stands in the register already.
    """
    if books.numbering is Numbering.OFF:
        raise ActRefused('no register is kept here: [register] numbering is "off"')
    known = {name: _within(name, value) for name, value in paper.fields.items() if value is not None}
    _refuse_strange(known, restricted=paper.restricted)
    if not paper.again:
        _refuse_twin(connection, known)
    today = told.at.astimezone(VIETNAM).date()
    form, issuer = known.get("form"), known.get("issuer_unit")
    book = books.book_for(paper.direction, str(form) if form else None, str(issuer) if issuer else None)
    columns = {
        **known,
        "direction": paper.direction,
        "book": book.name,
        "year": year_of(paper.direction, today, known.get("issued_on")),
        "arrival_number": _arrival(connection, paper, books, book, today.year),
        "registered_on": today,
        "arrived_at": told.at,
        "medium": Medium.PAPER,
        "restricted": paper.restricted,
    }
    line = add(connection, columns)
    record(connection, told.at, "register-added", None, f"{line.key} by {told.who}: {told.why}")
    return line


def correct(connection: Connection, line: Line, fields: Mapping[str, Value], told: Told) -> Line:
    """The line with these fields; what was there is kept beside it. The document's next decision uses them too.

    An arrival number can be told once, where another system gives them; a given one never changes. ActRefused says why.
    """
    if line.void:
        raise ActRefused(f'{line.key} is void; "vbdaemon register void {line.key} --undo" restores it first')
    values = {name: _within(name, value) for name, value in fields.items()}
    number = values.pop("arrival_number", None)
    _refuse_strange(values, restricted=line.restricted)
    if number is not None:
        line = _number(connection, line, int(str(number)), told)
    changed = {name: value for name, value in values.items() if getattr(line, name) != value}
    if not changed and number is None:
        raise ActRefused(f"{line.key} says so already; nothing to correct")
    line = rewrite(connection, line, changed, dict.fromkeys(changed, told), restricted=line.restricted)
    if line.submission is not None:
        _correct_document(connection, line, changed, told)
    words = " ".join(sorted(changed) + (["arrival_number"] if number is not None else []))
    record(connection, told.at, "register-corrected", line.submission, f"{line.key} {words} by {told.who}")
    return line


def make_void(connection: Connection, line: Line, told: Told) -> None:
    """The number stays in the book, marked; it is never given again. ActRefused when it is void already."""
    if line.void:
        raise ActRefused(f"{line.key} is void already")
    void(connection, line, told.why, told)


def restore(connection: Connection, line: Line, told: Told) -> None:
    """A line that a person made void by mistake counts again; a paper's without a document that was refused meanwhile.

    ActRefused when it is not void, its words are gone, or its document is: it counts with that alone.
    """
    if not line.void:
        raise ActRefused(f"{line.key} is not void")
    if line.restricted and line.form is None:
        raise ActRefused(f"{line.key} is of a quarantined document: nothing of it is left to restore")
    gone = line.submission is not None and _is_gone(connection, line)
    if gone and line.medium is not Medium.PAPER:
        raise ActRefused(
            f"{line.key} is void with its document, which was refused, registered elsewhere or is gone; it counts "
            f'again once that is accepted: see "vbdaemon show {line.submission}"'
        )
    set_void(connection, line.id, None, None)
    keep_change(connection, line.id, Change("voided", line.void_reason, None, told.who, told.why, told.at))
    record(connection, told.at, "register-restored", line.submission, f"{line.name} by {told.who}")
    if gone:
        let_go(connection, replace(line, voided_at=None, void_reason=None), told)
    elif line.submission is not None and line.arrival_number is not None:
        _number_document(connection, line, line.arrival_number)  # a decision made meanwhile took it away


def _is_gone(connection: Connection, line: Line) -> bool:
    """True when its document is not there any more, is refused, or a decision made the line void because of it."""
    verdict = connection.scalar(select(documents.c.verdict).where(*_here(line)))
    return line.ordinal is None or verdict == VerdictKind.REJECT or voided_by_us(connection, line)


def _arrival(connection: Connection, paper: Paper, books: Books, book: Book, year: int) -> int | None:
    """The arrival number: the next one, or the one that another system gave."""
    own = paper.direction is Direction.INCOMING and books.numbering is Numbering.OWN
    if paper.arrival_number is None:
        return number_in(connection, book, year) if own else None
    if own or paper.direction is Direction.OUTGOING:
        raise ActRefused("arrival numbers are given here, consecutively, to incoming documents; leave it out")
    _refuse_taken(connection, book.name, year, paper.arrival_number)
    raise_counter(connection, book.name, year, paper.arrival_number)
    return paper.arrival_number


def _number(connection: Connection, line: Line, number: int, told: Told) -> Line:
    if line.direction is Direction.OUTGOING:
        raise ActRefused(f"{line.key} is outgoing: it bears the issuer's own number")
    if line.arrival_number is not None:
        raise ActRefused(f"{line.key} has its number; a number is never changed or given again")
    _refuse_taken(connection, line.book, line.year, number)
    raise_counter(connection, line.book, line.year, number)  # should we number one day, we go on behind it
    line = rewrite(connection, line, {"arrival_number": number}, {"arrival_number": told}, restricted=line.restricted)
    if line.submission is not None:
        _number_document(connection, line, number)
    return line


def _number_document(connection: Connection, line: Line, number: int) -> None:
    """The search for duplicates and the statistics know the document's number."""
    values = {"book": line.book, "year": line.year, "register_number": number, "registered_on": line.registered_on}
    connection.execute(_document(line).values(**values))
    counted = {"book": line.book, "year": line.year, "arrival_number": number}
    facts.amend(connection, line.submission or "", line.main_sha256, line.first_page, counted)


def _correct_document(connection: Connection, line: Line, changed: Mapping[str, Value], told: Told) -> None:
    """A later decision, the statistics and the search for duplicates know what was typed in."""
    facts.amend(connection, line.submission or "", line.main_sha256, line.first_page, dict(changed))
    typed = {name: value for name, value in changed.items() if name in CORRECTED and value is not None}
    if not typed or line.submission is None:
        return
    made = tuple(
        Correction(
            line.main_sha256 or "", line.first_page or 1, CORRECTED[name], shown(value) or "", told.who, told.why
        )
        for name, value in typed.items()
    )
    corrections.add(connection, line.submission, made, told.at)
    connection.execute(_document(line).values(**typed))


def _document(line: Line) -> Update:
    return update(documents).where(*_here(line))


def _here(line: Line) -> tuple[ColumnElement[bool], ...]:
    known = documents.c
    return (
        known.submission_id == line.submission,
        known.main_sha256 == line.main_sha256,
        known.first_page == line.first_page,
    )


def _refuse_strange(values: Mapping[str, Value], *, restricted: bool) -> None:
    strange = sorted(set(values) - set(TYPED))
    if strange:
        raise ActRefused(f"{', '.join(strange)}: no field of the register that can be typed in")
    naming = sorted(set(values) - OF_RESTRICTED)
    if restricted and naming:
        raise ActRefused(f"the register keeps no {', '.join(naming)} of a complaint or denunciation (restricted)")


def _refuse_twin(connection: Connection, known: Mapping[str, Value]) -> None:
    twin = alike(connection, known.get("number"), known.get("symbol"), known.get("issued_on"), known.get("issuer"))
    if twin is None:
        return
    awaited = papers.listed(connection, submission=twin.submission, state=PaperState.DUE) if twin.submission else ()
    here = (twin.main_sha256, twin.first_page)
    settles = next((each for each in awaited if (each.main_sha256, each.first_page) == here), None)
    is_it = (
        f'; if this is the paper that is awaited of it: "vbdaemon paper received {settles.submission} '
        f'--document {settles.ordinal + 1}"'
        if settles
        else ""
    )
    raise ActRefused(f"this document stands in the register already, {twin.key}{is_it}; --again enters it all the same")


def _refuse_taken(connection: Connection, book: str, year: int, number: int) -> None:
    if number < 1:
        raise ActRefused("an arrival number is 1 or more")
    if by_number(connection, book, year, number) is not None:
        raise ActRefused(f"{book}/{year}/{number} is given already; a number is never used twice")


def _within(name: str, value: Value) -> Value:
    """Without blanks at its ends; an empty text is none. ActRefused when it is longer than the field."""
    if not isinstance(value, str):
        return value
    text = " ".join(unicodedata.normalize("NFC", value).split())
    most = LONGEST.get(name, 500)
    if len(text) > most:
        raise ActRefused(f"{name} has {len(text)} letters; the field takes {most} (NĐ 30/2020, App. VI)")
    return text or None
