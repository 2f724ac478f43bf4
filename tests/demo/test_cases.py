import hashlib
import tomllib

import pytest

from vbdaemon.config import load_settings
from vbdaemon.demo.cases import CASES
from vbdaemon.demo.site import write_site
from vbdaemon.model import AccountRole, VerdictKind
from vbdaemon.rules.loader import load_policy
from vbdaemon.snapshot import build_snapshot

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(agency, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, build_snapshot(load_settings(write_site(agency, folder)))


def test_every_case_has_a_name_of_its_own():
    assert len({case.name for case in CASES}) == len(CASES)


def test_all_four_verdicts_are_shown():
    assert {case.expected.verdict for case in CASES} == set(VerdictKind)


def test_every_expected_code_is_one_of_the_policy():
    known = load_policy().by_code
    for case in CASES:
        assert case.expected.codes <= known.keys()


def test_every_drop_folder_exists_and_the_guests_is_bound_to_no_unit(site):
    folder, snapshot = site
    bound = {
        f"{unit.folder}/{account.drop}" for unit in snapshot.directory.units for account in unit.accounts if unit.folder
    }
    for case in CASES:
        assert (folder / "exchange" / case.drop).is_dir()
        assert (case.drop in bound) is (case.name != "guest")


def test_drafts_come_from_the_folders_of_a_specialist_and_of_a_leader(site):
    _, snapshot = site
    roles = {
        f"{unit.folder}/{account.drop}": account.role for unit in snapshot.directory.units for account in unit.accounts
    }
    drops = {case.name: case.drop for case in CASES}
    assert roles[drops["draft-of-specialist"]] is AccountRole.SPECIALIST
    assert roles[drops["draft-of-leader"]] is AccountRole.LEADER


def test_six_units_beside_the_committee_and_its_office_are_served(site):
    _, snapshot = site
    assert sum(unit.served for unit in snapshot.directory.units) == 6 + 2


def test_the_site_trusts_its_own_authority_and_confirms_no_certificate(site):
    folder, snapshot = site
    assert not snapshot.directory.certificates
    assert {path.suffix for path in (folder / "config" / "trust").iterdir()} == {".pem", ".crl"}
    assert tomllib.loads((folder / "config" / "vbdaemon.toml").read_text("utf-8"))["workers"] == {"decisions": 2}


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.name in ("letter", "scan", "draft-of-specialist")],
    ids=lambda case: case.name,
)
def test_the_files_of_a_case_have_names_and_bytes_of_their_own(case, agency):
    files = case.files(agency)
    assert len({file.name for file in files}) == len(files)
    assert len({hashlib.sha256(file.body).hexdigest() for file in files}) == len(files)
    assert files[0].name.endswith(".pdf")
    assert all(file.body for file in files)
