"""`vbdaemon plugin enable|disable`: one name more or less in the settings, and nothing else is touched."""

import subprocess
import sys
import tomllib

import pytest

from vbdaemon.errors import ConfigurationError, PluginError
from vbdaemon.operation.plugin_draft import draft
from vbdaemon.operation.plugin_switch import with_disabled, with_enabled

ADDED = [
    ("", '\n[plugins]\nenabled = ["x"]\n'),
    ('[log]\nlevel = "info"', '[log]\nlevel = "info"\n\n[plugins]\nenabled = ["x"]\n'),
    ("[plugins]", '[plugins]\nenabled = ["x"]\n'),
    ('[plugins] # mine\nfolder = "p"\n', '[plugins] # mine\nenabled = ["x"]\nfolder = "p"\n'),
    ("[plugins]\nenabled = []   # top first\n", '[plugins]\nenabled = ["x"]   # top first\n'),
    ("[plugins]\nenabled = ['a',\"b\"] # [c]\n", '[plugins]\nenabled = [\'a\',"b", "x"] # [c]\n'),
    ('[plugins]\nenabled = ["a", ]\n', '[plugins]\nenabled = ["a", "x", ]\n'),
    (
        '[plugins]\nenabled = [\n  "a", # first, "not x"\n  "b" # last\n]\n[log]\n',
        '[plugins]\nenabled = [\n  "a", # first, "not x"\n  "b", # last\n  "x",\n]\n[log]\n',
    ),
    ('[plugins]\nenabled = [\n  "a",\n]\n', '[plugins]\nenabled = [\n  "a",\n  "x",\n]\n'),
    ('[plugins]\nenabled = [\n  "a"]\n', '[plugins]\nenabled = [\n  "a",\n  "x"]\n'),
    (
        "[plugins]\nenabled = []\n\n#: [plugins.x]\n#: n = 1 # one\n\n#: [plugins.y]\n#: n = 2\n",
        '[plugins]\nenabled = ["x"]\n\n[plugins.x]\nn = 1 # one\n\n#: [plugins.y]\n#: n = 2\n',
    ),
    ("[plugins]\r\nenabled = []\r\n", '[plugins]\r\nenabled = ["x"]\r\n'),
]
REMOVED = [
    ('[plugins]\nenabled = ["x"]   # top first\n', "[plugins]\nenabled = []   # top first\n"),
    ('[plugins]\nenabled = ["x", "a"]\n', '[plugins]\nenabled = ["a"]\n'),
    ('[plugins]\nenabled = ["a", "x", "b"]\n', '[plugins]\nenabled = ["a", "b"]\n'),
    ('[plugins]\nenabled = ["a", "x"]\n', '[plugins]\nenabled = ["a"]\n'),
    (
        '[plugins]\nenabled = [\n  "a", # first\n  "x", # why x\n  "b",\n]\n',
        '[plugins]\nenabled = [\n  "a", # first\n  "b",\n]\n',
    ),
    ('[plugins]\nenabled = [\n  "a",\n  "x" # last\n]\n', '[plugins]\nenabled = [\n  "a",\n]\n'),
    (
        '[plugins]\nenabled = ["x"]\n\n[plugins.x]\n# mine\nn = 1\n[plugins.x.more]\nm = 2\n\n[plugins.xy]\nn = 3\n',
        """[plugins]\nenabled = []\n\n#: [plugins.x]\n# mine\n#: n = 1\n#: [plugins.x.more]\n#: m = 2\n
[plugins.xy]\nn = 3\n""",
    ),
]


@pytest.mark.parametrize(("before", "after"), ADDED)
def test_a_name_is_added_at_the_end_and_the_rest_stays_to_the_letter(before, after):
    assert with_enabled(before, "x") == after
    assert with_enabled(after, "x") == after


@pytest.mark.parametrize(("before", "after"), REMOVED)
def test_a_name_is_taken_out_and_the_rest_stays_to_the_letter(before, after):
    assert with_disabled(before, "x") == after
    assert tomllib.loads(with_enabled(after, "x"))["plugins"].get("x") == tomllib.loads(before)["plugins"].get("x")


@pytest.mark.parametrize(
    "text",
    [
        'plugins.enabled = ["a"]\n',
        'plugins = {enabled = ["a"]}\n',
        '[plugins]\nenabled = ["\\u0061"]\n',
        '[office]\nname = """\n[plugins]\n"""\n[plugins]\nenabled = ["a"]\n',
    ],
)
def test_what_stands_in_an_unusual_form_is_left_to_the_person(text):
    with pytest.raises(ConfigurationError, match="by hand"):
        with_enabled(text, "x")


def settings_of(site) -> str:
    return (site.folder / "config" / "vbdaemon.toml").read_text("utf-8")


def write_plugin(site, name: str, text: str) -> None:
    (site.folder / "plugins").mkdir(exist_ok=True)
    (site.folder / "plugins" / f"{name}.py").write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_a_plugin_is_switched_on_and_off_and_the_settings_are_as_before(site):
    before = settings_of(site)
    write_plugin(site, "x", draft("x", ("check",)).plugin)

    on = site.run("plugin", "enable", "x")
    assert on.exit_code == 0, on.exception
    assert "vbdaemon reload" in on.output
    assert tomllib.loads(settings_of(site))["plugins"]["enabled"] == ["x"]
    assert settings_of(site).startswith(before)
    assert "enabled already" in site.run("plugin", "enable", "x").output

    off = site.run("plugin", "disable", "x")
    assert "vbdaemon reload" in off.output
    assert tomllib.loads(settings_of(site))["plugins"]["enabled"] == []
    assert isinstance(site.run("plugin", "disable", "x").exception, PluginError)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["import nothing_of_this_name\n", "import os\nos._exit(3)\n"])
def test_what_does_not_load_is_not_switched_on(site, text):
    before = settings_of(site)
    write_plugin(site, "x", text)

    refused = site.run("plugin", "enable", "x")

    assert isinstance(refused.exception, PluginError)
    assert "x" in str(refused.exception)
    assert settings_of(site) == before
    assert sorted(path.name for path in (site.folder / "config").iterdir()) == ["trust", "units.toml", "vbdaemon.toml"]


@pytest.mark.parametrize("command", ["enable", "test"])
def test_a_plugin_that_is_not_there_is_told_with_those_that_are(site, command):
    write_plugin(site, "there", draft("there", ("check",)).plugin)

    refused = site.run("plugin", command, "gone")
    assert str(refused.exception) == f"there is no plugin 'gone' in {site.folder / 'plugins'}; those there are there"


AS_ANOTHER = """
import os, sys
from pathlib import Path
from vbdaemon.cli.plugin_switch import _change
from vbdaemon.operation.plugin_switch import with_enabled

os.setegid(65534)
os.seteuid(65534)
seen = []
_change(Path(sys.argv[1]), lambda text: with_enabled(text, "x"), lambda settings: seen.append(os.geteuid()))
print(*seen, os.geteuid(), os.getegid())
"""


@pytest.mark.slow
def test_root_writes_the_settings_though_its_commands_act_as_the_daemon_s_user(site, as_root):
    settings = site.folder / "config" / "vbdaemon.toml"
    settings.chmod(0o640)
    command = (sys.executable, "-c", AS_ANOTHER, str(settings))

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stdout == "65534 65534 65534\n", done.stderr
    assert (settings.stat().st_uid, settings.stat().st_mode & 0o777) == (0, 0o640)
    assert tomllib.loads(settings_of(site))["plugins"]["enabled"] == ["x"]
