"""Attacks on what is shown and on how a file is put together; see `attacks` for the sources."""

from itertools import product

from attacks import AT, BLOCK, BROKEN, SEAL, Attack, Forgery, Signers, annotated, certified, plain, with_placeholder
from pyhanko.sign.fields import MDPPerm

from vbdaemon.signature import signing

# Shadow attacks: what is prepared before signing comes out afterwards.


def _hidden(signers: Signers, *, freed: bool) -> Forgery:
    hand = signers.by_hand
    twin = _signed(signers, hand.whole(hand.overlaid_objects()))
    if freed:
        return Forgery(twin, hand.appended(twin, {}, free=(6,)))
    return Forgery(twin, hand.appended(twin, {6: hand.stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]")}))


def _hidden_and_replaced(signers: Signers, *, catalog: bool) -> Forgery:
    """A second version stands in the signed bytes, named by no table until the attacker appends one."""
    hand = signers.by_hand
    second = hand.obj(5, hand.stream(hand.FORGED)) + hand.obj(8, b"<</Type/Catalog/Pages 9 0 R>>")
    second += hand.obj(9, b"<</Type/Pages/Kids[10 0 R]/Count 1/MediaBox[0 0 595 842]>>")
    second += hand.obj(10, b"<</Type/Page/Parent 9 0 R/Contents 5 0 R>>")
    objects = hand.plain_objects() | dict.fromkeys((11,), b"null")
    twin = _signed(signers, hand.whole(objects, before=second))
    offsets = {n: twin.index(b"%d 0 obj" % n) for n in ((5, 8, 9, 10) if catalog else (5,))}
    return Forgery(twin, hand.appended(twin, {}, offsets=offsets, root=b"8 0 R" if catalog else None))


def _refilled(signers: Signers, sealed_by: str = "") -> Forgery:
    """Replace: a text field shows another amount; the library calls that form filling."""
    hand = signers.by_hand
    twin = _signed(signers, hand.whole(hand.form_objects()))
    number = hand.tail(twin).size
    objects = {6: hand.text_field(b"9.000.000", number), number: hand.appearance(b"9.000.000")}
    attacked = hand.appended(twin, objects)
    if sealed_by:
        attacked = signing.sign(attacked, getattr(signers, sealed_by), field="Them", signed_at=AT)
    return Forgery(twin, attacked)


def _signed(signers: Signers, pdf: bytes) -> bytes:
    once = signing.sign(pdf, signers.leader, field="NguoiKy", box=BLOCK, signed_at=AT)
    return signing.sign(once, signers.agency, field="CoQuan", box=SEAL, signed_at=AT)


# Certification: evil annotations, sneaky signatures.


def _evil_annotation(signers: Signers, permission: MDPPerm, subtype: bytes) -> Forgery:
    twin = certified(signers, permission)
    return Forgery(twin, annotated(signers, twin, subtype))


def _sneaky(signers: Signers, permission: MDPPerm | None, signer: str) -> Forgery:
    """A further signature whose picture hides signed words."""
    twin = certified(signers, permission) if permission else plain(signers)
    if not signer:
        return Forgery(twin, with_placeholder(twin, (90, 690, 400, 720)))
    base = twin if permission is not MDPPerm.NO_CHANGES else twin.replace(b"/P 1", b"/P 2")
    attacked = signing.sign(
        base, getattr(signers, signer), field="LenLut", box=(90, 690, 400, 720), text="9.000.000", signed_at=AT
    )
    return Forgery(twin, twin + attacked[len(base) :])


# Several signatures, duplicate numbers, hybrid tables.


def _three(signers: Signers) -> tuple[bytes, bytes, bytes]:
    hand = signers.by_hand
    first = signing.sign(hand.whole(hand.plain_objects()), signers.leader, field="NguoiKy", box=BLOCK, signed_at=AT)
    second = signing.sign(first, signers.agency, field="So", box=(140, 710, 200, 735), text="607", signed_at=AT)
    return first, second, signing.sign(second, signers.agency, field="CoQuan", box=SEAL, signed_at=AT)


def _middle_changed(signers: Signers) -> Forgery:
    first, _, twin = _three(signers)
    place = twin.index(b"(607)", len(first))
    return Forgery(twin, twin[:place] + b"(907)" + twin[place + 5 :])


def _middle_dropped(signers: Signers) -> Forgery:
    first, second, twin = _three(signers)
    return Forgery(twin, first + twin[len(second) :])


def _middle_resaved(signers: Signers) -> Forgery:
    """Changed in place between two signatures: the first is broken, the last is good; genuine papers look so."""
    hand = signers.by_hand
    first = signing.sign(hand.whole(hand.plain_objects()), signers.leader, field="NguoiKy", box=BLOCK, signed_at=AT)
    changed = first.replace(hand.TEXT, hand.TEXT.replace(b"thu", b"thi"), 1)
    return Forgery(
        signing.sign(first, signers.agency, field="CoQuan", box=SEAL, signed_at=AT),
        signing.sign(changed, signers.agency, field="CoQuan", box=SEAL, signed_at=AT),
    )


def _twice_numbered(signers: Signers) -> Forgery:
    """One number, two objects in one revision; the table names the second."""
    twin = plain(signers)
    hand = signers.by_hand
    extra = hand.obj(5, hand.stream(hand.TEXT))
    body = twin + extra + hand.obj(5, hand.stream(hand.FORGED))
    start, last = len(body), hand.tail(twin)
    table = b"xref\n" + hand.entries({5: len(twin)}) + hand.entries({5: len(twin) + len(extra)})
    trailer = b"trailer\n<</Size %d /Root %s /Prev %d>>\n" % (last.size, last.root, last.start)
    return Forgery(twin, body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % start)


def _other_generation(signers: Signers) -> Forgery:
    twin = plain(signers)
    hand = signers.by_hand
    page = hand.last_body(twin, 3).replace(b"/Contents 5 0 R", b"/Contents 5 1 R")
    body = twin + hand.obj(5, hand.stream(hand.FORGED), 1)
    start, last = len(body) + len(hand.obj(3, page)), hand.tail(twin)
    table = b"xref\n" + hand.entries({3: len(body)}) + hand.entries({5: len(twin)}, 1)
    trailer = b"trailer\n<</Size %d /Root %s /Prev %d>>\n" % (last.size, last.root, last.start)
    return Forgery(twin, body + hand.obj(3, page) + table + trailer + b"startxref\n%d\n%%%%EOF\n" % start)


def _hybrid(signers: Signers) -> Forgery:
    """The classical table of the appended revision is empty; the stream beside it names another page text."""
    twin = plain(signers)
    hand = signers.by_hand
    evil = hand.obj(5, hand.stream(hand.FORGED))
    last = hand.tail(twin)
    at = len(twin) + len(evil)
    row = b"\x01" + len(twin).to_bytes(4, "big") + b"\x00"
    attributes = b"/Type/XRef/W[1 4 1]/Index[5 1]/Size %d/Root %s" % (last.size + 1, last.root)
    table = hand.obj(last.size, hand.stream(row, attributes))
    start = at + len(table)
    plain_table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size %d /Root %s /Prev %d /XRefStm %d>>\n"
    end = plain_table % (last.size + 1, last.root, last.start, at) + b"startxref\n%d\n%%%%EOF\n" % start
    return Forgery(twin, twin + evil + table + end)


SNEAKY = (*BROKEN, "certificate-untrusted", "later-signature-over-content")


def _evil(permission: MDPPerm, kind: bytes) -> Attack:
    name = f"evil-annotation-{kind.decode().lower()}-{permission.name.lower()}"
    return Attack(name, lambda s: _evil_annotation(s, permission, kind), scan=True)


def _sneaked(permission: MDPPerm | None, who: str) -> Attack:
    name = f"sneaky-signature-{who or 'unsigned'}-{permission.name.lower() if permission else 'uncertified'}"
    return Attack(name, lambda s: _sneaky(s, permission, who), SNEAKY, scan=permission is not None)


STRUCTURE = (
    Attack("shadow-hide", lambda s: _hidden(s, freed=False)),
    Attack("shadow-hide-by-freeing", lambda s: _hidden(s, freed=True)),
    Attack("shadow-replace-by-form-overlay", _refilled),
    Attack("shadow-replace-sealed-by-another-body", lambda s: _refilled(s, "other")),
    Attack("shadow-replace-sealed-by-the-leader", lambda s: _refilled(s, "leader")),
    Attack("shadow-replace-sealed-by-a-stranger", lambda s: _refilled(s, "stranger")),
    Attack("shadow-hide-and-replace-object", lambda s: _hidden_and_replaced(s, catalog=False)),
    Attack("shadow-hide-and-replace-catalog", lambda s: _hidden_and_replaced(s, catalog=True), BROKEN),
    *(_evil(permission, kind) for permission, kind in product(MDPPerm, (b"FreeText", b"Stamp", b"Redact"))),
    *(_sneaked(permission, who) for permission, who in product((None, *MDPPerm), ("", "stranger", "other"))),
    Attack("middle-revision-changed", _middle_changed, BROKEN),
    Attack("middle-revision-dropped", _middle_dropped, BROKEN),
    Attack("middle-revision-resaved", _middle_resaved, ("earlier-signature-broken",)),
    Attack("object-number-twice", _twice_numbered),
    Attack("object-of-another-generation", _other_generation, BROKEN),
    Attack("hybrid-table", _hybrid),
)
