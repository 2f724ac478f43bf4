"""JSON that another vbdaemon sends: coded statuses (gói tin trạng thái) and `vbdaemon.json` beside a document."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vbdaemon.model import CodedStatus, FileRole, Limits, Manifest, RecallRequest, Withdrawal
from vbdaemon.reading.mail_leaf import Locked, TooMuch, leaves
from vbdaemon.reading.media import DOCUMENTS, HEAD_BYTES, MAIL, media_type
from vbdaemon.reading.mime import Entity, message

MOST_BYTES = 5_000_000
"""A longer file is none of ours."""
RECALL_ASKED = "13"
_MOST_FILES = 1_000
_COMPANIONS = frozenset(
    {"text/plain", "text/html", "application/pkcs7-signature", "application/x-pkcs7-signature"},
)
_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,199}$")]
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Words = Annotated[str, Field(max_length=5_000)]

T = TypeVar("T", bound=BaseModel)


class _Said(BaseModel):
    """Unknown keys are left to newer versions; types are not bent."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", allow_inf_nan=False)


class _Register(_Said):
    book: _Words
    year: Annotated[int, Field(ge=1900, le=9999)]
    number: Annotated[int, Field(ge=1, le=10**9)]
    date: _Words = ""


class _Reason(_Said):
    code: _Words
    message: _Words = ""


class _Document(_Said):
    sha256: Annotated[str, Field(max_length=64)] = ""
    status: Literal["01", "02", "03", "04", "05", "06", "13", "15", "16"] | None = None
    reasons: Annotated[list[_Reason], Field(max_length=_MOST_FILES)] = []
    register_: Annotated[_Register | None, Field(alias="register")] = None


class _Withdrawal(_Said):
    kind: Annotated[Withdrawal, Field(strict=False)]
    delivery: _Id
    sha256: _Sha256
    number: Annotated[str | None, Field(max_length=100)] = None
    symbol: Annotated[str | None, Field(max_length=100)] = None
    date: Annotated[str | None, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] = None
    reason: _Words = ""
    replaced_by: Annotated[str, Field(max_length=500)] = ""


class _Status(_Said):
    schema_: Annotated[int, Field(alias="schema", ge=1, le=1)]
    submission: _Id
    status: Literal["01", "02", "03", "04", "05", "06", "13", "15", "16"]
    status_name: _Words = ""
    in_reply_to: _Id | None = None
    documents: Annotated[list[_Document], Field(max_length=_MOST_FILES)] = []
    withdrawal: _Withdrawal | None = None
    pdf: "_Sheet | None" = None


class _File(_Said):
    sha256: _Sha256
    role: FileRole | None = Field(default=None, strict=False)


class _Sheet(_Said):
    sha256: _Sha256
    name: _Words = ""


class _Manifest(_Said):
    schema_: Annotated[int, Field(alias="schema", ge=1, le=1)]
    delivery: _Id
    files: Annotated[list[_File], Field(max_length=_MOST_FILES)]
    sheets: Annotated[list[_Sheet], Field(max_length=_MOST_FILES)] = []


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """What the receiver says of one document."""

    sha256: str
    """Of its main file; "" where it is not said."""
    code: str
    """Two digits; "" where it is not said."""
    register: str = ""
    """Number in the receiver's register, such as "12/2025 (den)"."""
    reasons: tuple[str, ...] = ()
    """Codes of the reasons for a refusal."""


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """A coded status about something that we sent."""

    submission: str
    """The receiver's id of it."""
    code: str
    """Two digits: 01 to 06, 13, 15, 16."""
    name: str = ""
    """In the receiver's words, one line."""
    in_reply_to: str | None = None
    """Id of our delivery."""
    documents: tuple[DocumentStatus, ...] = ()
    recall: RecallRequest | None = None
    """Set when it asks for a document back that was sent to us."""
    pdf: str = ""
    """SHA-256 of the same words as PDF, which may come with it; "" where it names none."""

    @property
    def status(self) -> CodedStatus | None:
        """The status, where it is one that we know."""
        return CodedStatus(self.code) if self.code in {each.value for each in CodedStatus} else None

    @property
    def words(self) -> str:
        """For the operator: register numbers and codes of reasons, no names of files, no subjects."""
        said = [word for each in self.documents for word in (each.register, *each.reasons) if word]
        return "; ".join(dict.fromkeys(said))[:500]


def status_message(raw: bytes, limits: Limits) -> StatusMessage | None:
    """The status that a mail, or a plain JSON file, carries; None for every other. Never raises.

    A mail carries it as a part of its own (application/json, or a name that ends in .json); parts of mails
    inside do not count: a forwarded status is no status. Nor is a mail that carries a document beside it: that
    would never be looked at. The one PDF that it names by its hash is no document.
    """
    if media_type(raw[:4096], "") != MAIL:
        return status_of(raw)
    try:
        found = [leaf.entity for leaf in leaves(message(raw), limits)]
    except (TooMuch, Locked):
        return None
    answers = (status_of(each.body()) for each in found if _is_json(each))
    said = next((each for each in answers if each is not None), None)
    besides = [each for each in found if not (_is_json(each) or _accompanies(each))]
    return said if said and all(said.pdf == hashlib.sha256(each.body()).hexdigest() for each in besides) else None


def status_of(body: bytes) -> StatusMessage | None:
    """The status in the bytes of a JSON file."""
    said = _parsed(_Status, body)
    if said is None:
        return None
    documents = tuple(
        DocumentStatus(each.sha256, each.status or "", _registered(each.register_), tuple(_codes(each.reasons)))
        for each in said.documents
    )
    recall = _recall(said) if said.status == RECALL_ASKED else None
    pdf = said.pdf.sha256 if said.pdf else ""
    return StatusMessage(
        said.submission, said.status, _line(said.status_name), said.in_reply_to, documents, recall, pdf
    )


def _recall(status: _Status) -> RecallRequest:
    """What is asked back; a request that says no more than its code waits for a person all the same."""
    said = status.withdrawal
    if said is None:
        named = [each.sha256 for each in status.documents]
        sha256 = named[0] if len(named) == 1 and re.fullmatch(r"[0-9a-f]{64}", named[0]) else ""
        return RecallRequest(Withdrawal.RECALL, status.in_reply_to or "", sha256)
    return RecallRequest(
        kind=said.kind,
        delivery=said.delivery,
        sha256=said.sha256,
        number=_line(said.number or ""),
        symbol=_line(said.symbol or ""),
        date=said.date or "",
        reason=_line(said.reason),
        replaced_by=_line(said.replaced_by),
    )


def manifest_of(body: bytes) -> Manifest | None:
    """What `vbdaemon.json` says of the files it came with; None for any other bytes. A claim, nothing more."""
    said = _parsed(_Manifest, body)
    if said is None:
        return None
    roles = tuple((each.sha256, each.role.value) for each in said.files if each.role is not None)
    return Manifest(said.delivery, roles, tuple(each.sha256 for each in said.sheets))


def _parsed(model: type[T], body: bytes) -> T | None:
    if len(body) > MOST_BYTES:
        return None
    try:
        return model.model_validate_json(body.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError:
        return None


def _is_json(leaf: Entity) -> bool:
    return leaf.content_type == "application/json" or leaf.filename.lower().endswith(".json")


def _accompanies(leaf: Entity) -> bool:
    """What a status comes with: its words as text and page, and the signature of a gateway."""
    ending = PurePath(leaf.filename).suffix.lower()
    called = leaf.content_type in _COMPANIONS and ending in {"", ".txt", ".html", ".htm", ".p7s"}
    return called and media_type(leaf.body()[:HEAD_BYTES], "") not in DOCUMENTS


def _registered(register: _Register | None) -> str:
    return f"{register.number}/{register.year} ({_line(register.book)})" if register else ""


def _codes(reasons: list[_Reason]) -> list[str]:
    return [reason.code for reason in reasons if re.fullmatch(r"[a-z0-9-]{1,60}", reason.code)]


def _line(words: str) -> str:
    line = " ".join(unicodedata.normalize("NFC", words).split())
    return "".join(c for c in line if c.isprintable())[:200]
