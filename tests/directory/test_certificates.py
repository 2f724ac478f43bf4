"""certificates.toml: written by a command, read back exactly, never left broken."""

import tomllib
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from vbdaemon.directory.certificates import HEADER, confirm, load_certificates
from vbdaemon.errors import DirectoryError
from vbdaemon.model import ConfirmedCertificate, Directory, SignerRole
from vbdaemon.testing import NOON

ONE = ConfirmedCertificate("H1", "a" * 64, SignerRole.ORGANISATION, "CN=Phòng Nội vụ", "Trần Văn An", NOON)


def test_no_file_is_no_certificate(tmp_path: Path):
    assert load_certificates(tmp_path / "absent.toml") == ()


def test_what_was_confirmed_is_read_back(tmp_path: Path):
    path = tmp_path / "certificates.toml"
    two = ConfirmedCertificate("H2", "b" * 64, SignerRole.PERSON, "", "Lê Thị Bình", NOON + timedelta(days=1))
    confirm(path, ONE)
    confirm(path, two)
    assert load_certificates(path) == (ONE, two)
    assert Directory((), load_certificates(path)).by_certificate["b" * 64] == two
    assert path.read_text(encoding="utf-8").startswith(HEADER)
    assert [p.name for p in tmp_path.iterdir()] == ["certificates.toml"]


@pytest.mark.parametrize("words", ['a"b', "a\\b", "a\nb", "a\tb", "\x7f", "Đặng", "]]\n[[certificate]]", "'''", ""])
def test_hostile_words_stay_words(tmp_path: Path, words):
    path = tmp_path / "certificates.toml"
    confirm(path, ConfirmedCertificate("H1", "a" * 64, SignerRole.PERSON, words, words or "x", NOON))
    (made,) = load_certificates(path)
    assert (made.subject, made.confirmed_by) == (words, words or "x")


def test_what_a_person_wrote_beside_is_kept(tmp_path: Path):
    path = tmp_path / "certificates.toml"
    path.write_text("# xác nhận qua điện thoại\n", encoding="utf-8")
    confirm(path, ONE)
    assert "# xác nhận qua điện thoại" in path.read_text(encoding="utf-8")


def test_a_broken_file_is_not_added_to(tmp_path: Path):
    path = tmp_path / "certificates.toml"
    path.write_text("[[certificate]\n", encoding="utf-8")
    with pytest.raises(tomllib.TOMLDecodeError):
        confirm(path, ONE)
    assert path.read_text(encoding="utf-8") == "[[certificate]\n"


def test_a_moment_of_any_zone_is_read_as_utc(tmp_path: Path):
    path = tmp_path / "certificates.toml"
    here = NOON.astimezone(timezone(timedelta(hours=7)))
    confirm(path, ConfirmedCertificate("H1", "a" * 64, SignerRole.PERSON, "", "x", here))
    assert load_certificates(path)[0].confirmed_at == NOON
    assert load_certificates(path)[0].confirmed_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('sha256 = "ABC"', "sha256"),
        ('sha256 = "' + "A" * 64 + '"', "sha256"),
        ('confirmed_by = ""', "confirmed_by"),
        ('role = "owner"', "role"),
        ("confirmed_at = 3.5e99", "confirmed_at"),
        ('colour = "red"', "colour: unknown key"),
    ],
)
def test_a_mistake_names_its_key(tmp_path: Path, line, key):
    path = tmp_path / "certificates.toml"
    confirm(path, ONE)
    kept = [row for row in path.read_text(encoding="utf-8").splitlines() if not row.startswith(line.split(" ")[0])]
    path.write_text("\n".join([*kept, line]), encoding="utf-8")
    with pytest.raises(DirectoryError, match=rf"certificate\.0\.{key}"):
        load_certificates(path)
