"""`vbdaemon trust`: what a person sees and must say before something is trusted."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from vbdaemon.demo.pki import DemoPki
from vbdaemon.errors import TrustError

pytestmark = pytest.mark.slow


@pytest.fixture
def files(pki, tmp_path):
    """Root, intermediate and CRLs as files, and a signer's certificate."""
    folder = tmp_path / "files"
    pki.write_trust(folder)
    (folder / "leaf.cer").write_bytes(pki.issue("Sở Mẫu").certificate.public_bytes(Encoding.DER))
    return folder


def names(site):
    return sorted(path.name for path in site.trust.iterdir())


def test_add_shows_subject_validity_and_fingerprint_and_needs_yes_for_a_strange_root(site, files, pki):
    refused = site.run("trust", "add", str(files / "demo-root.pem"))
    assert isinstance(refused.exception, TrustError)
    assert "--yes" in str(refused.exception)
    assert pki.root.sha256 in refused.output
    assert f"{pki.root.certificate.not_valid_after_utc:%Y-%m-%d}" in refused.output
    assert "not among the published ones" in refused.output
    assert names(site) == []
    assert site.run("trust", "add", str(files / "demo-root.pem"), "--yes").exit_code == 0
    assert names(site) == ["demo-root.pem"]


def test_add_takes_a_link_and_a_list_without_asking(site, files):
    site.run("trust", "add", str(files / "demo-root.pem"), "--yes")
    for name in ("demo-intermediate.pem", "demo-root.crl", "demo-intermediate.crl"):
        assert site.run("trust", "add", str(files / name)).exit_code == 0
    assert len(names(site)) == 4


def test_add_refuses_a_signers_certificate_a_strange_list_and_a_name_that_is_taken(site, files):
    for name in ("leaf.cer", "demo-root.crl"):
        assert isinstance(site.run("trust", "add", str(files / name), "--yes").exception, TrustError)
    site.run("trust", "add", str(files / "demo-root.pem"), "--yes")
    assert "there already" in str(site.run("trust", "add", str(files / "demo-root.pem"), "--yes").exception)


def test_list_tells_role_and_days_left_and_warns_sixty_days_ahead(site):
    soon = DemoPki.create(datetime.now(UTC) - timedelta(days=20 * 365 - 30), key_size=1024)
    soon.write_trust(site.trust, crls=False)
    rows = {row["role"]: row for row in json.loads(site.run("trust", "list", "--json").output)}
    assert rows["root"]["days_left"] in range(28, 31)
    assert rows["intermediate"]["days_left"] < 0
    words = site.run("trust", "list").output
    assert "WARNING: ends in" in words
    assert "WARNING: ended" in words


def test_check_names_every_problem_with_its_remedy(site, pki):
    assert "no root certificate is trusted" in site.run("trust", "check").output
    pki.write_trust(site.trust, crls=False)
    (site.trust / "junk.cer").write_bytes(b"junk")
    done = site.run("trust", "check", "--json")
    assert done.exit_code == 1
    told = " ".join(problem["what"] for problem in json.loads(done.output))
    for words in ("junk.cer", "not among the published ones", "no CRL of"):
        assert words in told
    assert all(problem["remedy"] for problem in json.loads(done.output))


def test_remove_takes_only_what_lies_in_the_folder(site, files):
    site.run("trust", "add", str(files / "demo-root.pem"), "--yes")
    (site.folder / "config" / "keep.pem").write_text("x")
    assert isinstance(site.run("trust", "remove", "../keep.pem").exception, TrustError)
    assert site.run("trust", "remove", "demo-root.pem").exit_code == 0
    assert names(site) == []


def test_wanted_lists_addresses_for_another_pc(site, pki):
    pki.write_trust(site.trust, crls=False)
    found = json.loads(site.run("trust", "wanted", "--json").output)
    assert [(w["kind"], w["urls"]) for w in found] == [("crl", ["http://ca.example.vn/crl/issuer.crl"])]
    assert site.run("trust", "wanted", "--urls").output == "http://ca.example.vn/crl/issuer.crl\n"
    pki.write_trust(site.trust)
    assert site.run("trust", "wanted").output == "nothing is wanted\n"


def test_wanted_knows_what_held_submissions_wait_for(site, received):
    received("H40.1")
    found = {w["name"]: w for w in json.loads(site.run("trust", "wanted", "--json").output)}
    assert found["CA vắng mặt"]["urls"] == ["http://ca.example.vn/crt/vang.crt"]
    assert found["CA vắng mặt"]["kind"] == "certificate"


def test_wanted_reads_the_signers_certificates_in_use(site, received, pki):
    pki.write_trust(site.trust, crls=False)
    received("H40.1")
    kinds = {w["name"]: w["kind"] for w in json.loads(site.run("trust", "wanted", "--json").output)}
    assert kinds[f"{pki.name} G2"] == "crl", "named by the signer's certificate alone"


def test_import_takes_a_stick_and_says_what_stays_outside(site, files, pki):
    first = site.run("trust", "import", str(files))
    assert first.exit_code == 1
    assert "unverified, not added" in first.output
    assert names(site) == []
    vouched = site.run("trust", "import", str(files), "--yes")
    assert vouched.exit_code == 1, "the signer's certificate is refused all the same"
    assert "4 added" in vouched.output
    assert site.run("trust", "import", str(files / "demo-root.pem")).exit_code == 0
    assert len(names(site)) == 4


def test_fetch_asks_no_host_that_is_not_listed(site, pki):
    pki.write_trust(site.trust, crls=False)
    done = site.run("trust", "fetch")
    assert done.exit_code == 1
    assert "not listed in [trust] hosts" in done.output
