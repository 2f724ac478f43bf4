"""Eight real documents: held while their issuer's CA is unknown, re-opened when a person confirms the certificate."""

import tomllib
from pathlib import Path

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

SHARED = Path(__file__).parents[3] / "shared"
SAMPLES = (
    "bao-cao-23-2025-scan",
    "chi-thi-01-2021-scan-org-sha1",
    "chi-thi-07-2018-scan-incoming-stamp",
    "cong-van-299-2025-scan-hoa-toc",
    "cong-van-574-2025-scan",
    "quyet-dinh-47-2025-scan",
    "thong-bao-11-2025-digital-5-signatures",
    "thong-bao-542-2024-digital",
)
OF_THE_GAZETTE = "chi-thi-07-2018-scan-incoming-stamp"
COMMITTEE = "Ủy ban nhân dân tỉnh Quảng Ngãi"
UNITS = f"""
[[unit]]
code = "H48"
name = "{COMMITTEE}"
aliases = ["UBND tỉnh Quảng Ngãi"]
groups = ["tinh"]
folder = "ubnd-tinh"

[[unit]]
code = "H99.01"
name = "Văn phòng tiếp nhận thử nghiệm"
groups = ["van-phong"]
served = true
folder = "van-phong"
"""
ROUTES = '[[route]]\nto = ["H99.01"]\n'
DROP = "ubnd-tinh/gui"


def present():
    missing = [name for name in SAMPLES if not (SHARED / "samples" / f"{name}.pdf").exists()]
    return not missing and (SHARED / "trust").is_dir()


@pytest.fixture(scope="module")
def office(ocr, tmp_path_factory, station_in):
    if not present():
        pytest.skip("the real documents are not beside this checkout (../shared/samples)")
    station = station_in(tmp_path_factory.mktemp("samples") / "site")
    config = station.config.parent
    (config / "units.toml").write_text(UNITS, "utf-8")
    (config / "routes.toml").write_text(ROUTES, "utf-8")
    station.change("office", unit="H99.01")
    station.change("trust", folder=str(SHARED / "trust"))
    station.start()
    yield station
    station.kill()


@pytest.fixture(scope="module")
def first(office):
    """What the eight came to at first: by sample, what `show` tells."""
    hashes = {}
    for name in SAMPLES:
        body = (SHARED / "samples" / f"{name}.pdf").read_bytes()
        hashes[office.drop(DROP, f"{name}.pdf", body)] = name
    office.settled(len(SAMPLES), 180)
    ids = {hashes[sha]: row["id"] for row in office.answer("list") for sha in row["files"]}
    return {name: office.answer("show", ids[name]) for name in SAMPLES}


@pytest.fixture(scope="module")
def pinned(office, first):
    """The committee's certificates, confirmed one after the other."""
    certificates = {
        report["certificate"]: report
        for told in first.values()
        for document in told["documents"]
        for report in document["signatures"]
        if report["role"] == "organisation" and report["signer"].casefold() == COMMITTEE.casefold()
    }
    for sha256 in certificates:
        done = office.ask("units", "pin", "H48", sha256, "--by", "Người Xác Nhận")
        assert done.returncode == 0, done.stderr
    return certificates


@pytest.fixture(scope="module")
def later(office, first, pinned):
    """What they came to after that, without anybody asking for it."""
    expected = {first[name]["id"] for name in SAMPLES if name != OF_THE_GAZETTE}

    def reopened():
        states = office.states()
        return office.is_settled(len(SAMPLES)) and all(states[id_] != "HELD" for id_ in expected)

    office.until(reopened, "seven to be accepted", 120)
    return {name: office.answer("show", first[name]["id"]) for name in SAMPLES}


def codes(told, severity=None):
    return {
        finding["code"]
        for document in told["documents"]
        for finding in document["findings"]
        if severity in (None, finding["severity"])
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_each_is_held_at_first_and_names_the_missing_issuer_and_where_to_get_it(first, name):
    told = first[name]
    assert told["state"] == "HELD"
    untrusted = [f for d in told["documents"] for f in d["findings"] if f["code"] == "certificate-untrusted"]
    assert untrusted
    missing = {r["missing_issuer"]: r["missing_issuer_urls"] for d in told["documents"] for r in d["signatures"]}
    missing.pop(None, None)  # that one's chain is complete
    assert missing
    for issuer, urls in missing.items():
        assert any(url.startswith("http") for url in urls)
        assert any(issuer in f["message"] and urls[0] in f["message"] for f in untrusted)


def test_nothing_was_forwarded_before(first, office):
    assert all(d["kind"] != "forward" for told in first.values() for d in told["deliveries"])


def test_the_committee_uses_certificates_that_a_person_can_confirm(pinned):
    assert pinned
    assert all(len(sha256) == 64 for sha256 in pinned)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != OF_THE_GAZETTE])
def test_seven_are_accepted_by_themselves_and_forwarded_with_their_exact_bytes(later, office, name):
    told = later[name]
    assert told["state"] == "ACCEPTED", codes(told)
    (forward,) = [d for d in told["deliveries"] if d["kind"] == "forward"]
    assert forward["state"] == "DELIVERED"
    placed = office.exchange / forward["to"] / forward["name"] / f"{name}.pdf"
    assert placed.read_bytes() == (SHARED / "samples" / f"{name}.pdf").read_bytes()


def test_the_one_that_the_gazette_alone_signed_stays_held(later):
    told = later[OF_THE_GAZETTE]
    assert told["state"] == "HELD"
    assert "signer-not-issuer" in {code for d in told["documents"] for code in d["reasons"]}


def test_each_has_one_register_number_and_none_is_left_out(later, office):
    numbers = sorted(number for (number,) in office.rows("SELECT register_number FROM documents WHERE accepted"))
    assert numbers == list(range(1, 8))


def test_who_confirmed_which_certificate_is_written_down(pinned, office):
    kept = tomllib.loads((office.config.parent / "certificates.toml").read_text("utf-8"))["certificate"]
    assert {entry["sha256"] for entry in kept} == set(pinned)
    assert {entry["confirmed_by"] for entry in kept} == {"Người Xác Nhận"}


def test_the_daemon_saw_no_error(later, office):
    assert office.alive
    said = office.said().decode()
    assert "Traceback" not in said
    assert '"level": "error"' not in said
