"""Attacks on the signature dictionary: wrapping, and universal forgery; see `attacks` for the sources."""

import re
from itertools import product

from attacks import BROKEN, Attack, Forgery, Signers, plain

# Wrapping: the second signed part moved to the end, other content in its place.

GAP = re.compile(rb"/Contents <([0-9A-Fa-f]+)>")
RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]")


def _wrapped(signers: Signers, *, closed: bool, named: bool) -> Forgery:
    """The agency's signature wrapped: a table of the attacker's stands where the signed trailer points.

    `named`: a second /ByteRange says where the signed part went. `closed`: the dictionary ends before it.
    """
    twin = plain(signers)
    hand = signers.by_hand
    last = list(GAP.finditer(twin))[-1]
    head, rest = twin[: last.end()], twin[last.end() :]
    table_at = hand.tail(twin).start
    inside = b"\n/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached" if closed else b""
    marks = b" /ByteRange [0 %d %010d %d]" % (last.start() + 10, 0, len(rest)) if named else b""
    close = b">>\nendobj\n" if closed else b""
    room = table_at - len(head) - len(inside + marks + close)
    evil = hand.obj(5, hand.stream(hand.FORGED))
    earlier = int(re.findall(rb"/Prev (\d+)", rest)[-1])
    table = b"xref\n%s" + b"trailer\n<</Size %d /Root 1 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    kept = {number: offset for number, offset in hand.last_offsets(twin).items() if offset < len(head)}
    size = hand.tail(twin).size
    offset = table_at + len(table % (hand.entries(kept | {5: 0}), size, earlier, table_at))
    table = table % (hand.entries(kept | {5: offset}), size, earlier, table_at)
    tail = b"99 0 obj\n<<" if closed else b""
    injected = inside + marks + close + b" " * room + table + evil + tail
    injected = injected.replace(b"%010d" % 0, b"%010d" % (len(head) + len(injected)), 1)
    return Forgery(twin, head + injected + rest)


# Universal forgery: /Contents or /ByteRange that say nothing.

CONTENTS = {
    "kept": None,
    "no-key": b"/Cantents <%s>",
    "no-value": b"/Contents",
    "null": b"/Contents null",
    "one-zero": b"/Contents <00>",
    "empty": b"/Contents <>",
    "zeros": b"/Contents <" + b"0" * 200 + b">",
    "number": b"/Contents 0",
}
RANGES = {
    "kept": None,
    "no-key": b"/BiteRange [0 1 2 3]",
    "no-value": b"/ByteRange",
    "null": b"/ByteRange null",
    "zeros": b"/ByteRange [0 0 0 0]",
    "negative": b"/ByteRange [0 -1 -1 -1]",
    "negative-start": b"/ByteRange [-9 9 9 9]",
    "too-long": b"/ByteRange [0 99999999 99999999 9]",
    "two-numbers": b"/ByteRange [0 10]",
    "no-numbers": b"/ByteRange [/a /b /c /d]",
    "empty": b"/ByteRange []",
}


def _emptied(signers: Signers, contents: str, byte_range: str) -> Forgery:
    twin = plain(signers)
    attacked = twin
    for pattern, value in ((GAP, CONTENTS[contents]), (RANGE, RANGES[byte_range])):
        found = list(pattern.finditer(attacked))[-1]
        if value is not None:
            written = value.replace(b"%s", found[1]).ljust(len(found[0]))
            attacked = attacked[: found.start()] + written + attacked[found.end() :]
    return Forgery(twin, attacked)


EMPTY = (*BROKEN, "organisation-signature-missing")

SIGNATURE = (
    Attack("wrapping", lambda s: _wrapped(s, closed=True, named=True), BROKEN),
    Attack("wrapping-with-two-byte-ranges", lambda s: _wrapped(s, closed=False, named=True), BROKEN),
    Attack("wrapping-with-the-old-byte-range", lambda s: _wrapped(s, closed=False, named=False), BROKEN),
    *(
        Attack(f"universal-contents-{c}-range-{r}", lambda s, c=c, r=r: _emptied(s, c, r), EMPTY)
        for c, r in product(CONTENTS, RANGES)
        if (c, r) != ("kept", "kept")
    ),
)
