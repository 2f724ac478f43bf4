"""Classification: what a document says of itself, by its own lines, each value with its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from vbdaemon.builtin.classification import category, dates, lists, marks
from vbdaemon.builtin.classification.category import Category
from vbdaemon.builtin.classification.co_signers import further, joint_signers
from vbdaemon.builtin.classification.deadlines import deadlines_of
from vbdaemon.builtin.classification.draft import draft_of
from vbdaemon.builtin.classification.ending import Ending, ending_of
from vbdaemon.builtin.classification.form import FormAnswer, form_of
from vbdaemon.builtin.classification.heading import Heading, heading
from vbdaemon.builtin.classification.issuer import Issuer, found_issuer, issuer_of, line_lost
from vbdaemon.builtin.classification.number import NumberLine, found_number, number_line, state_of
from vbdaemon.builtin.classification.person_match import known_signer
from vbdaemon.builtin.classification.sheet import Piece, Sheet, sheet, sheet_of
from vbdaemon.builtin.classification.signer import signer_of
from vbdaemon.builtin.classification.subject import subject_of
from vbdaemon.builtin.classification.symbol import found_symbol
from vbdaemon.builtin.classification.unit_match import unit_of
from vbdaemon.clock import VIETNAM
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Document, Doubt, Found, ProblemKind, Signer, Snapshot, Submission
from vbdaemon.rules.channel import groups_of, transmission_of

_DECISION = "quyet-dinh"


_SAID_BY_FINDINGS = (
    ProblemKind.EMPTY,
    ProblemKind.ENCRYPTED,
    ProblemKind.DAMAGED,
    ProblemKind.OVER_LIMIT,
    ProblemKind.OCR_UNAVAILABLE,
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was found in the order of need: each part rests on those before it."""

    sheet: Sheet
    head: Heading
    line: NumberLine | None
    form: FormAnswer
    issuer: Issuer | None
    unit: str | None
    issued_on: Found[date] | None
    subject: Found[str] | None
    ending: Ending | None

    @property
    def year(self) -> int | None:
        """The printed year, also when the day could not be read."""
        return dates.year_of(self.head.date)


@dataclass(frozen=True, slots=True)
class _Nature:
    """What the content says about the channel: a category, a restriction, doubts."""

    category: str | None = None
    restricted: bool = False
    doubts: tuple[Doubt, ...] = ()


@hookimpl
def classify(document: Document, submission: Submission, snapshot: Snapshot) -> Classification:
    """What the document says of itself; a main file that could not be read is an empty answer with its marks.

    The lists rule the sending and receiving (gửi, nhận): those in force on the day of handing in count.
    """
    sheet = sheet_of(document)
    secrecy = marks.secrecy(_sheets(document))
    if sheet is None or not any(leaf.pieces for leaf in sheet.leaves):
        return Classification(secrecy=secrecy, doubts=_nothing_read(document))
    parts = _parts(sheet, snapshot)
    handed_in = submission.envelope.received_at.astimezone(VIETNAM).date()
    answer = _channel(parts, _nature(parts), handed_in, snapshot)
    answer = _lists(answer, parts, snapshot)
    return replace(
        answer,
        secrecy=secrecy,
        urgency=marks.urgency(sheet),
        circulation=marks.circulation(sheet),
        draft=draft_of(sheet, parts.head, parts.line),
    )


def _parts(sheet: Sheet, snapshot: Snapshot) -> _Parts:
    head = heading(sheet.first)
    line = number_line(head.number.text) if head.number else None
    form = form_of(sheet, head, line, snapshot.forms)
    issuer = issuer_of(head, joint=line is not None and line.joint)
    return _Parts(
        sheet,
        head,
        line,
        form,
        issuer,
        None if line_lost(issuer, line) else unit_of(issuer, snapshot.directory, ocr=bool(issuer and issuer.ocr)),
        dates.issued_on(sheet, head.date),
        subject_of(sheet, head, form.title),
        ending_of(sheet),
    )


def _channel(parts: _Parts, nature: _Nature, handed_in: date, snapshot: Snapshot) -> Classification:
    """Form, number, issuer and subject, and the channel that follows from them."""
    form, line, piece = parts.form.form, parts.line, parts.head.number
    state = state_of(line, piece, parts.sheet.first.picture)
    groups = groups_of(snapshot.directory, parts.unit)
    channel = transmission_of(snapshot.transmission, form, nature.category, nature.doubts, handed_in, groups)
    answer = Classification(
        form=parts.form.found,
        form_name=form.name if form else None,
        number_state=state,
        issued_on=parts.issued_on,
        issuer=found_issuer(parts.sheet, parts.issuer, snapshot.directory.unit(parts.unit), line),
        issuer_unit=parts.unit,
        subject=parts.subject,
        transmission=channel.form,
        transmission_rule=channel.rule,
        restricted=nature.restricted,
        doubts=nature.doubts,
    )
    if line is None or piece is None:
        return answer
    return replace(
        answer,
        number=found_number(parts.sheet, line, piece, state),
        symbol=found_symbol(parts.sheet, line, piece, form, parts.issuer.name if parts.issuer else ""),
    )


def _lists(answer: Classification, parts: _Parts, snapshot: Snapshot) -> Classification:
    """Signer, addressees, recipients and deadlines added."""
    recipients = lists.recipients_of(parts.sheet, parts.ending)
    issued = parts.issued_on.value if parts.issued_on else None
    signer, others = _signers(parts)
    return replace(
        answer,
        signer=known_signer(signer, snapshot.directory, parts.unit),
        co_signers=others,
        addressees=lists.addressees_of(parts.sheet, parts.head.below),
        recipients=recipients.every,
        electronic_recipients=recipients.electronic,
        deadlines=deadlines_of(parts.sheet, _body(parts), issued, parts.year),
    )


def _signers(parts: _Parts) -> tuple[Found[Signer] | None, tuple[Found[Signer], ...]]:
    """The signer, and the further ones of a joint document; there the block on the right is the signer's."""
    signer = signer_of(parts.sheet, parts.ending)
    joint = joint_signers(parts.sheet) if parts.line is not None and parts.line.joint else ()
    if joint and (signer is None or signer.value.name not in {one.value.name for one in joint}):
        signer = joint[-1]
    return signer, further(signer, joint)


def _nature(parts: _Parts) -> _Nature:
    """Content before form: complaints, then budget decisions, then what the form leaves open."""
    letter = category.citizen(parts.sheet.first.pieces) if parts.line is None else None
    if letter:
        doubt = Doubt("not-an-agency-document", parts.sheet.found("", [letter], "citizen-letter").evidence)
        return _Nature(restricted=True, doubts=(doubt,))
    form = parts.form
    if form.form is None:
        return _Nature(doubts=form.doubts or (_unknown(parts),))
    case = category.complaints(parts.subject, parts.sheet.first.pieces)
    if case.name:
        return _Nature(case.name, restricted=True)
    budget = Category()
    if form.form.slug == _DECISION:
        budget = category.budget(parts.sheet, parts.subject, _body(parts))
    found = (*form.doubts, *(d for d in (case.doubt, budget.doubt) if d))
    doubts = tuple({doubt.code: doubt for doubt in found}.values())
    return _Nature(budget.name, doubts=doubts)


def _unknown(parts: _Parts) -> Doubt:
    """No form: an official document of an unknown kind when it has a head, else no document at all."""
    if parts.head.emblem or parts.line:
        seen = [p for p in (parts.head.number, *parts.head.below[:2]) if p]
        return Doubt("form-unknown", parts.sheet.found("", seen, "no-form").evidence if seen else None)
    return Doubt("no-document")


def _nothing_read(document: Document) -> tuple[Doubt, ...]:
    """No text at all is "no document", unless a problem of reading says why."""
    content = document.content
    if content is not None and any(content.has(kind) for kind in _SAID_BY_FINDINGS):
        return ()
    return (Doubt("no-document"),)


def _body(parts: _Parts) -> tuple[Piece, ...]:
    if parts.ending:
        return parts.ending.body
    return tuple(piece for leaf in parts.sheet.leaves for piece in leaf.pieces)


def _sheets(document: Document) -> Iterator[Sheet]:
    """The document's pages and every other file of it: a mark of secrecy counts wherever it stands."""
    main = sheet_of(document)
    if main:
        yield main
    for content in document.contents:
        if content.file != document.main.sha256:
            yield sheet(content)
