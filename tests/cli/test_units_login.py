"""`vbdaemon units login`: a password is set, its hash alone is kept, for a login that an account has."""

import pytest

from vbdaemon.directory.logins import load_logins
from vbdaemon.errors import DirectoryError

pytestmark = pytest.mark.slow

ACCOUNT = """
[[unit.account]]
name = "Văn thư Phòng Nội vụ"
role = "clerk"
login = "vanthu.noivu"
"""


@pytest.fixture
def units(site):
    path = site.folder / "config" / "units.toml"
    path.write_text(path.read_text(encoding="utf-8") + ACCOUNT, encoding="utf-8")
    return site


def test_the_account_can_log_in_with_what_was_typed_and_the_file_holds_no_password(units):
    done = units.run("units", "login", "VanThu.NoiVu", input="mat-khau-thu-nghiem\n")
    assert done.exit_code == 0, done.output
    assert "Văn thư Phòng Nội vụ (clerk) of Phòng Nội vụ huyện Bến Lam" in done.output
    path = units.folder / "config" / "logins.toml"
    assert load_logins(path).verify("vanthu.noivu", "mat-khau-thu-nghiem")
    assert "mat-khau" not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0


def test_a_script_gives_the_password_on_standard_input(units):
    done = units.run("units", "login", "vanthu.noivu", "--stdin", input="mat-khau-tu-kich-ban\n")
    assert done.exit_code == 0, done.output
    assert "mat-khau" not in done.output


def test_a_login_that_no_account_has_gets_no_password(units):
    done = units.run("units", "login", "nguoi.la", "--stdin", input="mat-khau-thu-nghiem\n")
    assert isinstance(done.exception, DirectoryError)
    assert "units.toml" in str(done.exception)
