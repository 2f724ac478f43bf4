"""Rules on the format (thể thức) of documents as values; what a check answers stands in `format_result`."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vbdaemon.model.finding import Severity
from vbdaemon.model.layout import LayoutKind


class Part(StrEnum):
    """A component of a document; the numbers are those of the boxes in NĐ 30/2020 App. I."""

    PAGE = "page"
    """Paper and margins of every section."""
    TEXT = "text"
    """All words of the document."""
    PAGE_NUMBER = "page-number"
    """The numbers of the pages."""
    NATIONAL_TITLE = "national-title"
    """Quốc hiệu (1)."""
    MOTTO = "motto"
    """Tiêu ngữ (1)."""
    PARENT = "parent"
    """The body above the issuer (2)."""
    ISSUER = "issuer"
    """The issuer (2)."""
    NUMBER = "number"
    """Number and symbol (3)."""
    PLACE_DATE = "place-date"
    """Place and date (4)."""
    FORM_NAME = "form-name"
    """Name of the form (5a)."""
    SUBJECT = "subject"
    """Trích yếu under the form name (5a)."""
    LETTER_SUBJECT = "letter-subject"
    """Trích yếu of a công văn, "V/v …" (5b)."""
    LEGAL_BASIS = "legal-basis"
    """The lines "Căn cứ …" (6)."""
    BODY = "body"
    """Paragraphs of the body without articles and headings (6)."""
    CHAPTER = "chapter"
    """The lines "Phần …" and "Chương …" (6)."""
    CHAPTER_TITLE = "chapter-title"
    """Their titles (6)."""
    SECTION = "section"
    """The lines "Mục …" and "Tiểu mục …" (6)."""
    SECTION_TITLE = "section-title"
    """Their titles (6)."""
    ARTICLE = "article"
    """The words "Điều n." (6)."""
    ARTICLE_TEXT = "article-text"
    """Articles whose text begins on the line of "Điều n." (6)."""
    ITEMS = "items"
    """Paragraphs that begin with "1." or "a)", and the headings at which they begin again (6)."""
    BODY_END = "body-end"
    """The last paragraph of the body (6)."""
    AUTHORITY = "authority"
    """Authority and title of the signer (7a)."""
    SIGNER_NAME = "signer-name"
    """The signer's name (7b)."""
    ADDRESSEES = "addressees"
    """Kính gửi (9a)."""
    RECIPIENTS_HEADING = "recipients-heading"
    """The words "Nơi nhận:" (9b)."""
    RECIPIENTS = "recipients"
    """The list below them (9b)."""
    ANNEX_HEADING = "annex-heading"
    """The line "Phụ lục …"."""
    ANNEX_TITLE = "annex-title"
    """The annex's title."""
    ANNEX_REFERENCE = "annex-reference"
    """The line "(Kèm theo …)"."""
    DRAFTER = "drafter"
    """Initials of the drafter and number of copies (12)."""
    ADDRESS_BLOCK = "address-block"
    """Address, mail, telephone of the issuer (13)."""
    COPY_LINE = "copy-line"
    """SAO Y, SAO LỤC, TRÍCH SAO."""


class Measure(StrEnum):
    """What is measured of a component; each is a key in the files of rules."""

    PAPER = "paper"
    """Name of the paper's size."""
    ORIENTATION = "orientation"
    """How the sheet lies."""
    TOP = "top"
    """Top margin, mm."""
    BOTTOM = "bottom"
    """Bottom margin, mm."""
    LEFT = "left"
    """Left margin, mm."""
    RIGHT = "right"
    """Right margin, mm."""
    FONT = "font"
    """Family of the type."""
    COLOUR = "colour"
    """Colour of the type."""
    ENCODING = "encoding"
    """How letters are encoded."""
    SIZE = "size"
    """Size of the type, points."""
    BOLD = "bold"
    """Bold type."""
    ITALIC = "italic"
    """Italic type."""
    CAPITALS = "capitals"
    """All letters are capitals."""
    ALIGNMENT = "alignment"
    """How lines stand between the edges."""
    SIDE = "side"
    """Which column it stands in."""
    ZONE = "zone"
    """Which margin it stands in."""
    WORDS = "words"
    """Exactly these words."""
    PATTERN = "pattern"
    """How it is written."""
    LAST = "last"
    """How the last line of a list is written."""
    ENDS = "ends"
    """With what every line but the last ends."""
    LAST_ENDS = "last_ends"
    """With what the last line ends."""
    LIST = "list"
    """Set as a list of bodies is: one a line, with dashes, semicolons and a full stop."""
    ORDER = "order"
    """Numbers and letters follow each other."""
    LINE = "line"
    """Length of the line below, as a share of the words'."""
    INDENT = "indent"
    """First line's indent, mm."""
    GAP = "gap"
    """Space above a paragraph, points."""
    SPACING = "spacing"
    """Distance of lines, 1 = single."""
    NUMERALS = "numerals"
    """Kind of numerals."""
    FIRST_HIDDEN = "first_hidden"
    """Page 1 bears no number."""
    START = "start"
    """The first page's number."""


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `least` to `most`; None = no bound. `values` instead names single numbers."""

    least: float | None = None
    most: float | None = None
    values: tuple[float, ...] = ()
    tolerance: float = 0.0

    def holds(self, value: float) -> bool:
        """True when `value` is allowed."""
        if self.values:
            return any(abs(value - each) <= self.tolerance for each in self.values)
        low = self.least is None or value >= self.least - self.tolerance
        return low and (self.most is None or value <= self.most + self.tolerance)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is searched for, and what it asks in Vietnamese words."""

    pattern: str
    words: str


Allowed = bool | Range | Pattern | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormatLimit:
    """What is allowed for one measure; a tuple of texts means any of them."""

    measure: Measure
    allowed: Allowed


@dataclass(frozen=True, slots=True)
class FormatRule:
    """What one component must look like."""

    id: str
    """ "F6", or "F25-list" where a line has several components."""
    title: str
    """Vietnamese name of the component."""
    english: str
    component: str
    """Number of the box (ô số); empty for what is no box."""
    clause: str
    finding: str
    """Code of the finding in the policy."""
    part: Part
    limits: tuple[FormatLimit, ...]
    severity: Severity = Severity.WARNING
    kinds: tuple[LayoutKind, ...] = (LayoutKind.DOCX, LayoutKind.PDF)
    required: bool = False
    """Its absence is a fault."""
    needed_by: Part | None = None
    """Its absence is a fault where that component is there."""
    forms: tuple[str, ...] = ()
    """Slugs of the only forms it is for; empty = all."""
    not_forms: tuple[str, ...] = ()
    optional_for: tuple[str, ...] = ()
    """Slugs of forms in which the component may be missing."""
    not_issuers: str = ""
    """Regular expression: issuers whose name it finds are not concerned."""

    def concerns(self, form: str | None) -> bool:
        """True when the rule is for documents of this form."""
        return (not self.forms or form in self.forms) and form not in self.not_forms


@dataclass(frozen=True, slots=True)
class FormatRuleSet:
    """The rules of one decree or circular, with the days of issue they are for."""

    id: str
    title: str
    rules: tuple[FormatRule, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    """Last day."""

    def covers(self, day: date) -> bool:
        """True when a document of that day is under these rules."""
        return (self.valid_from is None or day >= self.valid_from) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class FormatRules:
    """All rule sets, and the one that the office wants for every document."""

    sets: tuple[FormatRuleSet, ...] = ()
    forced: str = ""
    """Id of a set; empty = by the document's date."""

    def covering(self, day: date) -> FormatRuleSet | None:
        """The set for a document of that day; None when no set is for it."""
        if self.forced:
            return next((each for each in self.sets if each.id == self.forced), None)
        return next((each for each in self.sets if each.covers(day)), None)
