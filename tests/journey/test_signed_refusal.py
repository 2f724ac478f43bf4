"""A refusal that a person confirmed leaves with pictures, as PDF, signed by the office; another vbdaemon accepts it."""

import json

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

pytestmark = pytest.mark.journey

RESULTS = "phong-giao-duc/ket-qua"


@pytest.fixture
def sealing(station, agency):
    """The demo site with the office's certificate, whose refusals wait for a person."""
    office = agency.pki.issue("Ủy ban nhân dân huyện Sông Lam")
    path = station.config.with_name("van-thu.p12")
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"van-thu", office.key, office.certificate, None, BestAvailableEncryption(b"mat khau")
        )
    )
    secret = path.with_suffix(".secret")
    secret.write_text("mat khau\n", "utf-8")
    for file in (path, secret):
        file.chmod(0o600)
    station.change("notices", pdf=True, certificate="van-thu.p12", password="file:van-thu.secret")
    station.change("rules", refusals="confirm")
    station.change("exchange", settle_seconds=0.5)
    return station


def test_a_refusal_under_a_persons_name_leaves_as_signed_pdf_with_the_picture(sealing, papers):
    told = sealing.ask("check", "--json")
    assert not any("[notices]" in problem["what"] for problem in json.loads(told.stdout))
    sealing.start()
    for file in papers("unsigned"):
        sealing.drop("phong-giao-duc/gui", file.name, file.body)
    (id_,) = sealing.settled(1)
    kept = list((sealing.spool / "submissions").glob("*/*/place-*.png"))
    assert kept
    sealing.ask("reject", id_, "--reason", "đúng", "--by", "Lê Văn Mẫu", "--title", "Phó Chánh Văn phòng")
    sealing.settled(1)

    (paper,) = (sealing.exchange / RESULTS).glob("*tu-choi*.pdf")
    page = paper.with_suffix(".html").read_text("utf-8")
    assert "Người xác nhận: Lê Văn Mẫu, Phó Chánh Văn phòng." in page
    assert page.count('src="data:image/png;base64,') == len(kept)
    (found,) = json.loads(sealing.ask("inspect", "--json", str(paper)).stdout)
    (report,) = [each for document in found["documents"] for each in document["signatures"]]
    assert (report["status"], report["signer"]) == ("PASSED", "Ủy ban nhân dân huyện Sông Lam")
    assert report["covers_whole_file"]
    assert sealing.ask("fsck").returncode == 0
    assert sealing.stop() == 0
