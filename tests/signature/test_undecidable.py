"""Whatever the library raises, and wherever: undecidable, held, never a traceback and never called forged."""

import zlib
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils.misc import PdfReadError

from vbdaemon.model import SignatureStatus, VerdictKind
from vbdaemon.rules.loader import load_policy
from vbdaemon.signature import coverage, embedded, validation
from vbdaemon.signature.attempt import Undecidable, attempt
from vbdaemon.signature.signing import sign

pytestmark = pytest.mark.slow

AT = datetime(2026, 2, 27, 2, 30, tzinfo=UTC)
ERRORS = (
    KeyError,
    ValueError,
    AssertionError,
    AttributeError,
    OSError,
    RecursionError,
    MemoryError,
    IndexError,
    TypeError,
    NotImplementedError,
    StopIteration,
    UnicodeDecodeError,
    ZeroDivisionError,
    PdfReadError,
)
PLACES = {
    "opening": (embedded, "PdfFileReader"),
    "listing": (embedded, "enumerate_sig_fields"),
    "taking-up": (embedded, "EmbeddedPdfSignature"),
    "covering": (coverage, "one_gap"),
    "validating": (validation, "cms_basic_validation"),
}


def raiser(error: type[BaseException]):
    made = error("utf-8", b"", 0, 1, "secret words") if error is UnicodeDecodeError else error("secret words")

    def raising(*_arguments, **_named):
        raise made

    return raising


@pytest.fixture(scope="module")
def once(pdf, agency) -> bytes:
    return sign(pdf, agency, field="CoQuan", box=(300, 200, 400, 300), signed_at=AT)


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("place", PLACES)
def test_what_the_library_raises_holds_with_the_type_as_evidence(place, error, once, decide, monkeypatch):
    assert decide(once, scan=True).verdict is VerdictKind.ACCEPT
    module, name = PLACES[place]
    monkeypatch.setattr(module, name, raiser(error))
    answer = decide(once, scan=True)
    (report,) = answer.reports
    assert (answer.verdict, answer.codes) == (VerdictKind.HOLD, {"signature-undecidable"})
    assert report.status is SignatureStatus.INDETERMINATE
    raised = "RuntimeError" if error is StopIteration and place == "validating" else error.__name__
    assert report.undecidable == raised
    assert "secret words" not in str(report)


def test_a_person_reads_the_type_and_never_the_word_forged(once, decide, monkeypatch):
    monkeypatch.setattr(validation, "cms_basic_validation", raiser(KeyError))
    assert decide(once, scan=True).reports[0].undecidable == "KeyError"
    for rule in load_policy().rules:
        words = f"{rule.message} {rule.english} {rule.remedy} {rule.remedy_english}".casefold()
        assert "giả mạo" not in words
        assert "forged" not in words


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_being_told_to_stop_is_no_answer_about_a_file(stop):
    with pytest.raises(stop):
        attempt(raiser(stop))
    assert attempt(raiser(OSError)) == Undecidable("OSError")


def broken(signers) -> dict[str, bytes]:
    """Files that make the library fail by itself, in as many ways as are known."""
    hand = signers.by_hand
    plain = hand.whole(hand.plain_objects())
    once = sign(plain, signers.agency, field="CoQuan", box=(300, 200, 400, 300), signed_at=AT)
    gap = once.index(b"/Contents <") + len(b"/Contents <")
    deep = b"[" * 20_000 + b"]" * 20_000
    field = int(once.partition(b"/Fields [ ")[2].split()[0])
    body = hand.last_body(once, field)
    value = int(body.partition(b"/V ")[2].split()[0])
    form = int(once.partition(b"/AcroForm ")[2].split()[0])
    bomb = zlib.compress(b"\0" * 50_000_000)
    last = hand.tail(once)
    table = b"/Type/XRef/W[1 4 1]/Size %d/Root %s/Filter/FlateDecode" % (last.size, last.root)
    return {
        "deep-page": hand.appended(once, {3: b"<</Type/Page/Parent 2 0 R/Contents " + deep + b">>"}),
        "deep-contents": hand.appended(once, {5: deep}),
        "deep-form": hand.appended(once, {form: b"<</Fields " + deep + b">>"}),
        "pages-in-a-circle": hand.appended(once, {2: b"<</Type/Pages/Kids[2 0 R]/Count 1/MediaBox[0 0 9 9]>>"}),
        "fields-in-a-circle": hand.appended(once, {field: b"<</T(a)/FT/Sig/Kids[%d 0 R]>>" % field}),
        "parents-in-a-circle": hand.appended(once, {field: body[:-2] + b"/Parent %d 0 R>>" % field}),
        "tables-in-a-circle": once.replace(b"/Prev %d" % hand.tail(plain).start, b"/Prev %d" % last.start),
        "table-elsewhere": once.replace(b"startxref\n%d" % last.start, b"startxref\n%d" % 9),
        "table-nowhere": once.replace(b"startxref\n%d" % last.start, b"startxref\n%d" % 99_999_999),
        "table-cut": once[: last.start + 30] + b"\nstartxref\n%d\n%%%%EOF\n" % last.start,
        "form-a-number": hand.appended(once, {form: b"7"}),
        "fields-a-name": hand.appended(once, {form: b"<</Fields/Name>>"}),
        "field-missing": hand.appended(once, {}, free=(field,)),
        "value-a-number": hand.appended(once, {value: b"7"}),
        "value-missing": hand.appended(once, {}, free=(value,)),
        "value-a-circle": hand.appended(once, {value: b"%d 0 R" % value}),
        "cms-cut": once[: gap + 200] + b"0" * 2_000 + once[gap + 2_200 :],
        "cms-empty-sequence": once[:gap] + b"3000" + b"0" * 40 + once[gap + 44 :],
        "cms-of-another-kind": once[:gap] + once[gap:].replace(b"2A864886F70D010702", b"2A864886F70D010703", 1),
        "cms-endless": once[:gap] + b"3080" * 500 + once[gap + 2_000 :],
        "hex-with-letters": once[: gap + 50] + b"XYZ" + once[gap + 53 :],
        "hex-without-end": once[: gap + 50],
        "rect-of-words": hand.appended(once, {field: body.replace(b"/Rect [ 300", b"/Rect [ /Ba")}),
        "no-catalog": hand.appended(once, {}, free=(1,)),
        "table-bomb": once + hand.obj(last.size, hand.stream(bomb, table)) + b"startxref\n%d\n%%%%EOF\n" % len(once),
        "encrypted-by-nobody": hand.appended(once, {}, trailer=b"/Encrypt<</Filter/Standard/V 9/R 9>>"),
    }  # fmt: skip


@pytest.mark.timeout(60)
def test_a_really_broken_file_is_held_or_refused_and_its_signature_not_missing(signers, decide):
    for name, body in broken(signers).items():
        answer = decide(body, scan=True)
        assert answer.verdict in (VerdictKind.HOLD, VerdictKind.REJECT), name
        assert answer.reports, f"{name}: a signature that cannot be decided is not missing"
