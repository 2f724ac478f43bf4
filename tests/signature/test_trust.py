"""The trust folder: what is read, what is warned of, what changes its version."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from vbdaemon.signature.trust import AuthorityRole, TrustStore, fingerprint, traces

PUBLISHED_TRUST = Path(__file__).parents[3] / "shared" / "trust"


def test_self_signed_certificates_are_roots_and_others_links(trust, pki):
    roles = {authority.name: authority.role for authority in trust.authorities}
    assert roles == {f"{pki.name} (RootCA)": AuthorityRole.ROOT, f"{pki.name} G2": AuthorityRole.INTERMEDIATE}
    assert [authority.crls for authority in trust.authorities] == [1, 1]
    assert trust.warnings == ()
    root = next(authority for authority in trust.authorities if authority.role is AuthorityRole.ROOT)
    assert root.subject == f"CN={pki.name} (RootCA), O=Ban Thử nghiệm, C=VN"
    assert root.not_after - root.not_before == timedelta(days=26 * 365)
    assert root.published is None


def test_der_and_p7b_are_read_by_content(pki, tmp_path):
    root, link = pki.root.certificate, pki.intermediate.certificate
    (tmp_path / "root.der").write_bytes(root.public_bytes(Encoding.DER))
    (tmp_path / "bundle.p7b").write_bytes(pkcs7.serialize_certificates([link, root], Encoding.DER))
    (tmp_path / "bundle.pem").write_bytes(pkcs7.serialize_certificates([link], Encoding.PEM))
    store = TrustStore.load(tmp_path)
    assert len(store.authorities) == 2, "a certificate in two files counts once"
    assert store.warnings == ()


@pytest.mark.parametrize(
    "body", [b"", b"junk", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"0\x82"]
)
def test_an_unusable_file_is_a_warning_that_names_it(pki, tmp_path, body):
    pki.write_trust(tmp_path)
    (tmp_path / "hong.cer").write_bytes(body)
    store = TrustStore.load(tmp_path)
    assert len(store.authorities) == 2
    (warning,) = store.warnings
    assert warning.startswith("hong.cer: ")


def test_a_signers_certificate_is_no_authority(pki, agency, tmp_path):
    (tmp_path / "leaf.pem").write_bytes(agency.certificate.public_bytes(Encoding.PEM))
    store = TrustStore.load(tmp_path)
    assert store.authorities == ()
    assert "is not the certificate of an authority" in store.warnings[0]


def test_readme_files_and_hidden_files_are_left_alone(pki, tmp_path):
    (tmp_path / "README.md").write_text("which certificates lie here")
    (tmp_path / ".hidden").write_text("x")
    assert TrustStore.load(tmp_path).warnings == ()


def test_no_folder_means_nothing_is_trusted(tmp_path):
    assert TrustStore.load(None).authorities == ()
    assert TrustStore.load(tmp_path / "missing").authorities == ()
    assert traces(None) == ()


def test_the_fingerprint_changes_with_names_and_bytes_only(pki, tmp_path):
    pki.write_trust(tmp_path)
    first, marks = fingerprint(tmp_path), traces(tmp_path)
    root = tmp_path / "demo-root.pem"
    root.write_bytes(root.read_bytes())
    assert fingerprint(tmp_path) == first
    root.write_bytes(root.read_bytes() + b"\n")
    assert fingerprint(tmp_path) != first
    assert traces(tmp_path) != marks


@pytest.mark.skipif(not PUBLISHED_TRUST.is_dir(), reason="the published CA certificates are not at hand")
def test_published_certificates_are_recognised():
    store = TrustStore.load(PUBLISHED_TRUST)
    assert store.warnings == ()
    assert all(authority.published for authority in store.authorities)
    assert [authority.role for authority in store.authorities].count(AuthorityRole.ROOT) == 3
