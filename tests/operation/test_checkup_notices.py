"""`vbdaemon check` on what senders read: the office's words, templates, the certificate that signs refusals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from vbdaemon.config import parse_settings
from vbdaemon.demo.pki import DemoPki
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import (
    ConfirmedCertificate,
    Directory,
    NoticeRules,
    Office,
    SecretKind,
    SecretSource,
    SignerRole,
)
from vbdaemon.operation.checkup import Weight
from vbdaemon.operation.checkup_notices import check_office, check_seal, check_templates
from vbdaemon.testing import make_snapshot, make_unit

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NAME = "Văn phòng HĐND và UBND huyện Sông Lam"
ENVIRONMENT = {"P12": "mat khau"}


def settings(tmp_path, **tables):
    return parse_settings(tables, tmp_path / "vbdaemon.toml")


def test_an_office_that_notices_cannot_name_is_refused(tmp_path):
    whole = dict.fromkeys(("name", "parent", "unit", "address", "telephone", "email", "contact", "contact_title"), "x")
    assert list(check_office(settings(tmp_path, office=whole))) == []
    missing = list(check_office(settings(tmp_path)))
    assert [p.what.split()[1] for p in missing if p.weight is Weight.ERROR] == [
        "name",
        "parent",
        "address",
        "telephone",
        "contact",
    ]
    assert {p.what.split()[1] for p in missing if p.weight is Weight.WARNING} == {"unit", "email", "contact_title"}
    (blank,) = check_office(settings(tmp_path, office=whole | {"telephone": "  "}))
    assert blank.weight is Weight.ERROR


def test_templates_are_tried_before_a_senders_notice_is_at_stake(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "site").mkdir()
    snapshot = replace(make_snapshot(), templates=tmp_path / "site")
    assert list(check_templates(replace(snapshot, templates=tmp_path / "empty"))) == []
    for name, body in (
        ("refusal.j2", "{{ letter.no_such_word }}"),
        ("digest.j2", "{{ lines[7] }}"),
        ("undelivered.j2", "{% if %}"),
        ("sheet.html.j2", "{{ doc.main.nothing }}"),
        ("notice.typ", "#x"),
        ("README.md", "ours"),
    ):
        (tmp_path / "site" / name).write_text(body, "utf-8")
    found = [problem.what for problem in check_templates(snapshot)]
    for words in ("no_such_word", "template digest.j2 of the site", "undelivered.j2: ", "sheet.html.j2 of the site"):
        assert any(words in each for each in found)
    assert any("notice.typ: replaces nothing" in each for each in found)
    assert not any("README" in each for each in found)
    (problem,) = check_templates(replace(snapshot, templates=tmp_path / "absent"))
    assert "is no folder" in problem.what


@pytest.fixture(scope="module")
def pki():
    return DemoPki.create(NOW, new_key=lambda: ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
def sealing(tmp_path, pki):
    """A snapshot whose refusals are signed with this certificate."""

    def build(credential, *units, **changes):
        path = tmp_path / "office.p12"
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"x", credential.key, credential.certificate, None, BestAvailableEncryption(b"mat khau")
            )
        )
        path.chmod(0o600)
        notices = NoticeRules(pdf=True, certificate=path, password=SecretSource(SecretKind.ENVIRONMENT, "P12"))
        office = Office(name=NAME, unit="H99")
        return replace(make_snapshot(*units), notices=notices, office=office, **changes)

    return build


def told(snapshot, at=NOW, environment=ENVIRONMENT):
    return [(problem.weight, problem.what) for problem in check_seal(snapshot, at, environment)]


def test_the_offices_own_valid_certificate_is_well_and_none_is_well_too(sealing, pki):
    assert told(sealing(pki.issue(NAME))) == []
    assert told(make_snapshot()) == []


def test_a_certificate_that_cannot_be_opened_or_is_not_valid_is_an_error(sealing, pki):
    snapshot = sealing(pki.issue(NAME))
    ((weight, what),) = told(snapshot, environment={"P12": "khac"})
    assert weight is Weight.ERROR
    assert "wrong password" in what
    ((weight, what),) = told(snapshot, at=NOW + timedelta(days=5000))
    assert (weight, "expired on" in what) == (Weight.ERROR, True)
    soon = sealing(pki.issue(NAME, not_after=NOW + timedelta(days=20)))
    ((weight, what),) = told(soon)
    assert (weight, "expired on" in what) == (Weight.WARNING, True)


def test_a_persons_and_a_strangers_certificate_are_not_the_offices(sealing, pki):
    ((weight, what),) = told(sealing(pki.issue("Nguyễn Văn Mẫu", kind="person", email="mau@example.vn")))
    assert (weight, "is a person's (Nguyễn Văn Mẫu)" in what) == (Weight.ERROR, True)
    other = pki.issue("Sở Khác tỉnh Trung Giang")
    ((weight, what),) = told(sealing(other))
    assert (weight, "names Sở Khác tỉnh Trung Giang" in what) == (Weight.WARNING, True)
    unit = make_unit("H99", "Ủy ban nhân dân huyện Sông Lam", aliases=("Sở Khác tỉnh Trung Giang",))
    assert told(sealing(other, unit)) == []
    pinned = ConfirmedCertificate("H99", other.sha256, SignerRole.ORGANISATION, "", "chị An", NOW)
    assert told(sealing(other, directory=Directory((), (pinned,)))) == []
    strange = replace(pinned, unit="H2")
    assert told(sealing(other, directory=Directory((), (strange,))))[0][0] is Weight.WARNING


def test_a_key_that_others_can_read_is_an_error(sealing, pki):
    snapshot = sealing(pki.issue(NAME))
    snapshot.notices.certificate.chmod(0o644)
    ((weight, what),) = told(snapshot)
    assert (weight, "others can read" in what) == (Weight.ERROR, True)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"password": "env:X"}, "belong to a certificate"),
        ({"timestamp": "http://tsa.example"}, "belong to a certificate"),
        ({"certificate": "x.p12", "pdf": False}, "pdf is false"),
        ({"certificate": "x.p12", "timestamp": "tsa.example"}, "http://"),
        ({"certificate": "x.p12", "password": "mat khau"}, "never the secret itself"),
    ],
)
def test_settings_that_contradict_each_other_are_named(tmp_path, table, words):
    with pytest.raises(ConfigurationError, match=words):
        settings(tmp_path, notices=table)


def test_the_rules_have_absolute_paths_and_the_sites_proxy(tmp_path):
    section = settings(tmp_path, notices={"certificate": "x.p12", "password": "file:x.secret"}).notices
    rules = section.rules(tmp_path, "http://proxy.example:3128")
    assert rules.certificate == (tmp_path / "x.p12").resolve()
    assert rules.password == SecretSource(SecretKind.FILE, str((tmp_path / "x.secret").resolve()))
    assert (rules.pdf, rules.proxy) == (True, "http://proxy.example:3128")
