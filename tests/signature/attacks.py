"""The published attacks on signed PDFs, each as a function that makes an untouched twin and the attacked file.

Sources: Mladenov, Mainka, Meyer zu Selhausen, Grothe, Schwenk: "1 Trillion Dollar Refund" (CCS 2019) for
incremental saving, wrapping and universal forgery; Mainka, Mladenov, Rohlmann: "Shadow Attacks" (NDSS 2021);
Rohlmann, Mladenov, Mainka, Schwenk: "Breaking the Specification: PDF Certification" (S&P 2021).
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, append_signature_field

from vbdaemon.signature import signing
from vbdaemon.signature.credential import Credential

AT = datetime(2026, 2, 27, 2, 30, tzinfo=UTC)
SEAL = (300, 200, 400, 300)
BLOCK = (400, 220, 500, 270)


@dataclass(frozen=True)
class Signers:
    """Who may sign in an attack, and the writing by hand."""

    agency: Credential
    leader: Credential
    other: Credential
    """Another organisation under the same authority."""
    stranger: Credential
    """Somebody with a certificate that he made himself, in the agency's name."""
    by_hand: Any
    """The module `incremental`."""


@dataclass(frozen=True)
class Forgery:
    """A signed file as it was, and what became of it."""

    twin: bytes
    attacked: bytes


@dataclass(frozen=True)
class Attack:
    """An attack by name, and the codes of which at least one must hold or refuse it."""

    name: str
    make: Callable[[Signers], Forgery]
    codes: tuple[str, ...] = ("altered-after-signing",)
    scan: bool = False
    """The document is a scan: the agency's signature alone makes it valid."""


def signed(signers: Signers, pdf: bytes) -> bytes:
    """By the leader, then by the agency."""
    once = signing.sign(pdf, signers.leader, field="NguoiKy", box=BLOCK, signed_at=AT)
    return signing.sign(once, signers.agency, field="CoQuan", box=SEAL, signed_at=AT)


def plain(signers: Signers) -> bytes:
    return signed(signers, signers.by_hand.whole(signers.by_hand.plain_objects()))


def certified(signers: Signers, permission: MDPPerm) -> bytes:
    """A certification by the agency, of a scan: no further signature is needed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signers.by_hand.whole(signers.by_hand.plain_objects())))
    metadata = PdfSignatureMetadata(
        field_name="CoQuan", md_algorithm="sha256", certify=True, docmdp_permissions=permission
    )
    signer = PdfSigner(
        metadata, signer=signing._signer(signers.agency), new_field_spec=SigFieldSpec("CoQuan", box=SEAL)
    )
    return signer.sign_pdf(writer).getvalue()


def with_placeholder(pdf: bytes, box: tuple[int, int, int, int] | None) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    append_signature_field(writer, SigFieldSpec("ChePhu", box=box))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def annotated(signers: Signers, pdf: bytes, subtype: bytes) -> bytes:
    """An annotation that draws over the signed words of page 1."""
    hand = signers.by_hand
    number = hand.tail(pdf).size
    page = hand.last_body(pdf, 3)
    added = b"%d 0 R" % number
    if b"/Annots" in page:
        page = re.sub(rb"/Annots\s*\[", b"/Annots [" + added + b" ", page, count=1)
    else:
        page = page[:-2] + b"/Annots[" + added + b"]>>"
    note = b"<</Type/Annot/Subtype/%s/Rect[90 690 400 720]/F 4/C[1 1 1]/Contents(Gia mao)/AP<</N %d 0 R>>>>"
    return hand.appended(
        pdf, {3: page, number: note % (subtype, number + 1), number + 1: hand.appearance(b"Van ban gia mao")}
    )


# Incremental saving: a revision after the last signature.


def _contents_replaced(signers: Signers, *parts: str) -> Forgery:
    twin = plain(signers)
    hand = signers.by_hand
    return Forgery(twin, hand.appended(twin, {5: hand.stream(hand.FORGED)}, parts=parts))


def _new_catalog(signers: Signers) -> Forgery:
    twin = plain(signers)
    hand = signers.by_hand
    first = hand.tail(twin).size
    objects = {
        first: hand.last_body(twin, 1).replace(b"/Pages 2 0 R", b"/Pages %d 0 R" % (first + 1)),
        first + 1: b"<</Type/Pages/Kids[%d 0 R]/Count 1/MediaBox[0 0 595 842]>>" % (first + 2),
        first + 2: hand.last_body(twin, 3)
        .replace(b"/Parent 2 0 R", b"/Parent %d 0 R" % (first + 1))
        .replace(b"/Contents 5 0 R", b"/Contents %d 0 R" % (first + 3)),
        first + 3: hand.stream(hand.FORGED),
    }
    return Forgery(twin, hand.appended(twin, objects, root=b"%d 0 R" % first))


def _signature_copied(signers: Signers) -> Forgery:
    """The signature dictionary is repeated in the new revision, so that it seems to belong to it."""
    twin = plain(signers)
    hand = signers.by_hand
    number = max(int(n) for n in re.findall(rb"/V (\d+) 0 R", twin))
    return Forgery(twin, hand.appended(twin, {5: hand.stream(hand.FORGED), number: hand.last_body(twin, number)}))


def _changed(signers: Signers, number: int, old: bytes, new: bytes) -> Forgery:
    """One object of the signed file replaced by a changed one."""
    twin = plain(signers)
    body = signers.by_hand.last_body(twin, number)
    assert old in body
    return Forgery(twin, signers.by_hand.appended(twin, {number: body.replace(old, new, 1)}))


def _page_added(signers: Signers) -> Forgery:
    twin = plain(signers)
    hand = signers.by_hand
    number = hand.tail(twin).size
    tree = hand.last_body(twin, 2).replace(b"/Kids[3 0 R]/Count 1", b"/Kids[3 0 R %d 0 R]/Count 2" % number)
    return Forgery(twin, hand.appended(twin, {2: tree, number: b"<</Type/Page/Parent 2 0 R/Contents 5 0 R>>"}))


def _seal_redrawn(signers: Signers) -> Forgery:
    """The picture of the seal replaced where it stands: the signature stays, the page shows another."""
    twin = plain(signers)
    field = next(body for body in re.findall(rb"<<(?:(?!endobj).)*?/T \(CoQuan\).*?endobj", twin, re.DOTALL))
    number = int(re.search(rb"/N (\d+) 0 R", field)[1])
    return Forgery(twin, signers.by_hand.appended(twin, {number: signers.by_hand.appearance(b"Gia mao")}))


def _seal_moved(signers: Signers) -> Forgery:
    twin = plain(signers)
    number = int(re.findall(rb"(\d+) 0 obj\s*<<(?:(?!endobj).)*?/T \(CoQuan\)", twin, re.DOTALL)[-1])
    body = signers.by_hand.last_body(twin, number)
    moved = re.sub(rb"/Rect \[[^\]]*\]", b"/Rect [ 90 690 400 720 ]", body)
    return Forgery(twin, signers.by_hand.appended(twin, {number: moved}))


def _junk(signers: Signers, junk: bytes) -> Forgery:
    twin = plain(signers)
    return Forgery(twin, twin + junk)


def _retyped(signers: Signers) -> Forgery:
    """The agency's signature declared a timestamp, which signs for nobody."""
    twin = plain(signers)
    hand = signers.by_hand
    number = max(int(n) for n in re.findall(rb"/V (\d+) 0 R", twin))
    body = hand.last_body(twin, number).replace(b"/Type /Sig", b"/Type /DocTimeStamp")
    return Forgery(twin, hand.appended(twin, {5: hand.stream(hand.FORGED), number: body}))


def _resaved(signers: Signers) -> Forgery:
    twin = plain(signers)
    hand = signers.by_hand
    number = hand.tail(twin).size
    return Forgery(twin, hand.appended(twin, {number: b"<</Title(Tieu de khac)>>"}, trailer=b" /Info %d 0 R" % number))


def _annotation(signers: Signers, subtype: bytes) -> Forgery:
    twin = plain(signers)
    return Forgery(twin, annotated(signers, twin, subtype))


def _placeholder(signers: Signers) -> Forgery:
    twin = plain(signers)
    return Forgery(twin, with_placeholder(twin, (90, 690, 300, 730)))


BROKEN = ("altered-after-signing", "signature-broken", "signature-undecidable")

UPDATES = (
    Attack("incremental-saving", lambda s: _contents_replaced(s, "table", "trailer", "end")),
    Attack("incremental-saving-without-table", lambda s: _contents_replaced(s, "trailer", "end"), BROKEN),
    Attack("incremental-saving-without-trailer", lambda s: _contents_replaced(s, "end"), BROKEN),
    Attack("incremental-saving-body-only", _contents_replaced, BROKEN),
    Attack("incremental-saving-table-without-end", lambda s: _contents_replaced(s, "table", "trailer"), BROKEN),
    Attack("incremental-saving-new-catalog", _new_catalog),
    Attack("incremental-saving-signature-copied", _signature_copied, BROKEN),
    Attack("font-replaced", lambda s: _changed(s, 4, b"/Times-Roman", b"/Symbol")),
    Attack("page-turned", lambda s: _changed(s, 3, b"/Type /Page", b"/Type /Page /Rotate 180")),
    Attack("page-cropped", lambda s: _changed(s, 2, b"/MediaBox[0 0 595 842]", b"/MediaBox[0 0 595 690]")),
    Attack("page-added", _page_added),
    Attack("script-added", lambda s: _changed(s, 1, b"/Type", b"/OpenAction<</S/JavaScript/JS(x)>>/Type")),
    Attack("attachment-added", lambda s: _changed(s, 1, b"/Type", b"/Names<</EmbeddedFiles<</Names[]>>>>/Type")),
    Attack("seal-redrawn", _seal_redrawn),
    Attack("seal-moved", _seal_moved),
    Attack("resaved-with-another-title", _resaved),
    Attack("signature-declared-a-timestamp", _retyped, (*BROKEN, "organisation-signature-missing")),
    Attack("bytes-after-the-end", lambda s: _junk(s, b"5 0 obj\n<<>>\nendobj\n"), BROKEN),
    Attack("annotation-free-text", lambda s: _annotation(s, b"FreeText")),
    Attack("annotation-stamp", lambda s: _annotation(s, b"Stamp")),
    Attack("annotation-square", lambda s: _annotation(s, b"Square")),
    Attack("annotation-redaction", lambda s: _annotation(s, b"Redact")),
    Attack("placeholder-over-words", _placeholder),
)
