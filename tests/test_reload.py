"""Settings read again: what changes while the daemon runs, what needs a restart, and how a mistake ends."""

from types import SimpleNamespace

import pytest

from vbdaemon.basis import Basis, Evidence
from vbdaemon.config import Settings, parse_settings
from vbdaemon.daemon import Daemon
from vbdaemon.errors import ConfigurationError, PluginError
from vbdaemon.reload import FIXED, REFUSED, TAKEN, Change
from vbdaemon.rounds.reload import Reload

LIVE = {
    "office",
    "directory",
    "trust",
    "rules",
    "notices",
    "exchange",
    "folder",
    "forwarding",
    "register",
    "plugins",
    "log",
    "limits",
    "mail",
    "smtp",
    "imap",
    "smarthost",
    "paper",
    "promise",
    "alarms",
    "scoring",
    "reports",
}
"""Sections that are in force as soon as they were read again; who adds one says here or in FIXED which it is."""


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "units.toml").write_text("")
    return lambda **tables: parse_settings(tables, tmp_path / "config" / "vbdaemon.toml")


def test_every_section_says_whether_it_changes_while_the_daemon_runs():
    titles = {field.alias or name for name, field in Settings.model_fields.items()} - {"base"}
    assert titles == LIVE | {key for key in FIXED if "." not in key}


@pytest.mark.parametrize(
    ("table", "keys", "fixed"),
    [
        ({}, (), ()),
        ({"office": {"name": "Văn phòng"}}, ("office.name",), ()),
        ({"plugins": {"enabled": ["dem"]}}, ("plugins",), ()),
        ({"register": {"numbering": "off"}}, ("register.numbering",), ()),
        ({"folder": [{"name": "quet", "path": "quet"}]}, ("folder",), ()),
        ({"smarthost": {"host": "mail.example", "sender": "a@b.example"}}, ("smarthost",), ()),
        ({"spool": {"path": "elsewhere"}}, ("spool.path",), ("spool.path",)),
        ({"workers": {"decisions": 3}}, ("workers.decisions",), ("workers.decisions",)),
        ({"exchange": {"root": "r", "inbox": "den"}}, ("exchange.root", "exchange.inbox"), ("exchange.root",)),
    ],
)
def test_what_changed_is_named_by_key_and_what_needs_a_restart_apart(settings, table, keys, fixed):
    change = Change.between(settings(), settings(**table))
    assert (change.keys, change.fixed) == (keys, fixed)


def test_a_change_that_needs_a_restart_is_refused_with_its_keys_and_the_remedy(settings):
    change = Change.between(settings(), settings(state={"url": "sqlite:///x"}, disk={"low_water_megabytes": 1}))
    with pytest.raises(ConfigurationError, match=r"state\.url, disk\.low_water_megabytes cannot change.*restart"):
        change.require_live()


class Site:
    """Stands for the daemon."""

    def __init__(self, settings):
        self.settings = settings
        self.read = settings
        self.trouble = None
        self.told = []
        self.reload = Reload(
            self.reread,
            lambda: self.settings,
            self.adopt,
            lambda: self.told.append("reloading"),
            self.told.append,
            lambda kind, words: self.told.append((kind, words)),
        )

    def reread(self):
        if isinstance(self.read, Exception):
            raise self.read
        return self.read

    def adopt(self, basis):
        if self.trouble:
            raise self.trouble
        self.settings = basis.settings

    def ask(self):
        self.told.clear()
        self.reload.ask()
        self.reload.tick()
        return self.told


def test_nothing_is_read_until_somebody_asks_and_once_for_each_asking(settings):
    site = Site(settings())
    site.reload.tick()
    assert site.told == []
    assert site.ask() == ["reloading", "takes documents in", (TAKEN, "nothing in the settings file")]
    site.reload.tick()
    assert len(site.told) == 3


def test_new_settings_are_taken_up_and_told(settings):
    site = Site(settings())
    site.read = settings(office={"name": "Mới"})
    assert site.ask()[-1] == (TAKEN, "office.name")
    assert site.settings.office.name == "Mới"


@pytest.mark.parametrize(
    ("read", "trouble", "words"),
    [
        (ConfigurationError("a.toml: x: wrong\na.toml: y: wrong"), None, "a.toml: x: wrong; a.toml: y: wrong"),
        (None, PluginError("plugin 'dem': no hook in it"), "plugin 'dem': no hook in it"),
    ],
)
def test_a_mistake_keeps_the_former_settings_and_is_said_in_one_line(settings, read, trouble, words):
    site = Site(before := settings())
    site.read, site.trouble = read or settings(office={"name": "Mới"}), trouble
    assert site.ask() == ["reloading", f"{REFUSED}: {words}", (REFUSED, words)]
    assert site.settings is before


def test_what_was_off_stays_off_when_a_port_cannot_be_opened(settings):
    """A guard that takes new settings up forgives plugins that were changed, in the state as well."""

    def change(*_):
        raise ConfigurationError("the port is taken")

    taken = []
    daemon = Daemon(settings())
    daemon._engine = SimpleNamespace(trial=lambda *_: None, guard=SimpleNamespace(take=lambda *_: taken.append(1)))
    daemon._sources = SimpleNamespace(change=change)
    with pytest.raises(ConfigurationError, match="the port is taken"):
        daemon._adopt(Basis.of(settings(office={"name": "Mới"})))
    assert not taken
    assert daemon._settings == settings()


def test_files_that_cannot_be_used_are_looked_at_once_and_taken_up_when_they_are_mended(settings, tmp_path):
    units = tmp_path / "config" / "units.toml"
    evidence = Evidence(Basis.of(settings()))
    assert evidence.look() is None
    units.write_text("no toml at all")
    assert evidence.look() is None
    units.write_text('[[unit]]\ncode = "H40.1"\nname = "Phòng Nội vụ"\n')
    basis = evidence.look()
    assert basis is not None
    assert [unit.code for unit in basis.snapshot.directory.units] == ["H40.1"]
    assert Evidence(basis).look() is None
