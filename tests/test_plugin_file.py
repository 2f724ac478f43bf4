"""Where plugins come from: one file in the site's folder, or an installed package."""

import json
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from vbdaemon import plugin_file
from vbdaemon.errors import PluginError
from vbdaemon.plugin_file import bodies_in, found_in, load_site_plugin


@pytest.fixture(autouse=True)
def clean_modules():
    yield
    for name in [name for name in sys.modules if name.startswith("vbdaemon_site_plugin")]:
        del sys.modules[name]


def test_the_files_of_the_folder_are_found_whether_enabled_or_not(tmp_path: Path):
    for name in ("b.py", "a.py", "_hidden.py", "test_a.py", "README.md", "a.pyc"):
        (tmp_path / name).write_text("raise SystemExit\n")
    (tmp_path / "folder.d").mkdir()
    assert found_in(tmp_path) == ("a", "b")
    assert found_in(tmp_path / "absent") == ()
    assert found_in(None) == ()


def test_a_plugin_says_its_version_and_has_zero_without(tmp_path: Path):
    (tmp_path / "one.py").write_text("__version__ = '1.2'\n")
    (tmp_path / "two.py").write_text("")
    assert load_site_plugin(tmp_path, "one", {}).version == "1.2"
    assert load_site_plugin(tmp_path, "two", {}).version == "0"


def test_a_plugins_dataclasses_and_pickles_find_their_module(tmp_path: Path):
    (tmp_path / "own.py").write_text(
        "from __future__ import annotations\nfrom dataclasses import dataclass\nimport pickle\n"
        "@dataclass\nclass Seen:\n    words: str\nassert pickle.loads(pickle.dumps(Seen('x'))) == Seen('x')\n"
    )
    assert load_site_plugin(tmp_path, "own", {}).implementation.Seen("x").words == "x"


def test_a_plugins_name_hides_no_module_of_python(tmp_path: Path):
    (tmp_path / "json.py").write_text("mine = True\n")
    assert load_site_plugin(tmp_path, "json", {}).implementation.mine
    assert sys.modules["json"] is json


def test_a_plugin_without_settings_of_its_own_gets_the_bare_table(tmp_path: Path):
    (tmp_path / "bare.py").write_text("def plugin(settings):\n    return settings\n")
    assert load_site_plugin(tmp_path, "bare", {"most": 3}).implementation == {"most": 3}


def test_an_installed_package_offers_a_plugin_by_entry_point(tmp_path: Path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "installed_stamp_plugin.py").write_text("__version__ = '3'\n")
    offered = EntryPoint("stamp", "installed_stamp_plugin", plugin_file.ENTRY_POINTS)
    monkeypatch.setattr(plugin_file, "entry_points", lambda group: [offered] if group == "vbdaemon" else [])
    assert load_site_plugin(tmp_path / "plugins", "stamp", {}).version == "3"
    assert load_site_plugin(None, "stamp", {}).version == "3"
    del sys.modules["installed_stamp_plugin"]


def test_an_entry_point_that_is_no_module_or_cannot_be_loaded_is_named(monkeypatch):
    for value in ("no_such_package_here", "pathlib:Path"):
        offered = EntryPoint("stamp", value, "vbdaemon")
        monkeypatch.setattr(plugin_file, "entry_points", lambda group, offered=offered: [offered])
        with pytest.raises(PluginError, match="'stamp'"):
            load_site_plugin(None, "stamp", {})


def test_a_file_that_was_read_before_is_loaded_as_it_was(tmp_path):
    (tmp_path / "one.py").write_text('__version__ = "1"')
    bodies = bodies_in(tmp_path, ("one", "missing"))
    (tmp_path / "one.py").write_text("half edi")
    assert set(bodies) == {"one"}
    assert load_site_plugin(tmp_path, "one", {}, bodies["one"]).version == "1"
    (tmp_path / "one.py").write_text('__version__ = "2"')
    assert load_site_plugin(tmp_path, "one", {}).version == "2"
