"""From a demo document to the files that a unit hands in: signed, scanned, with its Word file."""

from collections.abc import Callable
from dataclasses import dataclass

from vbdaemon.demo.agency import COMMITTEE, DISTRICT, DemoAgency, DemoUnit, Signatories
from vbdaemon.demo.document import DemoDocument
from vbdaemon.demo.scanning import scan
from vbdaemon.demo.stamping import sign_as_organisation, sign_as_person, sign_scan
from vbdaemon.demo.typesetting import typeset
from vbdaemon.demo.word import editable


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file as a unit drops it."""

    name: str
    body: bytes


Files = tuple[DemoFile, ...]
Builder = Callable[[DemoAgency], Files]
Tampering = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a unit writes: the parts of a document that are not the unit's own."""

    stem: str
    """File name without extension."""
    number: str
    symbol: str
    """With "{unit}" where the unit's abbreviation stands."""
    subject: str
    paragraphs: tuple[str, ...]
    form_name: str | None = None
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ("Lưu: VT",)
    electronic_recipients: tuple[str, ...] = ()
    secrecy: str | None = None


def written(agency: DemoAgency, folder: str, paper: Paper) -> DemoDocument:
    """The document that the unit with this folder makes of a paper, dated today."""
    unit = agency.unit(folder)
    return DemoDocument(
        issuer=unit.heading,
        parent=unit.parent_heading or None,
        number=paper.number,
        symbol=paper.symbol.format(unit=unit.abbreviation),
        place=unit.place,
        issued_on=agency.today,
        form_name=paper.form_name,
        subject=paper.subject,
        addressees=paper.addressees,
        paragraphs=paper.paragraphs,
        authority=unit.authority,
        title=unit.title,
        signer=unit.signer,
        recipients=paper.recipients,
        electronic_recipients=paper.electronic_recipients,
        secrecy=paper.secrecy,
    )


def drafted(agency: DemoAgency, paper: Paper) -> DemoDocument:
    """A draft that a unit prepares for the committee: number and day are still blank."""
    return DemoDocument(
        parent=None,
        issuer=f"ỦY BAN NHÂN DÂN\nHUYỆN {DISTRICT.upper()}",
        symbol=paper.symbol,
        place=DISTRICT,
        issued_on=agency.today,
        day_blank=True,
        form_name=paper.form_name,
        subject=paper.subject,
        paragraphs=paper.paragraphs,
        authority="TM. ỦY BAN NHÂN DÂN",
        title="CHỦ TỊCH",
        signer="Bùi Văn Toàn",
        recipients=paper.recipients,
        draft=True,
    )


def signed(agency: DemoAgency, unit: DemoUnit, document: DemoDocument, by: Signatories) -> bytes:
    """Born digital, signed by the person and then by the organisation, as NĐ 30/2020 App. I shows it."""
    laid = typeset(document)
    seed = len(unit.signer) + len(unit.folder)
    pdf = sign_as_person(laid.pdf, by.person, laid.signature, laid.page, agency.signed_at, seed)
    body = unit.heading.replace("\n", " ")
    return sign_as_organisation(pdf, by.organisation, laid.seal, laid.page, agency.signed_at, body, unit.place)


def born_digital(
    folder: str, paper: Paper, *, by: str = "signatories", word: bool = True, tampering: Tampering | None = None
) -> Builder:
    """Files of a document with both signatures; `by` names the agency's field that holds the certificates."""

    def build(agency: DemoAgency) -> Files:
        document = written(agency, folder, paper)
        signatories: dict[str, Signatories] = getattr(agency, by)
        pdf = signed(agency, agency.unit(folder), document, signatories[folder])
        return _with_word(paper.stem, tampering(pdf) if tampering else pdf, document if word else None)

    return build


def unsigned(folder: str, paper: Paper) -> Builder:
    """Files of a document that nobody signed."""

    def build(agency: DemoAgency) -> Files:
        document = written(agency, folder, paper)
        return _with_word(paper.stem, typeset(document).pdf, document)

    return build


def scanned(folder: str, paper: Paper) -> Builder:
    """Files of a document signed and sealed on paper, scanned, and signed by the organisation at the top right."""

    def build(agency: DemoAgency) -> Files:
        document, unit = written(agency, folder, paper), agency.unit(folder)
        by, box = agency.signatories[folder].organisation, typeset(document).top_right
        pdf = sign_scan(scan(document, seed=len(unit.signer)), by, box, agency.signed_at, unit.name)
        return _with_word(paper.stem, pdf, document)

    return build


def draft_with_submission(folder: str, submission: Paper, draft: Paper, *, scan_submission: bool) -> Builder:
    """A Tờ trình, and the draft it carries, as PDF and as Word file; 607/UBND-VP §1."""

    def build(agency: DemoAgency) -> Files:
        letter, document = written(agency, folder, submission), drafted(agency, draft)
        if scan_submission:
            pdf = scan(letter, seed=len(draft.subject))
        else:
            pdf = signed(agency, agency.unit(folder), letter, agency.signatories[folder])
        return (
            DemoFile(f"{submission.stem}.pdf", pdf),
            DemoFile(f"{draft.stem}.pdf", typeset(document).pdf),
            DemoFile(f"{draft.stem}.docx", editable(document)),
        )

    return build


def to_committee(*more: str) -> tuple[str, ...]:
    """Addressees: the district committee, and others."""
    return (COMMITTEE, *more)


def _with_word(stem: str, pdf: bytes, document: DemoDocument | None) -> Files:
    main = DemoFile(f"{stem}.pdf", pdf)
    return (main,) if document is None else (main, DemoFile(f"{stem}.docx", editable(document)))
