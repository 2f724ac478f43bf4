"""From a demo document to the files that a unit hands in: signed, scanned, with its Word file."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from vbdaemon.demo.agency import DISTRICT, DemoAgency, DemoUnit, Signatories
from vbdaemon.demo.document import DemoDocument
from vbdaemon.demo.scanning import scan
from vbdaemon.demo.stamping import SigningMoment, sign_as_organisation, sign_as_person, sign_scan
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


class Paper(BaseModel):
    """What a unit writes: the parts of a document that are not the unit's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stem: str
    """File name without extension."""
    symbol: str
    """With "{unit}" where the unit's abbreviation stands."""
    subject: str
    paragraphs: tuple[str, ...]
    number: str | None = None
    form_name: str | None = None
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    electronic_recipients: tuple[str, ...] = ()
    secrecy: str | None = None


def paper(name: str) -> Paper:
    """The paper of this name in papers.toml; KeyError when there is none."""
    table = tomllib.loads(files("vbdaemon.demo").joinpath("papers.toml").read_text(encoding="utf-8"))[name]
    return Paper.model_validate(table)


def written(agency: DemoAgency, folder: str, name: str) -> DemoDocument:
    """The document that the unit with this folder makes of the paper of this name, dated today."""
    unit, words = agency.unit(folder), paper(name)
    return DemoDocument(
        issuer=unit.heading,
        parent=unit.parent_heading or None,
        number=words.number,
        symbol=words.symbol.format(unit=unit.abbreviation),
        place=unit.place,
        issued_on=agency.today,
        form_name=words.form_name,
        subject=words.subject,
        addressees=words.addressees,
        paragraphs=words.paragraphs,
        authority=unit.authority,
        title=unit.title,
        signer=unit.signer,
        recipients=words.recipients,
        electronic_recipients=words.electronic_recipients,
        secrecy=words.secrecy,
    )


def drafted(agency: DemoAgency, name: str) -> DemoDocument:
    """A draft that a unit prepares for the committee: number and day are still blank."""
    words = paper(name)
    return DemoDocument(
        parent=None,
        issuer=f"ỦY BAN NHÂN DÂN\nHUYỆN {DISTRICT.upper()}",
        symbol=words.symbol,
        place=DISTRICT,
        issued_on=agency.today,
        day_blank=True,
        form_name=words.form_name,
        subject=words.subject,
        paragraphs=words.paragraphs,
        authority="TM. ỦY BAN NHÂN DÂN",
        title="CHỦ TỊCH",
        signer="Bùi Văn Toàn",
        recipients=words.recipients,
        draft=True,
    )


def signed(agency: DemoAgency, unit: DemoUnit, document: DemoDocument, by: Signatories) -> bytes:
    """Born digital, signed by the person and then by the organisation, as NĐ 30/2020 App. I shows it."""
    laid = typeset(document)
    seed = len(unit.signer) + len(unit.folder)
    moment = SigningMoment(agency.signed_at, by.timestamper)
    pdf = sign_as_person(laid.pdf, by.person, laid.signature, laid.page, moment, seed)
    body = unit.heading.replace("\n", " ")
    return sign_as_organisation(pdf, by.organisation, laid.seal, laid.page, moment, body, unit.place)


def born_digital(
    folder: str, name: str, *, by: str = "signatories", word: bool = True, tampering: Tampering | None = None
) -> Builder:
    """Files of the named paper with both signatures; `by` names the agency's field that holds the certificates."""

    def build(agency: DemoAgency) -> Files:
        document = written(agency, folder, name)
        signatories: dict[str, Signatories] = getattr(agency, by)
        pdf = signed(agency, agency.unit(folder), document, signatories[folder])
        return _with_word(paper(name).stem, tampering(pdf) if tampering else pdf, document if word else None)

    return build


def unsigned(folder: str, name: str) -> Builder:
    """Files of the named paper, which nobody signed."""

    def build(agency: DemoAgency) -> Files:
        document = written(agency, folder, name)
        return _with_word(paper(name).stem, typeset(document).pdf, document)

    return build


def scanned(folder: str, name: str) -> Builder:
    """Files of the named paper, signed and sealed by hand, scanned, and signed by the organisation at the top right."""

    def build(agency: DemoAgency) -> Files:
        document, unit = written(agency, folder, name), agency.unit(folder)
        by, box = agency.signatories[folder], typeset(document).top_right
        moment = SigningMoment(agency.signed_at, by.timestamper)
        pdf = sign_scan(scan(document, seed=len(unit.signer)), by.organisation, box, moment, unit.name)
        return _with_word(paper(name).stem, pdf, document)

    return build


def draft_with_submission(folder: str, submission: str, draft: str, *, scan_submission: bool) -> Builder:
    """A Tờ trình, and the draft it carries, as PDF and as Word file; 607/UBND-VP §1."""

    def build(agency: DemoAgency) -> Files:
        letter, document = written(agency, folder, submission), drafted(agency, draft)
        if scan_submission:
            pdf = scan(letter, seed=len(draft))
        else:
            pdf = signed(agency, agency.unit(folder), letter, agency.signatories[folder])
        return (
            DemoFile(f"{paper(submission).stem}.pdf", pdf),
            DemoFile(f"{paper(draft).stem}.pdf", typeset(document).pdf),
            DemoFile(f"{paper(draft).stem}.docx", editable(document)),
        )

    return build


def _with_word(stem: str, pdf: bytes, document: DemoDocument | None) -> Files:
    main = DemoFile(f"{stem}.pdf", pdf)
    return (main,) if document is None else (main, DemoFile(f"{stem}.docx", editable(document)))
