"""Passwords of accounts: hashes in a file that nobody else reads."""

import re
import stat
import time

import pytest
from argon2 import PasswordHasher
from argon2.low_level import Type

from vbdaemon.directory.logins import load_logins, set_password, strangers
from vbdaemon.errors import ConfigurationError, DirectoryError
from vbdaemon.model import Account, AccountRole, Directory, Unit

DIRECTORY = Directory(
    (
        Unit(
            "H1",
            "Sở Một",
            accounts=(
                Account("H1/ld", AccountRole.LEADER, login="Lanhdao.Mot"),
                Account("H1/vt", AccountRole.CLERK, login="văn thư@sở-một"),
            ),
        ),
    )
)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def write(path, text: str, mode: int = 0o600):
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "logins.toml"


def test_a_password_that_was_set_opens_and_no_other_does(path):
    set_password(path, "Lanhdao.Mot", "một mật khẩu dài", DIRECTORY, QUICK)
    set_password(path, "văn thư@sở-một", "0123456789", DIRECTORY, QUICK)
    logins = load_logins(path)
    assert logins.verify("lanhdao.mot", "một mật khẩu dài")
    assert logins.verify("LANHDAO.MOT", "một mật khẩu dài")
    assert logins.verify("Văn Thư@Sở-Một", "0123456789")
    assert not logins.verify("lanhdao.mot", "0123456789")
    assert not logins.verify("nobody", "một mật khẩu dài")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "mật khẩu dài" not in path.read_text("utf-8")
    assert "argon2" not in repr(logins)
    assert not list(path.parent.glob(".*"))


def test_a_new_password_replaces_the_former_and_leaves_the_others(path):
    write(path, f'[password]\n"lanhdao.mot" = "{QUICK.hash("old")}"\n"left" = "{QUICK.hash("kept")}"\n')
    set_password(path, "lanhdao.mot", "the new password", DIRECTORY, QUICK)
    logins = load_logins(path)
    assert not logins.verify("lanhdao.mot", "old")
    assert logins.verify("lanhdao.mot", "the new password")
    assert logins.verify("left", "kept")
    assert strangers(logins, DIRECTORY) == ("left",)


def test_without_a_file_nobody_logs_in(path):
    assert len(load_logins(path)) == 0
    assert not load_logins(path).verify("lanhdao.mot", "x")


def test_an_unknown_name_takes_as_long_as_a_wrong_password(path):
    set_password(path, "lanhdao.mot", "một mật khẩu dài", DIRECTORY)
    logins = load_logins(path)
    took = {}
    for login in ("lanhdao.mot", "nobody"):
        began = time.thread_time()
        assert not logins.verify(login, "wrong")
        took[login] = time.thread_time() - began
    assert took["nobody"] > took["lanhdao.mot"] / 4


@pytest.mark.parametrize(
    ("login", "password", "words"),
    [
        (
            "nobody",
            "0123456789",
            "login 'nobody': no account has it; add login = \"nobody\" to an account in units.toml",
        ),
        ("lanhdao.mot", "short", "login 'lanhdao.mot': the password is too short; take at least 10 letters"),
    ],
)
def test_a_login_nobody_has_or_a_short_password_is_refused_in_words(path, login, password, words):
    with pytest.raises(DirectoryError, match=re.escape(words)):
        set_password(path, login, password, DIRECTORY)
    assert not path.exists()


OTHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.I).hash("x")


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ("[password]\n", 0o640, "others can read these password hashes; chmod 600"),
        ("[password\n", 0o600, "not TOML"),
        ("password = 1\n", 0o600, "password: not a table"),
        ("[passwords]\n", 0o600, "passwords: unknown key; the only table is [password]"),
        (
            '[password]\na = "plain"\n',
            0o600,
            'password.a: not an argon2id hash; set it anew with "vbdaemon units login a"',
        ),
        (f'[password]\na = "{OTHER}"\n', 0o600, "password.a: not an argon2id hash"),
        ("[password]\na = 1\n", 0o600, "password.a: not a text"),
        (f'[password]\na = "{QUICK.hash("x")}"\nA = "{QUICK.hash("x")}"\n', 0o600, "a login stands twice"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_remedy(path, text, mode, words):
    with pytest.raises(ConfigurationError, match=re.escape(words)):
        load_logins(write(path, text, mode))
