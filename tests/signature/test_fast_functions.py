"""The faster functions one by one: each beside the library's, the guard, the switch, and what is kept of chains."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfStreamError

from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Revocation, SignatureStatus
from vbdaemon.signature import fast_chain, fast_hex, fast_names, fast_path
from vbdaemon.signature.fast_path import Speed, speed_up
from vbdaemon.signature.signing import sign
from vbdaemon.signature.trust import TrustStore

AT = datetime(2026, 2, 27, 2, 30, tzinfo=UTC)
PASSED, INDETERMINATE, FAILED = SignatureStatus.PASSED, SignatureStatus.INDETERMINATE, SignatureStatus.FAILED


@pytest.fixture
def fast() -> Iterator[Speed]:
    yield speed_up(enabled=True)
    speed_up(enabled=False)


@pytest.fixture(autouse=True)
def slow_afterwards() -> Iterator[None]:
    yield
    speed_up(enabled=False)


@pytest.mark.parametrize(
    "written",
    [
        b"<>",
        b"<48656C6C6F>",
        b"<48 65\n6c\r6C\t6f\x00\x0c>",
        b"<4>",
        b"<48656C6C6>",
        b"<FEFF1EE6>",
        b"<48%comment >\n65>",
        b"<48XY>",
        b"<4865",
        b"<",
        b"<" + b"41" * 40_000 + b">",
        b"<" + b"41" * 40_000,
        b"<" + b"41" * 40_000 + b"(>",
        b"<41>>>rest",
    ],
)
def test_hexadecimal_strings_are_read_alike(written):
    answers = []
    for read in (fast_hex.stock_read, fast_hex.read_hex_string):
        stream = io.BytesIO(b"before " + written + b" after")
        stream.seek(7)
        try:
            string = read(stream)
            answers.append((type(string), string, string.original_bytes, stream.tell()))
        except PdfStreamError as error:
            answers.append((type(error), str(error)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "text", ["Ủy ban  nhân dân", "A", "", " a ", "ﬁ", "\u200b", "\ue000", "\ufffd", "א a", "\u0378"]
)
def test_names_are_prepared_alike_and_what_raises_raises_again(text):
    for _ in range(2):
        answers = []
        for prepare in (fast_names.stock_prepare, fast_names.prepare):
            try:
                answers.append(prepare(x509.NameTypeAndValue(), text))
            except ValueError as error:
                answers.append(str(error))
        assert answers[0] == answers[1]


def test_names_are_compared_alike():
    def name(**parts):
        return x509.Name.build(parts)

    odd = x509.Name.load(name(common_name="abc").dump().replace(b"abc", b"a\xffc"))
    several = [name(common_name="Sở  A"), name(common_name="sở a"), name(common_name="Sở B"), odd, name(),
               name(common_name="Sở A", organization_name="B")]  # fmt: skip
    for one in several:
        for other in [*several, None]:
            answers = []
            for equal in (fast_names.stock_equal, fast_names.equal):
                try:
                    answers.append(equal(one, other))
                except ValueError as error:
                    answers.append(type(error))
            assert answers[0] == answers[1]


def test_another_version_of_the_library_keeps_its_own_functions(monkeypatch):
    monkeypatch.setattr(fast_path, "KNOWN_VERSIONS", {"pyHanko": "0.37.9"})
    speed = speed_up(enabled=True)
    assert (speed.fast, speed.chains, speed.unknown) == (False, None, "pyHanko 0.38.0")
    assert generic.read_hex_string_from_stream is fast_hex.stock_read


def test_one_switch_puts_everything_back():
    assert speed_up(enabled=True).fast
    assert generic.read_hex_string_from_stream is fast_hex.read_hex_string
    assert not speed_up(enabled=False).fast
    assert generic.read_hex_string_from_stream is fast_hex.stock_read
    assert x509.Name.__eq__ is fast_names.stock_equal


# What is kept of chains never hides what came later.


@pytest.fixture
def own(new_key) -> DemoPki:
    return DemoPki.create(AT + timedelta(days=3), "Cơ quan nhớ lâu", new_key=new_key)


def store(own: DemoPki, folder, *, crls: bool = True) -> TrustStore:
    own.write_trust(folder, crls=crls)
    return TrustStore.load(folder)


def at(pdf, own: DemoPki, credential, when: datetime, *, stamped: bool = True) -> bytes:
    return sign(pdf, credential, field="CoQuan", signed_at=when, timestamper=own.tsa if stamped else None)


@pytest.mark.slow
def test_a_chain_is_found_once_for_all_documents_of_a_signer(fast, own, pdf, verify, tmp_path):
    trust = store(own, tmp_path / "t")
    credential = own.issue("Sở Thử nghiệm")
    for hour in range(4):
        (report,) = verify(at(pdf, own, credential, AT + timedelta(hours=hour)), trust)
        assert report.status is PASSED
    assert fast.chains.hits == 2 * 3, "the signer's and the timestamp's, at all but the first"
    assert len(fast.chains.chains) == 2


def test_a_revoked_certificate_never_hides_behind_a_kept_chain(fast, own, pdf, verify, tmp_path):
    credential = own.issue("Sở Thử nghiệm")
    signed = at(pdf, own, credential, AT)
    known = store(own, tmp_path / "before")
    assert [verify(signed, known)[0].status for _ in range(3)] == [PASSED] * 3
    own.revoke(credential, AT - timedelta(days=1))
    informed = store(own, tmp_path / "after")
    (report,) = verify(signed, informed)
    assert (report.status, report.subindication, report.revocation) == (FAILED, "REVOKED", Revocation.REVOKED)
    assert fast.chains.hits > 4, "the chain itself was kept all the same"


def test_a_revoked_authority_never_hides_behind_a_kept_chain(fast, own, pdf, verify, tmp_path):
    signed = at(pdf, own, own.issue("Sở Thử nghiệm"), AT)
    assert verify(signed, store(own, tmp_path / "before"))[0].status is PASSED
    own.revoke(own.intermediate, AT - timedelta(days=30))
    assert verify(signed, store(own, tmp_path / "after"))[0].subindication == "REVOKED"


@pytest.mark.slow
@pytest.mark.parametrize("stamped", [True, False])
def test_an_expired_certificate_never_hides_behind_a_kept_chain(fast, own, pdf, verify, tmp_path, stamped):
    trust = store(own, tmp_path / "t")
    ends = AT + timedelta(days=1)
    credential = own.issue("Sở Thử nghiệm", not_before=AT - timedelta(days=9), not_after=ends)
    inside = [AT, ends - timedelta(seconds=8)]
    outside = [ends + timedelta(days=1), AT - timedelta(days=10)]
    for when in (*inside, *inside):
        assert verify(at(pdf, own, credential, when, stamped=stamped), trust)[0].status is PASSED
    kept = fast.chains.hits
    assert kept > 0
    for when in outside:
        (report,) = verify(at(pdf, own, credential, when, stamped=stamped), trust)
        assert report.status is (FAILED if stamped else INDETERMINATE)
        assert not report.trusted


def test_an_authority_that_ends_or_leaves_the_folder_ends_its_chains(fast, own, papers, new_key, pdf, verify, tmp_path):
    ended = papers.authority(new_key, not_after=AT + timedelta(days=1))
    credential = ended.issue("Sở Thử nghiệm")
    trust = store(ended, tmp_path / "t", crls=False)
    before, after = (sign(pdf, credential, field="A", signed_at=AT + timedelta(days=n)) for n in (0, 2))
    assert [verify(before, trust)[0].status for _ in range(2)] == [PASSED] * 2
    assert verify(after, trust)[0].subindication == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    (tmp_path / "t" / "demo-intermediate.pem").unlink()
    assert verify(before, TrustStore.load(tmp_path / "t"))[0].subindication == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_context_with_evidence_or_another_rule_is_never_answered_from_memory(own, tmp_path):
    trust = store(own, tmp_path / "t")
    context = trust.context(AT)
    assert fast_chain._is_ordinary(context)
    context.revinfo_manager._crls.append(object())
    assert not fast_chain._is_ordinary(context)
    fresh = trust.context(AT)
    fresh.timing_params = replace(
        fresh.timing_params,
        timing_info=replace(fresh.timing_params.timing_info, best_signature_time=AT + timedelta(days=1)),
    )
    assert not fast_chain._is_ordinary(fresh)


@pytest.mark.slow
def test_the_longest_unused_chain_is_forgotten_first(fast, own, pdf, verify, tmp_path, monkeypatch):
    monkeypatch.setattr(fast_chain, "KEPT_CHAINS", 3)
    trust = store(own, tmp_path / "t")
    for name in ("Sở A", "Sở B", "Sở C", "Sở D"):
        assert verify(at(pdf, own, own.issue(name), AT), trust)[0].status is PASSED
    assert len(fast.chains.chains) == 3
