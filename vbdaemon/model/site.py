"""The snapshot that a decision uses: rules, policy, units, trust, frozen and versioned."""

from dataclasses import dataclass, field
from pathlib import Path

from vbdaemon.model.format import FormatRules
from vbdaemon.model.mail import MailRules
from vbdaemon.model.notice import NoticeRules
from vbdaemon.model.plugin import PluginOff
from vbdaemon.model.recipient import RecipientRules
from vbdaemon.model.rule import Form, Policy, Route, TransmissionRuleSet
from vbdaemon.model.signature_rule import SignatureRules
from vbdaemon.model.unit import Directory
from vbdaemon.model.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Office:
    """The document office that runs this daemon, as notices name it."""

    name: str = ""
    parent: str = ""
    unit: str = ""
    """Code of this office's agency in the directory."""
    address: str = ""
    telephone: str = ""
    email: str = ""
    contact: str = ""
    contact_title: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on hostile or huge input."""

    file_bytes: int = 100_000_000
    pages: int = 2_000
    page_points: float = 14_400.0
    """Longest side of a page (PDF 32000-1 Annex C: 200 inches)."""
    archive_bytes: int = 300_000_000
    """Sum of unpacked bytes."""
    archive_ratio: int = 200
    """Unpacked to packed."""
    archive_files: int = 500
    archive_depth: int = 3
    ocr_pages: int = 6
    """Picture pages read by OCR at most."""
    ocr_seconds: float = 60.0
    """For one call of the OCR engine."""


@dataclass(frozen=True, slots=True)
class SignaturePolicy:
    """How strictly signatures are read; the consequences stand in the policy."""

    allow_fetching: bool = False
    """Workers never fetch; kept for the record."""
    clock_skew_hours: float = 7.0
    """Local time written as UTC by common signing tools."""


@dataclass(frozen=True, slots=True)
class Forwarding:
    """How accepted documents leave the house."""

    present_first: bool = False
    """Nothing is forwarded until a person assigned it (trình trước); False: direct."""
    first_match: bool = False
    """Only the first line of the route table that matches counts; False: all."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a decision rests on besides the document itself; every decision records `version`."""

    version: str
    office: Office = field(default_factory=Office)
    directory: Directory = field(default_factory=Directory)
    forms: tuple[Form, ...] = ()
    transmission: tuple[TransmissionRuleSet, ...] = ()
    policy: Policy = field(default_factory=lambda: Policy(()))
    routes: tuple[Route, ...] = ()
    recipients: RecipientRules = field(default_factory=RecipientRules)
    trust: Path | None = None
    """Folder with CA certificates and CRLs; None = nothing is trusted."""
    exchange: Path | None = None
    """Root of the units' folders."""
    inbox: str = "nhan"
    """Name of the folder, under a unit's own, into which documents for it are delivered."""
    results: str = "ket-qua"
    """Name of the folder, under a unit's own, into which notices to it are written."""
    templates: Path | None = None
    """Folder with the site's own templates of notices; None = the shipped ones."""
    signature_sheet_pdf: bool = False
    """The signature sheet goes with a forwarded document as PDF too, not only as HTML."""
    limits: Limits = field(default_factory=Limits)
    signatures: SignaturePolicy = field(default_factory=SignaturePolicy)
    signature_rules: SignatureRules = field(default_factory=SignatureRules)
    format_rules: FormatRules = field(default_factory=FormatRules)
    mail: MailRules = field(default_factory=MailRules)
    forwarding: Forwarding = field(default_factory=Forwarding)
    working_days: WorkingDays = field(default_factory=WorkingDays)
    paper_days: int = 5
    """Working days within which a paper that must also come is due."""
    notices: NoticeRules = field(default_factory=NoticeRules)
    plugins_off: tuple[PluginOff, ...] = ()
    """Plugins of the site that are not asked; a part of `version`."""
