"""The office's own signature: our own verification accepts it, and what goes wrong is said in words."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pypdf
import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from pyhanko.sign.timestamps import DummyTimeStamper

from vbdaemon.errors import ConfigurationError
from vbdaemon.model import SignatureArea, SignatureStatus, SignerRole, TimeSource
from vbdaemon.rendering.seal_drawing import draw_seal
from vbdaemon.signature.office_seal import load_seal, name_on, seal, validity_trouble
from vbdaemon.signature.signing import SigningRefused, _asn1, _asn1_key

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def office(pki):
    return pki.issue("Văn phòng HĐND và UBND huyện Thử Nghiệm")


@pytest.fixture
def p12(tmp_path, office, pki):
    def write(password=b"mat khau", credential=office):
        body = pkcs12.serialize_key_and_certificates(
            b"van-thu",
            credential.key,
            credential.certificate,
            [pki.intermediate.certificate],
            BestAvailableEncryption(password) if password else NoEncryption(),
        )
        path = tmp_path / "office.p12"
        path.write_bytes(body)
        return path

    return write


@pytest.fixture
def blank():
    body = BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(body)
    return body.getvalue()


@pytest.fixture
def drawing(office):
    return draw_seal(name_on(office), NOW)


class Authority:
    """A timestamp authority on this machine; `broken` makes it answer something else."""

    def __init__(self, credential):
        self.broken = False
        self.kinds = []
        owner = self
        stamper = DummyTimeStamper(_asn1(credential.certificate), _asn1_key(credential), fixed_dt=NOW)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                owner.kinds.append(self.headers["Content-Type"])
                question = self.rfile.read(int(self.headers["Content-Length"]))
                answer = b"no" if owner.broken else stamper.request_tsa_response(tsp.TimeStampReq.load(question)).dump()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsa"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def authority(pki):
    made = Authority(pki.tsa)
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_what_the_office_signs_our_own_verification_accepts(p12, blank, drawing, verify):
    sealed = seal(blank, load_seal(p12(), "mat khau"), NOW, drawing)
    assert sealed.trouble == ""
    assert sealed.pdf.startswith(blank)
    (report,) = verify(sealed.pdf)
    assert (report.status, report.role) == (SignatureStatus.PASSED, SignerRole.ORGANISATION)
    assert (report.signer, report.signed_at) == ("Văn phòng HĐND và UBND huyện Thử Nghiệm", NOW)
    assert report.covers_whole_file
    assert (report.position.page, report.position.area) == (1, SignatureArea.TOP_RIGHT)
    assert report.time_source is TimeSource.CLAIMED


def test_a_timestamp_of_the_authority_is_added_where_it_answers(p12, blank, drawing, verify, authority):
    sealed = seal(blank, load_seal(p12(), "mat khau"), NOW, drawing, authority.url)
    assert sealed.trouble == ""
    assert set(authority.kinds) == {"application/timestamp-query"}
    (report,) = verify(sealed.pdf)
    assert (report.status, report.time_source) == (SignatureStatus.PASSED, TimeSource.TIMESTAMP)


@pytest.mark.parametrize("silent", [True, False], ids=["nobody there", "another answer"])
def test_without_an_answer_it_is_signed_without_timestamp_and_that_is_told(
    p12, blank, drawing, verify, authority, silent
):
    authority.broken = True
    address = "http://127.0.0.1:9/tsa" if silent else authority.url
    sealed = seal(blank, load_seal(p12(), "mat khau"), NOW, drawing, address)
    assert sealed.trouble.startswith("signed without timestamp: ")
    (report,) = verify(sealed.pdf)
    assert (report.status, report.time_source) == (SignatureStatus.PASSED, TimeSource.CLAIMED)


def test_a_file_without_password_is_opened_too(p12, office):
    assert load_seal(p12(b""), "").sha256 == office.sha256


def test_a_file_that_cannot_be_used_is_named_with_the_reason(p12, tmp_path, pki):
    path = p12()
    with pytest.raises(ConfigurationError, match=r"office\.p12: wrong password"):
        load_seal(path, "khac")
    path.write_bytes(b"none")
    with pytest.raises(ConfigurationError, match="no PKCS#12 file"):
        load_seal(path, "mat khau")
    with pytest.raises(ConfigurationError, match="No such file"):
        load_seal(tmp_path / "absent.p12", "x")
    path.write_bytes(pkcs12.serialize_key_and_certificates(None, None, pki.root.certificate, None, NoEncryption()))
    with pytest.raises(ConfigurationError, match="no certificate with its private key"):
        load_seal(path, "")


def test_a_certificate_signs_only_while_it_is_valid(office):
    assert validity_trouble(office, NOW) == ""
    assert validity_trouble(office, NOW + timedelta(days=9999)).startswith("expired on ")
    assert validity_trouble(office, NOW - timedelta(days=9999)).startswith("valid from ")


def test_what_is_no_pdf_is_refused(office, drawing):
    with pytest.raises(SigningRefused):
        seal(b"no pdf", office, NOW, drawing)
