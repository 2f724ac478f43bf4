"""Objects out of streams, and the ways to objects: the same as the library gives, for odd files too."""

import io
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError, PdfStreamError
from pyhanko.pdf_utils.reader import PdfFileReader

from vbdaemon.signature import fast_streams, fast_usages
from vbdaemon.signature.signing import sign

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
WORDS = b"<</A 1>> (two) 3 [4 5]"
TABLES = {
    "plain": b"10 0 11 9 12 15 13 17 ",
    "lines": b"10 0\r\n11 9\r\n12 15\n13 17\n",
    "zeros-and-bytes-of-zero": b"0010\x0000000 11\x009 12 15 13 17 ",
    "a-number-twice": b"10 0 11 9 11 15 13 17 ",
    "comment": b"10 0 %11 9\n11 9 12 15 13 17 ",
    "signs": b"10 +0 11 9 12 15 13 17 ",
    "fraction": b"10 0 11 9.0 12 15 13 17 ",
    "words": b"10 0 eleven 9 12 15 13 17 ",
    "too-few": b"10 0 11 9 ",
    "too-many": b"10 0 11 9 12 15 13 17 14 0 ",
    "far-away": b"10 0 11 9999 12 15 13 17 ",
    "backwards": b"10 -5 11 9 12 15 13 17 ",
    "no-blank-after": b"10 0 11 9 12 15 13 17",
    "empty": b"",
}
ODD_WORDS = {
    "plain": WORDS,
    "reference": b"<</A 1>> 1 0 R  3 [4 5]",
    "cut": b"<</A 1>> (two",
    "junk": b"<</A 1   \x80\x81)) 3 ]]",
    "digits-first": b"999 0 <</A 1>>",
    "nothing": b"",
}


def streamed(table: bytes, words: bytes, *, shift: int = 0, entries: bytes = b"/N 4", kind: bytes = b"ObjStm") -> bytes:
    """A PDF whose objects 10 to 13 stand in stream 5; its own table is a stream too."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    body = zlib.compress(table + words)
    first = b"/First %d" % (len(table) + shift)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 9 9]>>",
        3: b"<</Type/Page/Parent 2 0 R/A 10 0 R/B 11 0 R/C 12 0 R/D 13 0 R/E 14 0 R>>",
        4: b"4",
        5: b"<</Type/%s%s%s/Filter/FlateDecode/Length %d>>\nstream\n" % (kind, entries, first, len(body))
        + body
        + b"\nendstream",
    }
    for number, written in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    start = len(out)
    rows = b"".join(b"\x01" + offsets[n].to_bytes(2, "big") + b"\x00" for n in range(1, 6))
    rows += b"".join(b"\x02\x00\x05" + bytes([n]) for n in range(5)) + b"\x01" + start.to_bytes(2, "big") + b"\x00"
    attributes = b"/Type/XRef/W[1 2 1]/Index[1 5 10 6]/Size 16/Root 1 0 R/Length %d" % len(rows)
    out += b"15 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (attributes, rows, start)
    return bytes(out)


def answers(pdf: bytes, get, *, strict: bool = False) -> list[object]:
    reader = PdfFileReader(io.BytesIO(pdf), strict=strict)
    found: list[object] = []
    for number in (10, 11, 12, 13, 14, 10, 99):
        for index in (0, 3, 7):
            try:
                thing = get(reader, number, 5, index)
                shown = "null" if isinstance(thing, generic.NullObject) else repr(thing)
                found.append((type(thing), shown, str(thing.container_ref)))
            except (PdfReadError, PdfStreamError, ValueError, KeyError, AssertionError, TypeError) as error:
                found.append((type(error), str(error)))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("words", ODD_WORDS)
def test_objects_are_read_out_of_streams_alike(table, words):
    for shift in (0, -1, -3, 2, 500):
        pdf = streamed(TABLES[table], ODD_WORDS[words], shift=shift)
        assert answers(pdf, fast_streams.get_object_from_stream) == answers(pdf, fast_streams.stock_get), shift


@pytest.mark.parametrize(
    "odd",
    [
        {"entries": b""},
        {"entries": b"/N 4 0 R"},
        {"entries": b"/N 4.0"},
        {"entries": b"/N -1"},
        {"entries": b"/N 100"},
        {"entries": b"/N(4)"},
        {"kind": b"Other"},
    ],
)
def test_odd_streams_of_objects_are_read_alike(odd):
    pdf = streamed(TABLES["plain"], WORDS, **odd)
    assert answers(pdf, fast_streams.get_object_from_stream) == answers(pdf, fast_streams.stock_get)


def test_strict_reading_is_left_to_the_library():
    pdf = streamed(TABLES["a-number-twice"], WORDS)
    ours, stock = (answers(pdf, g, strict=True) for g in (fast_streams.get_object_from_stream, fast_streams.stock_get))
    assert ours == stock


def usages(pdf: bytes, load) -> list[object]:
    """For each revision every object with the paths to it, or what is raised."""
    found: list[object] = []
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    except PdfStreamError:
        return found
    for revision in range(reader.xrefs.total_revisions):
        resolver = reader.get_historical_resolver(revision)
        try:
            load(resolver)
            kept = resolver._indirect_object_access_cache
            found.append({ref: resolver._get_usages_of_ref(ref) for ref in list(kept)})
            assert resolver._get_usages_of_ref(generic.Reference(9_999, 0)) == set()
        except (PdfReadError, KeyError, AttributeError, TypeError, ValueError, RecursionError) as error:
            found.append(type(error))
    return found


def assert_alike(pdf: bytes, name: str = "") -> None:
    assert usages(pdf, fast_usages.load_usages) == usages(pdf, fast_usages.stock_load), name


def odd_trees(hand) -> dict[str, bytes]:
    """Files with trees of pages and of structure, links and circles."""
    catalog = b"/StructTreeRoot 6 0 R/Outlines 9 0 R"
    plain = hand.plain_objects(catalog=catalog) | {
        6: b"<</Type/StructTreeRoot/K[7 0 R 8 0 R]/ParentTree<</Nums[0[7 0 R 8 0 R]]>>>>",
        7: b"<</Type/StructElem/S/P/P 6 0 R/Pg 3 0 R/K[0<</Type/MCR/Pg 3 0 R/MCID 1>> 8 0 R]>>",
        8: b"<</S/Span/P 7 0 R/K 5>>",
        9: b"<</First 10 0 R/Last 11 0 R>>",
        10: b"<</Next 11 0 R/Parent 9 0 R/Dest[3 0 R/Fit]>>",
        11: b"<</Prev 10 0 R/Parent 9 0 R/A<</D[3 0 R]>>>>",
    }
    variants: dict[str, dict[int, bytes]] = {
        "as-it-should-be": {8: b"<</S/Span/P 7 0 R/K 5>>", 7: plain[7].replace(b" 8 0 R", b"")},
        "structure-met-twice": {},
        "structure-without-children": {6: b"<</Type/StructTreeRoot>>"},
        "structure-one-child": {6: b"<</K 8 0 R>>"},
        "structure-null": {6: b"<</K null>>"},
        "structure-a-number": {6: b"6"},
        "structure-a-name": {6: b"/Name"},
        "structure-of-other-types": {
            6: b"<</K[7 0 R 8 0 R<</Type/StructElem/K 11 0 R>>]>>",
            7: b"<</Type null/K 8 0 R>>",
        },
        "structure-in-a-circle": {8: b"<</K 7 0 R>>"},
        "structure-direct": {1: b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot<</K[<</K 8 0 R>>]>>>>"},
        "pages-of-pages": {
            2: b"<</Type/Pages/Kids[12 0 R 3 0 R]/Count 2/MediaBox[0 0 9 9]>>",
            12: b"<</Type/Pages/Kids[13 0 R<</Type/Page/X 10 0 R>>]/Parent 2 0 R>>",
            13: b"<</Type/Page/Parent 12 0 R/Link 3 0 R/Annots[<</Dest[3 0 R]/P 13 0 R>>]>>",
        },
        "page-twice": {2: b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>"},
        "pages-in-a-circle": {2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"},
        "no-kids": {2: b"<</Type/Pages/Count 1>>"},
        "kids-of-numbers": {2: b"<</Type/Pages/Kids[1 2]>>"},
        "pages-direct": {1: b"<</Type/Catalog/Pages<</Type/Pages/Kids[3 0 R]>>>>"},
        "no-pages": {1: b"<</Type/Catalog>>"},
        "kids-elsewhere": {9: b"<</Kids[3 0 R 10 0 R]/First 10 0 R/More[[[3 0 R]][11 0 R 11 0 R]]>>"},
        "references-to-nothing": {9: b"<</First 77 0 R/Last 78 3 R>>"},
    }
    made = {name: hand.whole(plain | changed) for name, changed in variants.items()}
    made["chain"] = hand.whole(plain | chained(200))
    return made


def chained(length: int) -> dict[int, bytes]:
    """Bookmarks, each of which names the next."""
    chain = {20 + n: b"<</Next %d 0 R>>" % (21 + n) for n in range(length)}
    return {8: b"<</K 1>>", 7: b"<</K 2>>", 9: b"<</First 20 0 R>>"} | chain


def test_ways_to_objects_are_found_alike_in_odd_trees(signers):
    for name, pdf in odd_trees(signers.by_hand).items():
        assert_alike(pdf, name)


@pytest.mark.slow
def test_a_chain_too_long_for_the_library_is_walked_somewhat_farther(signers):
    hand = signers.by_hand
    plain = hand.plain_objects(catalog=b"/Outlines 9 0 R")
    assert usages(hand.whole(plain | chained(600)), fast_usages.stock_load) == [RecursionError]
    [found] = usages(hand.whole(plain | chained(600)), fast_usages.load_usages)
    assert len(found) > 600
    assert usages(hand.whole(plain | chained(3_000)), fast_usages.load_usages) == [RecursionError]


@pytest.mark.slow
def test_ways_to_objects_are_found_alike_in_signed_files(signers, all_attacks, pdf, agency):
    wanted = ("shadow", "middle", "evil-annotation-stamp-no", "seal-moved", "hybrid", "page-added")
    for attack in all_attacks:
        if attack.name.startswith(wanted):
            assert_alike(attack.make(signers).attacked, attack.name)
    assert_alike(sign(pdf, agency, field="A", signed_at=datetime(2026, 2, 27, tzinfo=UTC)))


@pytest.mark.slow
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample documents are not at hand")
def test_ways_to_objects_are_found_alike_in_real_papers():
    for path in sorted(SAMPLES.glob("*.pdf")):
        assert_alike(path.read_bytes(), path.name)
