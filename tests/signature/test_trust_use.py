"""Signers' certificates in use: read in workers, once a file; what cannot be read is left out."""

from concurrent.futures import Future
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from vbdaemon.errors import PluginFailed, SpoolDamaged
from vbdaemon.model import Limits, SignatureReport, SignatureStatus, Snapshot
from vbdaemon.operation.trust_use import SignersTask, TrustUse
from vbdaemon.signature.signing import sign
from vbdaemon.signature.trust import TrustStore
from vbdaemon.state.records import SubmissionState

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def place(limits=None):
    return SimpleNamespace(snapshot=Snapshot("test", limits=limits or Limits()))


@pytest.fixture
def signed(pdf, agency, leader, tmp_path):
    path = tmp_path / "001"
    path.write_bytes(sign(sign(pdf, leader, field="A", signed_at=NOW), agency, field="B", signed_at=NOW))
    return path


def test_the_task_answers_every_signers_certificate(signed, agency, leader):
    ders = [c.certificate.public_bytes(Encoding.DER) for c in (leader, agency)]
    assert list(SignersTask(signed).run(place())) == ders
    assert SignersTask(signed).run(place(Limits(file_bytes=10))) == ()


@pytest.mark.parametrize("body", [b"", b"junk", b"%PDF-1.7 junk /ByteRange"])
def test_what_is_no_signed_pdf_answers_nothing(tmp_path, body):
    (tmp_path / "x").write_bytes(body)
    assert SignersTask(tmp_path / "x").run(place()) == ()


class Spool:
    def __init__(self, path, sha256):
        self.path = path
        self.files = (SimpleNamespace(stored=path.name, sha256=sha256),)

    def load(self, submission):
        if submission == "damaged":
            raise SpoolDamaged
        return SimpleNamespace(files=self.files)

    def folder_of(self, submission):
        return self.path.parent


def row(state=SubmissionState.HELD, submission="260302-0100-aaaa"):
    return SimpleNamespace(id=submission, state=state)


def report(sha256, **facts):
    return SignatureReport(sha256, "a.pdf", "A", SignatureStatus.INDETERMINATE, certificate="c" * 64, **facts)


class Use(TrustUse):
    __slots__ = ("seen",)

    def _reports(self):
        return self.seen


def use(signed, seen, answer=None):
    asked = []

    def submit(task):
        asked.append(task.path)
        future = Future()
        if answer is None:
            future.set_result(task.run(place()))
        else:
            future.set_exception(answer)
        return future

    made = Use(None, Spool(signed, "a" * 64), submit)
    made.seen = seen
    return made, asked


def test_a_file_is_read_once_and_its_signers_lists_are_wanted(signed, pki, tmp_path):
    pki.write_trust(tmp_path / "trust", crls=False)
    store = TrustStore.load(tmp_path / "trust")
    looking, asked = use(signed, [(row(), report("a" * 64))])
    first = looking.wanted(store, NOW)
    assert {w.name for w in first if w.kind == "crl"} == {f"{pki.name} (RootCA)", f"{pki.name} G2"}
    assert looking.wanted(store, NOW) == first
    assert len(asked) == 1


def test_only_what_is_held_waits_for_an_issuer(signed):
    facts = {"missing_issuer": "CA vắng", "missing_issuer_urls": ("http://ca.example.vn/a.crt",)}
    seen = [(row(SubmissionState.REJECTED), report("b" * 64, **facts))]
    assert use(signed, seen)[0].wanted(TrustStore(), NOW) == ()
    seen = [(row(), report("b" * 64, **facts))]
    assert [w.name for w in use(signed, seen)[0].wanted(TrustStore(), NOW)] == ["CA vắng"]


@pytest.mark.parametrize(
    "one", [row(submission="damaged"), row(SubmissionState.QUARANTINED)], ids=["damaged", "quarantined"]
)
def test_what_is_locked_away_or_damaged_is_not_opened(signed, one):
    looking, asked = use(signed, [(one, report("a" * 64))])
    assert looking.wanted(TrustStore(), NOW) == ()
    assert asked == []


def test_a_file_that_breaks_its_worker_is_left_out(signed):
    looking, _ = use(signed, [(row(), report("a" * 64))], PluginFailed("x", "verify", "died"))
    assert looking.wanted(TrustStore(), NOW) == ()
