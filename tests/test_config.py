"""Settings: every mistake at once, each with file and key; paths from the settings' folder."""

from pathlib import Path

import pytest

from vbdaemon.config import Settings, load_settings
from vbdaemon.errors import ConfigurationError


def settings(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "config" / "vbdaemon.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def mistakes(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        settings(tmp_path, text)
    lines = str(raised.value).splitlines()
    assert all("vbdaemon.toml: " in line for line in lines)
    return [line.partition("vbdaemon.toml: ")[2] for line in lines]


def test_an_empty_file_is_a_usable_site(tmp_path):
    made = settings(tmp_path, "")
    assert made.path(made.spool.path) == tmp_path / "spool"
    assert made.path(made.directory.units) == tmp_path / "config" / "units.toml"
    assert made.state_url == f"sqlite:///{tmp_path / 'spool' / 'state.sqlite3'}"


def test_every_mistake_is_told_at_once_with_its_key(tmp_path):
    told = mistakes(
        tmp_path,
        """
        wrokers = 3
        [workers]
        decisions = -1
        memory_megabytes = "much"
        [exchange]
        sweep_second = 3
        quiet_seconds = -1
        [rules]
        refusals = "never"
        [[folder]]
        name = ""
        [register]
        numbering = "theirs"
        [log]
        level = "loud"
        """,
    )
    keys = [line.partition(": ")[0] for line in told]
    assert sorted(keys) == sorted(
        ["wrokers", "workers.decisions", "workers.memory_megabytes", "exchange.sweep_second", "exchange.quiet_seconds",
         "rules.refusals", "folder.0.name", "folder.0.path", "register.numbering", "log.level"]
    )  # fmt: skip
    assert "wrokers: unknown key; see config/README.md for the keys there are" in told


@pytest.mark.parametrize("line", ['enable = ["x"]', "limit = 3", 'folders = "../plugins"'])
def test_a_slip_in_the_plugins_section_is_not_taken_for_a_plugins_table(tmp_path, line):
    (told,) = mistakes(tmp_path, f"[plugins]\n{line}\n")
    assert line.partition(" ")[0] in told
    assert told.startswith("plugins")


def test_each_plugin_has_a_table_of_its_own(tmp_path):
    made = settings(
        tmp_path, '[plugins]\nenabled = ["size"]\n[plugins.size]\nmost = 3\n[plugins.mail]\npassword = "x"\n'
    )
    assert made.plugins.tables == {"size": {"most": 3}, "mail": {"password": "x"}}
    assert made.plugins.enabled == ("size",)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///../spool/s.sqlite3", "sqlite:///{tmp}/spool/s.sqlite3"),
        ("sqlite:////var/lib/s.sqlite3", "sqlite:////var/lib/s.sqlite3"),
        ("sqlite://", "sqlite://"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
    ],
)
def test_a_relative_database_lies_beside_the_settings(tmp_path, url, expected):
    assert settings(tmp_path, f'[state]\nurl = "{url}"\n').state_url == expected.format(tmp=tmp_path)


def test_settings_are_frozen(tmp_path):
    with pytest.raises(ValueError, match="frozen"):
        settings(tmp_path, "").spool.path = Path("elsewhere")


def test_a_missing_file_names_the_command_that_writes_one(tmp_path):
    with pytest.raises(ConfigurationError, match="vbdaemon init DIR"):
        load_settings(tmp_path / "absent.toml")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=str(tmp_path)):
        load_settings(tmp_path)


@pytest.mark.parametrize("body", [b"[office\n", b"name = \xff\n", b"a = 1\na = 2\n"])
def test_what_is_no_toml_is_named_with_its_place(tmp_path, body):
    (tmp_path / "v.toml").write_bytes(body)
    with pytest.raises(ConfigurationError, match=r"v\.toml: not TOML: "):
        load_settings(tmp_path / "v.toml")


def test_the_shipped_settings_load():
    load_settings(Path(__file__).parents[1] / "config" / "vbdaemon.toml")
