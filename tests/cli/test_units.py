"""`vbdaemon units`: a named person confirms exactly one certificate for one unit; learning confirms nothing."""

import json
import tomllib

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from vbdaemon.directory.certificates import load_certificates
from vbdaemon.errors import ConfigurationError, DirectoryError, StateError
from vbdaemon.model import SignerRole

pytestmark = pytest.mark.slow

SHA256 = "ab" * 32


@pytest.fixture
def confirmed(site):
    return lambda: load_certificates(site.folder / "config" / "certificates.toml")


def test_a_pin_names_unit_certificate_role_and_person(site, confirmed):
    done = site.run("units", "pin", "H40.1", SHA256, "--by", "Lê Thị Mẫu")
    assert done.exit_code == 0, done.output
    assert "Ủy ban nhân dân huyện Bến Lam" in done.output
    (pin,) = confirmed()
    assert (pin.unit, pin.sha256, pin.role, pin.confirmed_by) == (
        "H40.1",
        SHA256,
        SignerRole.ORGANISATION,
        "Lê Thị Mẫu",
    )
    assert pin.confirmed_at.tzinfo is not None


def test_openssl_writes_fingerprints_with_colons_and_capitals(site, confirmed):
    written = ":".join("AB" for _ in range(32))
    assert site.run("units", "pin", "H40.1", written, "--by", "Mẫu", "--role", "person").exit_code == 0
    assert confirmed()[0].sha256 == SHA256
    assert confirmed()[0].role is SignerRole.PERSON


def test_a_certificate_file_is_pinned_by_its_bytes(site, pki, tmp_path, confirmed):
    leaf = pki.issue("Ủy ban nhân dân huyện Bến Lam")
    path = tmp_path / "leaf.cer"
    path.write_bytes(leaf.certificate.public_bytes(Encoding.DER))
    assert site.run("units", "pin", "H40.1", str(path), "--by", "Mẫu").exit_code == 0
    assert confirmed()[0].sha256 == leaf.sha256
    assert "Bến Lam" in confirmed()[0].subject


def test_a_certificate_belongs_to_one_unit_only(site, confirmed):
    assert site.run("units", "pin", "H40.1", SHA256, "--by", "Mẫu").exit_code == 0
    again = site.run("units", "pin", "H40.2", SHA256, "--by", "Mẫu")
    assert isinstance(again.exception, DirectoryError)
    assert "H40.1" in str(again.exception)
    assert len(confirmed()) == 1


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (("H99", SHA256), DirectoryError, "is no unit"),
        (("H40.1", "xyz"), ConfigurationError, "neither a SHA-256"),
        (("H40.1", SHA256[:-1]), ConfigurationError, "neither a SHA-256"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(site, words, error, told):
    done = site.run("units", "pin", *words, "--by", "Mẫu")
    assert isinstance(done.exception, error)
    assert told in str(done.exception)
    assert not (site.folder / "config" / "certificates.toml").exists()


def test_a_bundle_must_be_named_by_fingerprint(site, pki, tmp_path):
    bundle = b"".join(c.certificate.public_bytes(Encoding.PEM) for c in (pki.root, pki.intermediate))
    (tmp_path / "bundle.pem").write_bytes(bundle)
    done = site.run("units", "pin", "H40.1", str(tmp_path / "bundle.pem"), "--by", "Mẫu")
    assert "2 certificates in this file" in str(done.exception)


def test_a_pin_is_confirmed_by_a_named_person(site, monkeypatch):
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    assert "--by" in str(site.run("units", "pin", "H40.1", SHA256).exception)
    assert "--by" in str(site.run("units", "pin", "H40.1", SHA256, "--by", "  ").exception)
    monkeypatch.setattr("getpass.getuser", lambda: "lethimau")
    assert site.run("units", "pin", "H40.1", SHA256).exit_code == 0


def test_what_stands_in_the_file_already_is_kept(site, confirmed):
    path = site.folder / "config" / "certificates.toml"
    path.write_text("# our own note\n", encoding="utf-8")
    site.run("units", "pin", "H40.1", SHA256, "--by", 'Mẫu "A"\n')
    assert path.read_text("utf-8").startswith("# our own note\n")
    assert tomllib.loads(path.read_text("utf-8"))["certificate"][0]["unit"] == "H40.1"


def test_the_list_shows_confirmed_certificates(site):
    site.run("units", "pin", "H40.1", SHA256, "--by", "Mẫu")
    rows = json.loads(site.run("units", "list", "--json").output)
    assert {row["code"]: row["certificates"] for row in rows} == {"H40.1": [SHA256], "H40.2": []}


def test_the_list_tells_what_sets_a_unit_apart_and_remarks_on_codes(site):
    path = site.folder / "config" / "units.toml"
    more = (
        '\n[[unit]]\ncode = "CS:GOV:1"\nname = "Trạm"\nscored = false\nsignature_issued = false\n'
        'channels = ["paper"]\nchannels_note = "chưa nối mạng"\n'
    )
    path.write_text(path.read_text("utf-8") + more, encoding="utf-8")
    listed = site.run("units", "list")
    assert "not scored, no signature account, paper only: chưa nối mạng" in listed.output
    assert "note: codes of neither usual form (1): CS:GOV:1" in listed.stderr
    (row,) = [row for row in json.loads(site.run("units", "list", "--json").output) if row["code"] == "CS:GOV:1"]
    assert (row["usual_code"], row["scored"], row["channels"]) == (False, False, ["paper"])


def test_learning_without_a_daemon_says_so(site):
    assert isinstance(site.run("units", "learn").exception, StateError)


def test_learning_proposes_organisations_certificates_and_confirms_nothing(site, received, confirmed):
    seen = received("H40.1")
    proposals = json.loads(site.run("units", "learn", "--json").output)
    assert [(p["unit"], p["sha256"], p["seen"]) for p in proposals] == [("H40.1", seen, 1)]
    words = site.run("units", "learn").output
    assert f"vbdaemon units pin H40.1 {seen} --by" in words
    assert confirmed() == ()
    assert site.run("units", "pin", "H40.1", seen, "--by", "Mẫu").exit_code == 0
    assert "Bến Lam" in confirmed()[0].subject, "the subject comes from what was received"
    assert json.loads(site.run("units", "learn", "--json").output) == []
